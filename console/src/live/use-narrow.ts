import { useSyncExternalStore } from 'react';

const query = matchMedia('(max-width: 719px)');

/** Whether the window has the width of a phone, where an entry takes two lines. */
export function useNarrow(): boolean {
  return useSyncExternalStore(
    (listener) => {
      query.addEventListener('change', listener);
      return () => query.removeEventListener('change', listener);
    },
    () => query.matches,
  );
}
