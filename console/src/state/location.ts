import { useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();
const notify = (): void => {
  for (const listener of listeners) listener();
};
addEventListener('popstate', notify);

/** The path and query string of the address. */
export function useLocation(): { readonly path: string; readonly search: URLSearchParams } {
  const href = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => location.pathname + location.search,
  );
  const url = new URL(href, location.origin);
  return { path: url.pathname, search: url.searchParams };
}

/**
 * Changes the address without loading a page.
 * @param how `push` makes an entry in the browser's history; `replace` does not, for changes that are not a step
 * @param state of that entry in the browser's history
 */
export function navigate(href: string, how: 'push' | 'replace' = 'push', state: object | null = null): void {
  if (href === location.pathname + location.search) return;
  if (how === 'push') history.pushState(state, '', href);
  else history.replaceState(state, '', href);
  notify();
}
