import { useIsNarrow } from '../design/media';

/** The pixels of a row and of the column names, as entry-row.css has them. */
export function useRowHeight(): { readonly row: number; readonly columns: number } {
  return useIsNarrow() ? narrowHeights : wideHeights;
}

const narrowHeights = { row: 56, columns: 0 };
const wideHeights = { row: 32, columns: 32 };
