import { useSyncExternalStore } from 'react';

const narrow = matchMedia('(max-width: 719px)');

/** Whether the window has the width of a phone; the style sheets of the lists have the same width. */
export function useIsNarrow(): boolean {
  return useMedia(narrow);
}

/** Whether a media query matches now. */
export function useMedia(query: MediaQueryList): boolean {
  return useSyncExternalStore(
    (listener) => {
      query.addEventListener('change', listener);
      return () => query.removeEventListener('change', listener);
    },
    () => query.matches,
  );
}

/** Whether the tab is in view. */
export function useIsVisible(): boolean {
  return useSyncExternalStore(
    (listener) => {
      document.addEventListener('visibilitychange', listener);
      return () => document.removeEventListener('visibilitychange', listener);
    },
    () => document.visibilityState === 'visible',
  );
}
