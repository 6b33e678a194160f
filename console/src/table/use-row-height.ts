import { useSyncExternalStore } from 'react';

const narrow = matchMedia('(max-width: 719px)');

/** The pixels of a row and of the column names, as entry-row.css has them. */
export function useRowHeight(): { readonly row: number; readonly columns: number } {
  const isNarrow = useSyncExternalStore(
    (listener) => {
      narrow.addEventListener('change', listener);
      return () => narrow.removeEventListener('change', listener);
    },
    () => narrow.matches,
  );
  return isNarrow ? narrowHeights : wideHeights;
}

const narrowHeights = { row: 56, columns: 0 };
const wideHeights = { row: 32, columns: 32 };
