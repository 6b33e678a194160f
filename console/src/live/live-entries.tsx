import type { EntryListProps } from '../api/entry';

/** A placeholder. */
export function LiveEntries(_: EntryListProps) {
  return null;
}
