import { QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError } from './api-error';
import { onAccessKey } from './key';

/** A longer wait is left to the reader, who sees the error meanwhile. */
const maxRetryAfterMs = 30_000;

/** Answers are kept for each operation and its variables: see `useQuery` of TanStack Query. */
export const queries: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: (error, { queryKey }) => askWho(error, queryKey[0]) }),
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      refetchOnWindowFocus: false,
      networkMode: 'always',
      retry: (failures, error) =>
        failures < 3 &&
        error instanceof ApiError &&
        error.isRetryable &&
        (error.retryAfterMs ?? 0) <= maxRetryAfterMs,
      retryDelay: (failures, error) =>
        (error instanceof ApiError ? error.retryAfterMs : undefined) ?? 500 * 2 ** failures,
    },
  },
});

/**
 * A key was revoked: asking again who is signed in leads to the page that asks for a key. A question that was refused
 * or has no answer yet is left alone: that page would be shown anew, without the text typed into it.
 */
function askWho(error: unknown, question: unknown): void {
  const isRefused = error instanceof ApiError && error.code === 'UNAUTHENTICATED';
  if (!isRefused || question === 'viewer') return;
  void queries.invalidateQueries({
    queryKey: ['viewer'],
    predicate: ({ state }) => state.status === 'success',
  });
}

// Another key may read other entries.
onAccessKey(() => queries.clear());
