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

type Columns = Omit<LogEntry, 'properties'>;

/**
 * An entry that was just committed, for all subscribers. It keeps what it has read of the bytes, which it does not own. Its
 * properties are parsed for filters on them only.
 */
export class LiveEntry implements MatchedEntry {
  #columns: Columns | undefined;
  /** JSON by the columns that it shows. */
  readonly #texts = new Map<readonly EntryColumn[], string>();

  /**
   * @param objects has the entry as JSON, with {@link liveColumns}
   * @param start where the entry begins
   * @param end where it ends
   */
  constructor(
    readonly position: Position,
    private readonly objects: Buffer,
    readonly start: number,
    readonly end: number,
  ) {}

  get userId(): string {
    return this.#readColumns().userId;
  }

  get sessionId(): string {
    return this.#readColumns().sessionId;
  }

  get type(): string {
    return this.#readColumns().type;
  }

  instant(): Instant {
    return parseInstant(this.#readColumns().time)!;
  }

  properties(): unknown {
    return JSON.parse(this.#readProperties());
  }

  /** The entry as JSON. Subscribers with equal columns, which are one object, share the text. */
  show(columns: readonly EntryColumn[]): string {
    let text = this.#texts.get(columns);
    if (text === undefined) {
      const members = columns.map((column) => `"${column.key}":${this.#valueOf(column)}`);
      text = `{${members.join(',')}}`;
      this.#texts.set(columns, text);
    }
    return text;
  }

  #valueOf(column: EntryColumn): string {
    if ('constant' in column) return JSON.stringify(column.constant);
    const { field } = column;
    return field === 'properties' ? this.#readProperties() : JSON.stringify(this.#readColumns()[field]);
  }

  #readColumns(): Columns {
    return (this.#columns ??= JSON.parse(
      `${this.objects.toString('utf8', this.start, this.#columnsEnd())}}`,
    ) as Columns);
  }

  #readProperties(): string {
    return this.objects.toString('utf8', this.#columnsEnd() + propertiesKey.length, this.end - 1);
  }

  #columnsEnd(): number {
    return this.objects.indexOf(propertiesKey, this.start);
  }
}
