import type { PropertyCondition } from '../logs/filtering/property-filter';
import type { Instant } from '../logs/model/instant';
import type { EntryColumn } from '../logs/model/log-entry';

/** A bound value: text, or on PostgreSQL also a list of texts. */
export type Value = string | readonly string[];

/** Binds a value and returns its placeholder, which has the type text. */
export type Bind = (value: Value) => string;

/** SQL of the n-th bound value, counted from 1. */
export type Placeholder = (at: number) => string;

/** A composed SELECT statement; its columns are texts, integers and blobs. */
export interface Select {
  readonly sql: string;
  readonly values: readonly Value[];
  /** Bounded: reads at most a page, by an index. Expensive: may read every entry; few run at a time. */
  readonly readClass: 'bounded' | 'expensive';
  readonly largeText?: LargeText | undefined;
  /** Whether an object is made of each of many values. PostgreSQL executes one such statement at a time. */
  readonly hasManyValues?: boolean;
}

/** A text that may be large, in the one row of a statement. See {@link Dialect.joinLarge}. */
export interface LargeText {
  /** The name of the column. */
  readonly name: string;
  readonly separator: string;
  /** The names of the other columns. */
  readonly others: readonly string[];
  /** PostgreSQL: the index of the value that bounds its bytes. */
  readonly maxBytesAt: number;
}

/** Rows in the order of an index. */
export interface OrderedRows {
  /** SQL of the select list, and the table. */
  readonly columns: string;
  readonly table: string;
  readonly conditions: readonly string[];
  /** A column with several values: an index holds the rows of each value in order. The results are merged. */
  readonly merged: { readonly column: string; readonly values: readonly string[] } | undefined;
  /** Columns, all of them ascending or all descending. */
  readonly orderBy: readonly string[];
  readonly direction: 'ASC' | 'DESC';
  /** Not bound: SQLite plans with the value, and would prepare the statement again at each execution. */
  readonly limit: number;
}

/** The differences between SQLite and PostgreSQL. Members return SQL unless they say otherwise. */
export interface Dialect {
  readonly placeholder: Placeholder;
  /** Whether an index has the sessions of a user in order. */
  readonly indexesUserSessions: boolean;
  /** A bound instant. */
  instant(bind: Bind, instant: Instant): string;
  /** A time as an integer of microseconds. */
  micros(time: string): string;
  /** True if the column has one of the values. */
  isOneOf(bind: Bind, column: string, values: readonly string[]): string;
  /** The column without its indexes, where a better index exists. */
  withoutIndex(column: string): string;
  /** True if a property of the entry meets the condition. */
  property(bind: Bind, condition: PropertyCondition): string;
  /** The property divided by a positive number, rounded down; null if it is not a number. */
  cellOf(bind: Bind, key: string, divisor: number): string;
  /** At most `limit` rows in order; its time depends on `limit`, not on the number of matching rows. */
  ordered(bind: Bind, rows: OrderedRows): string;
  /** An entry as a JSON object. */
  renderEntry(columns: readonly EntryColumn[]): string;
  /** An entry as a line of CSV. */
  renderCsv(hasFormulas: boolean): string;
  /** A statement with one row: `id`, see `findNewestId`. */
  readonly newestId: string;
  /**
   * An aggregate: the texts of all rows with a separator between; a blob on SQLite, text on PostgreSQL.
   */
  join(text: string, separator: string): string;
  /**
   * Select list with the texts of all rows as in {@link Dialect.join}. On PostgreSQL also with its `bytes`, and the text
   * is null if it exceeds a bound; on SQLite, the statement fails then.
   * @param bindMaxBytes binds the bound
   * @param condition if false, the text and its bytes are null
   */
  joinLarge(
    text: string,
    { name, separator }: Pick<LargeText, 'name' | 'separator'>,
    bindMaxBytes: () => string,
    condition?: string,
  ): string;
  /**
   * Rows `(bucket, [key,] count)` of the entries in each bucket.
   * @param bounds the start of each bucket, and the end of the last one
   * @param conditions all conditions but those on time
   * @param key the column to group by
   */
  countByBucket(
    bind: Bind,
    bounds: readonly Instant[],
    conditions: readonly string[],
    key: string | undefined,
  ): string;
}
