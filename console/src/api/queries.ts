import { QueryClient } from '@tanstack/react-query';
import { ApiError } from './api-error';
import { onAccessKey } from './key';

/** Answers are kept for each operation and its variables: see `useQuery` of TanStack Query. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      refetchOnWindowFocus: false,
      networkMode: 'always',
      retry: (failures, error) => failures < 3 && error instanceof ApiError && error.isRetryable,
      retryDelay: (failures, error) =>
        (error instanceof ApiError ? error.retryAfterMs : undefined) ?? 500 * 2 ** failures,
    },
  },
});

// Another key may read other entries.
onAccessKey(() => queries.clear());
