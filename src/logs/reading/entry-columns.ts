import { entryFields, type EntryColumn } from '../model/log-entry';

/** A store recognizes columns that it has seen by their identity. */
const known = new Map<string, readonly EntryColumn[]>();

/** The columns that show fields under their own names, in one order, whatever other names are among them. */
export function columnsOf(names: Iterable<string>): readonly EntryColumn[] {
  const wanted = new Set(names);
  const fields = entryFields.filter((field) => wanted.has(field));
  const key = fields.join();
  const columns = known.get(key) ?? fields.map((field) => ({ key: field, field }));
  known.set(key, columns);
  return columns;
}
