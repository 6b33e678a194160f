import type { LogFilter } from './filtering/log-filter';
import type { Instant } from './model/instant';
import type { EntryColumn } from './model/log-entry';
import type { QueryContext } from './model/read-context';

/**
 * A place in the order of commits; compared by `commit`, then by `id`. The order never changes, and whatever is
 * committed later comes later.
 */
export interface Position {
  /** PostgreSQL: a number that grows with the transaction's id. SQLite: 0. */
  readonly commit: number;
  /** SQLite: entries and erasures share one sequence of ids. PostgreSQL: the id of an entry within its commit. */
  readonly id: number;
}

/** Before every entry. */
export const startOfFeed: Position = { commit: 0, id: 0 };

/** Negative, 0 or positive, as for `Array.prototype.sort`. */
export function comparePositions(one: Position, other: Position): number {
  return one.commit - other.commit || one.id - other.id;
}

export interface ChangesQuery {
  readonly filter: LogFilter;
  /** Members of each entry's JSON object, in this order. */
  readonly columns: readonly EntryColumn[];
  /** The page starts after this position. */
  readonly after: Position;
  /** Maximum number of entries. */
  readonly first: number;
  /** Maximum bytes of the entries' JSON; one entry is returned even if it exceeds them. */
  readonly maxBytes: number;
}

/** A page of what was committed. */
export interface Changes {
  /** Identifies the database, and changes when it is restored: a cursor of another epoch must be refused. */
  readonly epoch: string;
  /** The entries as JSON objects with `entrySeparator` between, in UTF-8. */
  readonly objects: Buffer;
  /** The positions of the entries. */
  readonly positions: readonly Position[];
  /** What was erased on request after these entries, and before any entry that follows. A page ends at them. */
  readonly erasures: readonly ErasureNotice[];
  /** Where the next page starts; at least `after`, and beyond the last entry where others were looked at. */
  readonly end: Position;
  /** Whether more entries or erasures can be read already, perhaps none that match. */
  readonly hasMore: boolean;
  /** Whether the database has not given out positions up to `after` yet. */
  readonly isFuture: boolean;
}

/** A user, or a session of it, that was erased on request. */
export interface ErasureNotice {
  readonly userId: string;
  /** Undefined: all sessions of the user. */
  readonly sessionId: string | undefined;
  readonly erasedAt: Instant;
}

/** A notice whose entries may not be erased yet: the process that erased them may have ended. */
export interface UnfinishedErasure extends ErasureNotice {
  /** The entries before it are to be erased. */
  readonly position: Position;
}

/** The entries of a database in the order of their commits, and what was erased. Implemented once for each database. */
export interface ChangeStore {
  /** A page after a position. It looks at 50,000 entries at most. */
  find(query: ChangesQuery, context: QueryContext): Promise<Changes>;

  /** The epoch, and a position after everything that can be read now. */
  findEnd(context: QueryContext): Promise<Pick<Changes, 'epoch' | 'end'>>;

  /**
   * Calls a listener when there may be something new, at most every 25 ms, also for commits of other processes.
   * @returns ends the calls
   */
  watch(onChange: () => void): () => void;

  /**
   * Writes a notice in a commit of its own, and takes its position: entries that are committed later come after it.
   * Settles when every entry before it can be seen, and so be erased.
   * @throws {ServiceUnavailableError} if nothing was written and a retry may succeed
   */
  noteErasure(notice: ErasureNotice): Promise<Position>;

  /** Marks a notice as finished; without `isKept`, deletes it. */
  finishErasure(position: Position, isKept: boolean): Promise<void>;

  /** Notices written before a time that are not finished. */
  findUnfinished(before: Instant): Promise<readonly UnfinishedErasure[]>;

  /** Deletes at most `limit` finished notices written before a time. Returns the number of deleted notices. */
  forgetErasures(before: Instant, limit: number): Promise<number>;

  /** Gives the database a new epoch, and returns it: cursors handed out before are refused. */
  renewEpoch(): Promise<string>;

  /**
   * Seconds since which a transaction, perhaps of another program, has kept later commits out of the feed; 0 if none
   * does. Missing where that cannot happen.
   */
  readonly lagSeconds?: () => number;
}
