import { useSyncExternalStore } from 'react';
import { ApiError } from './api-error';
import { queries } from './queries';
import { isAlive } from './request';

/** Milliseconds between two looks for a server that does not answer. */
const probeMs = 2_000;
const listeners = new Set<() => void>();
let isReachable = true;

/** Whether the server answered the last request. While it does not, it is asked again and again. */
export function useReachable(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => isReachable,
  );
}

/** Watches all queries from now on. When the server answers again, queries that failed are sent again. */
export function watchReachability(): void {
  queries.getQueryCache().subscribe(({ type, query }) => {
    if (type !== 'updated') return;
    const error: unknown = query.state.error ?? query.state.fetchFailureReason;
    if (error instanceof ApiError && error.code === 'OFFLINE') lose();
  });
  addEventListener('offline', lose);
}

function lose(): void {
  if (!isReachable) return;
  set(false);
  void probe();
}

async function probe(): Promise<void> {
  while (!isReachable) {
    await new Promise((resolve) => setTimeout(resolve, probeMs));
    if (await isAlive()) set(true);
  }
  await queries.invalidateQueries({
    predicate: ({ state }) => state.status === 'error' || state.fetchFailureCount > 0,
  });
}

function set(value: boolean): void {
  isReachable = value;
  for (const listener of listeners) listener();
}
