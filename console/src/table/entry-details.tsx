import type { Entry } from '../api/entry';

/** A placeholder: the properties of an entry. The page gives it a region with a heading and a close button. */
export function EntryDetails({ entry }: { entry: Entry }) {
  return <pre>{JSON.stringify(entry.properties, null, 2)}</pre>;
}
