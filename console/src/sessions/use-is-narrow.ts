import { useSyncExternalStore } from 'react';

const narrow = matchMedia('(max-width: 719px)');

/** Whether the page is as narrow as on a phone; the same width as in the style sheets of this directory. */
export function useIsNarrow(): boolean {
  return useSyncExternalStore(
    (listener) => {
      narrow.addEventListener('change', listener);
      return () => narrow.removeEventListener('change', listener);
    },
    () => narrow.matches,
  );
}
