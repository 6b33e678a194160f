import type { Position } from '../change-store';
import { parseInstant, type Instant } from '../model/instant';
import { entryFields, type EntryColumn, type LogEntry } from '../model/log-entry';
import type { MatchedEntry } from './match-filter';

/** The columns of {@link LiveEntry}: all, the properties last. */
export const liveColumns: readonly EntryColumn[] = [
  ...entryFields.filter((field) => field !== 'properties'),
  'properties' as const,
].map((field) => ({ key: field, field }));

/** Ends the other columns: in JSON, quotes inside a string are escaped. */
const propertiesKey = ',"properties":';

/** Characters that an entry takes besides its texts. */
const baseLength = 500;

/** An entry that was just committed, for all subscribers. Its properties are parsed for filters on them only. */
export class LiveEntry implements MatchedEntry {
  readonly position: Position;
  readonly #columns: Omit<LogEntry, 'properties'>;
  readonly #properties: string;
  /** JSON by the columns that it shows. */
  readonly #texts = new Map<readonly EntryColumn[], string>();
  #length: number;

  /** @param text the entry as JSON, with {@link liveColumns} */
  constructor(position: Position, text: string) {
    const end = text.indexOf(propertiesKey);
    this.position = position;
    this.#columns = JSON.parse(`${text.slice(0, end)}}`) as Omit<LogEntry, 'properties'>;
    this.#properties = text.slice(end + propertiesKey.length, -1);
    this.#length = baseLength + text.length;
  }

  get userId(): string {
    return this.#columns.userId;
  }

  get sessionId(): string {
    return this.#columns.sessionId;
  }

  get type(): string {
    return this.#columns.type;
  }

  /** Characters that it takes in memory, with the texts of all columns that were asked for. */
  get length(): number {
    return this.#length;
  }

  instant(): Instant {
    return parseInstant(this.#columns.time)!;
  }

  properties(): unknown {
    return JSON.parse(this.#properties);
  }

  /** The entry as JSON. Subscribers with equal columns, which are one object, share the text. */
  show(columns: readonly EntryColumn[]): string {
    let text = this.#texts.get(columns);
    if (text === undefined) {
      const members = columns.map((column) => `"${column.key}":${this.#valueOf(column)}`);
      text = `{${members.join(',')}}`;
      this.#texts.set(columns, text);
      this.#length += text.length;
    }
    return text;
  }

  #valueOf(column: EntryColumn): string {
    if ('constant' in column) return JSON.stringify(column.constant);
    const { field } = column;
    return field === 'properties' ? this.#properties : JSON.stringify(this.#columns[field]);
  }
}
