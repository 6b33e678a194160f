import { entrySeparator } from '../log-entry-repository';
import { entryFields, type EntryColumn, type LogEntry } from '../model/log-entry';

/** Maximum columns that the database renders: SQL functions take 1,000 arguments, a column up to 6. */
const maxRenderedColumns = 100;

/** Columns of fields under their own names. Repositories recognize columns by identity. */
const fieldColumns = new Map<string, readonly EntryColumn[]>();

/**
 * The columns to read for lists that show the same entries.
 * @param shown the columns of each list; equal ones are one object
 * @returns the columns of the lists, if all are equal and none repeats a field: the JSON that the database
 *   renders is then the list. Otherwise every field that a list shows, once, for {@link writeEntry}
 */
export function columnsToRead(shown: readonly (readonly EntryColumn[])[]): readonly EntryColumn[] {
  const [first] = shown;
  if (first && shown.every((columns) => columns === first) && isRendered(first)) return first;
  const names = new Set(shown.flatMap(fieldsOf));
  const fields = entryFields.filter((field) => names.has(field));
  const key = fields.join();
  const columns = fieldColumns.get(key) ?? fields.map((field) => ({ key: field, field }));
  fieldColumns.set(key, columns);
  return columns;
}

/** Whether the database can render the columns, repeated fields too. */
export function canRender(columns: readonly EntryColumn[]): boolean {
  return columns.length <= maxRenderedColumns;
}

const rendered = new WeakMap<readonly EntryColumn[], boolean>();

function isRendered(columns: readonly EntryColumn[]): boolean {
  const known = rendered.get(columns);
  if (known !== undefined) return known;
  const fits = canRender(columns) && maxCopies(columns) === 1;
  rendered.set(columns, fits);
  return fits;
}

function fieldsOf(columns: readonly EntryColumn[]) {
  return columns.flatMap((column) => ('field' in column ? [column.field] : []));
}

/** Highest number of columns that show one field, at least 1: aliases enlarge an entry at most as much. */
export function maxCopies(columns: readonly EntryColumn[]): number {
  const counts = new Map<string, number>();
  for (const field of fieldsOf(columns)) counts.set(field, (counts.get(field) ?? 0) + 1);
  return Math.max(1, ...counts.values());
}

/** An entry as JSON. */
export function writeEntry(entry: Partial<LogEntry>, columns: readonly EntryColumn[]): string {
  const members = columns.map((column) => {
    const value = 'field' in column ? entry[column.field] : column.constant;
    return `"${column.key}":${JSON.stringify(value)}`;
  });
  return `{${members.join(',')}}`;
}

/** Entries with more bytes are not copied. */
const maxCopiedBytes = 4_096;

/** The entries of a text, one at a time: that of 10,000 entries takes long to divide. Large ones are views. */
export function* splitEntries(objects: string | Buffer): Generator<string | Buffer> {
  const bytes = typeof objects === 'string' ? Buffer.from(objects) : objects;
  for (let start = 0; start < bytes.length;) {
    const found = bytes.indexOf(entrySeparator, start);
    const end = found < 0 ? bytes.length : found;
    const isLarge = end - start > maxCopiedBytes;
    yield isLarge ? bytes.subarray(start, end) : bytes.toString('utf8', start, end);
    start = end + entrySeparator.length;
  }
}

/** Reads a part of {@link splitEntries}. */
export function parseEntry(text: string | Buffer): Partial<LogEntry> {
  return JSON.parse(typeof text === 'string' ? text : text.toString()) as Partial<LogEntry>;
}

/** The entries of a text, which show these columns. */
export function* showEntries(objects: string | Buffer, columns: readonly EntryColumn[]): Generator<string> {
  for (const text of splitEntries(objects)) yield writeEntry(parseEntry(text), columns);
}
