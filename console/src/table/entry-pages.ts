import type { Entry } from '../api/entry';
import type { LogFilter, LogOrder } from '../gql/graphql';
import { toRfc3339 } from '../time/rfc3339';
import { EntryRun, type EntryPage } from './entry-run';

/** Reads a page of `logsConnection`. */
export type ReadEntries = (
  query: { readonly filter: LogFilter; readonly order: LogOrder; readonly after: string | null },
  signal: AbortSignal,
) => Promise<EntryPage>;

/**
 * The entries that match a filter, newest first, around a place: row 0 is the newest one at that time or before, and the
 * rows before it are negative. Without a place, row 0 is the newest of all.
 */
export class EntryPages {
  /** From row 0 on. */
  readonly older: EntryRun;
  /** From row -1 up: absent without a place. */
  readonly newer: EntryRun | undefined;
  #version = 0;
  #listeners = new Set<() => void>();
  #abort = new AbortController();

  constructor(filter: LogFilter, at: string | undefined, read: ReadEntries) {
    const run = (part: LogFilter, order: LogOrder): EntryRun =>
      new EntryRun(
        (after) => read({ filter: part, order, after }, this.#abort.signal),
        () => this.#changed(),
      );
    const split = at !== undefined && isInside(at, filter) ? nextMicrosecond(at) : undefined;
    this.older = run(split === undefined ? filter : { ...filter, endTime: split }, 'TIME_DESC');
    this.newer = split === undefined ? undefined : run({ ...filter, startTime: split }, 'TIME_ASC');
  }

  get error(): unknown {
    return this.older.error ?? this.newer?.error;
  }

  /** Whether the row before the first one read is the newest of all. */
  get isNewestRead(): boolean {
    return this.newer?.isComplete ?? true;
  }

  get isEmpty(): boolean {
    const { older, newer } = this;
    return older.isComplete && older.count === 0 && this.isNewestRead && (newer?.count ?? 0) === 0;
  }

  /** The first row read. */
  get firstRow(): number {
    return -(this.newer?.count ?? 0) || 0;
  }

  /** The row after the last one read. */
  get endRow(): number {
    return this.older.count;
  }

  at(row: number): Entry | undefined {
    return row < 0 ? this.newer?.at(-1 - row) : this.older.at(row);
  }

  /** Reads the rows in view, from one to before another, and some around them. */
  show(from: number, to: number): void {
    this.older.show(Math.max(0, from), Math.max(0, to));
    this.newer?.show(Math.max(0, -to), Math.max(0, -from));
  }

  retry(): void {
    this.older.retry();
    this.newer?.retry();
    this.#changed();
  }

  /** Starts reading; returns what ends it. */
  open(): () => void {
    this.#abort = new AbortController();
    for (const run of [this.older, this.newer]) run?.open();
    return () => {
      for (const run of [this.older, this.newer]) run?.close();
      this.#abort.abort();
    };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Changes with what is read. */
  readonly getVersion = (): number => this.#version;

  #changed(): void {
    this.#version++;
    for (const listener of this.#listeners) listener();
  }
}

function isInside(time: string, { startTime, endTime }: LogFilter): boolean {
  const ms = Date.parse(time);
  return (!startTime || ms >= Date.parse(startTime)) && (!endTime || ms < Date.parse(endTime));
}

/** @param time as the server writes it: in UTC, with 3 or 6 digits of a second */
export function nextMicrosecond(time: string): string {
  const micros = Number(time.slice(20, -1).padEnd(6, '0')) + 1;
  if (micros === 1_000_000) return toRfc3339(Date.parse(`${time.slice(0, 19)}Z`) + 1_000);
  return `${time.slice(0, 20)}${String(micros).padStart(6, '0')}Z`;
}
