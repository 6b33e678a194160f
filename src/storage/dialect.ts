import type { Instant } from '../logs/model/instant';
import type { PropertyCondition } from '../logs/filtering/property-filter';
import type { EntryColumn } from '../logs/model/log-entry';

/** What a statement binds: text, or a list of texts. */
export type Value = string | readonly string[];

/** Binds a value, and gives back the SQL that stands for it, as text. */
export type Bind = (value: Value) => string;

/** A statement that selects rows, whose columns are texts and numbers. */
export interface Select {
  readonly sql: string;
  readonly values: readonly Value[];
}

/** Rows in an order that an index has. */
export interface OrderedRows {
  /** SQL of what is selected, and from which table. */
  readonly columns: string;
  readonly table: string;
  readonly conditions: readonly string[];
  /** A column with several values, for each of which an index has the rows in order, but not for all of them together. */
  readonly merged: { readonly column: string; readonly values: readonly string[] } | undefined;
  /** Columns; all ascending or all descending. */
  readonly orderBy: readonly string[];
  readonly direction: 'ASC' | 'DESC';
  readonly limit: number;
}

/** What SQLite and PostgreSQL write differently. Everything is SQL text unless it says otherwise. */
export interface Dialect {
  /** The n-th bound text, counted from 1. */
  placeholder(at: number): string;
  /** An instant that is bound. */
  instant(bind: Bind, instant: Instant): string;
  /** A point in time as an integer of microseconds. */
  micros(time: string): string;
  /** Whether the column has one of several values. */
  isOneOf(bind: Bind, column: string, values: readonly string[]): string;
  /** The column, such that no index on it is used: a better one is there. */
  withoutIndex(column: string): string;
  /** Whether the properties of an entry are like this. */
  property(bind: Bind, condition: PropertyCondition): string;
  /** A property divided by a positive number, as floating-point numbers are, and rounded down; null when it is no number. */
  cellOf(bind: Bind, key: string, divisor: number): string;
  /** At most `limit` rows in order, however many match. */
  ordered(bind: Bind, rows: OrderedRows): string;
  /** An entry as JSON. */
  renderEntry(columns: readonly EntryColumn[]): string;
  /** The texts of all rows, with the separator between, as bytes in SQLite and as text in PostgreSQL; '' without rows. */
  join(text: string, separator: string): string;
  /**
   * Rows `(bucket, [key,] count)` of the entries in each bucket.
   * @param bounds the first instants of the buckets, and the instant where the last one ends
   * @param conditions without those on time
   * @param key a column to group by, if any
   */
  countByBucket(
    bind: Bind,
    bounds: readonly Instant[],
    conditions: readonly string[],
    key: string | undefined,
  ): string;
}
