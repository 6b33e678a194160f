import type { Instant } from './model/instant';
import type { EntryColumn } from './model/log-entry';
import type { QueryContext } from './model/read-context';
import type { LogFilter } from './filtering/log-filter';
import type { LogsFilter } from './filtering/logs-arguments';

/** Where entries are kept. Implemented once for each database. */
export interface LogEntryRepository {
  /** How many calls of `insert` at a time it takes. */
  readonly maxConcurrentInserts: number;

  /** How long a session may wait for its commit to begin, in milliseconds, before it is refused. */
  readonly maxWaitMs: number;

  /**
   * Stores all the sessions in one commit, or none of them; settles when that is on disk. One whose key is known already
   * adds nothing.
   * @param sessions as {@link encodeSession} makes them, no two with the same key
   * @returns a receipt for each of them
   * @throws {ServiceUnavailableError} when the store cannot take anything now; nothing was stored
   * @throws {DatabaseBusyError} when somebody else holds its lock; whoever has time left may try again at once
   * @throws {StorageFullError} when there is no room; nothing was stored
   * @throws {OutcomeUnknownError} when they may have been stored, or not
   */
  insertSessions(
    sessions: readonly EncodedSession[],
    receivedAt: Instant,
  ): Promise<readonly Receipt[]>;

  /**
   * The entries that pass the filter, ordered by time, then by order of recording.
   * @throws {TooManyBytesError} when their JSON is larger than the store gives out at once
   */
  findEntries(query: EntryQuery): Promise<EntryList>;

  /** A page of the entries that pass a filter, ordered by time, then by order of recording, or the other way round. */
  findPage(query: PageQuery): Promise<EntryPage>;

  /** How many entries pass a filter; counting ends at `upTo`. */
  countEntries(query: FilterQuery & { readonly upTo: number }): Promise<number>;

  /** The times of the first and the last entry that pass a filter; undefined when none does. */
  findTimeRange(query: FilterQuery): Promise<Extent | undefined>;

  /** How many entries are in each bucket that has any; with `groupBy`, those of a top group apart, in their order. */
  countByBucket(query: HistogramQuery): Promise<readonly HistogramRow[]>;

  /** The types of the entries that pass a filter, those with the most entries first, then by name. */
  countByType(query: FilterQuery & { readonly limit: number }): Promise<readonly TypeSummary[]>;

  /** The cells of a grid that entries fall in, by y, then by x; what is 2^31 cells from 0 or farther is left out. */
  countByCell(query: ClickQuery): Promise<readonly ClickCell[]>;

  /** Sessions by `startedAt`, the newest first, then by `sessionId` and `userId`, the greatest first. */
  findSessions(query: SessionQuery): Promise<readonly SessionSummary[]>;

  /** Undefined when nothing is recorded in it. */
  findSession(query: SessionKeyQuery): Promise<SessionSummary | undefined>;

  /** Every entry that is recorded by now has this id or a lower one; one whose recording begins later has a higher one. */
  findLastId(): Promise<number>;

  /**
   * Erases entries in one commit, and takes them out of the sums of their sessions.
   * @throws {ServiceUnavailableError} when the store cannot do it now
   */
  eraseEntries(query: EraseQuery): Promise<Erased>;

  /**
   * Settles when the store's own files hold nothing any more of what was erased.
   * @throws {ServiceUnavailableError} when somebody who reads keeps that from being done
   */
  scrub(): Promise<void>;

  /**
   * Drops entries that are older than a time, as far as they can go as a whole; the sums of their sessions stay.
   * @returns up to which time the others are to be erased: that one, or an earlier one
   */
  dropExpired(endTime: Instant): Promise<Instant>;

  /** Forgets keys under which sessions were received before a time, so many at most. Returns how many. */
  deleteIdempotencyKeys(before: Instant, most: number): Promise<number>;

  /** Settles when the store answers, though it may take no writes. */
  ping(): Promise<void>;

  /** Settles when what is under way has ended and nothing is open any more. */
  close(): Promise<void>;
}

/** A session on its way into the store. */
export interface EncodedSession {
  /**
   * `[userId, sessionId, [[time in µs, type, properties], …], least time, greatest time]` as JSON, with null for times that
   * are not there; then the two texts of `once`, if it has any.
   */
  readonly json: string;
  readonly entryCount: number;
  readonly idempotency?: Idempotency | undefined;
}

/** What says that a session is to be recorded once, however often it is sent. */
export interface Idempotency {
  /** A digest of its key. */
  readonly key: string;
  /** A digest of its content, which is to be the same whenever the key is. */
  readonly digest: string;
}

/** Where and when a session was stored. */
export interface Receipt {
  /** The id of its first entry; the others follow without a gap, in the order of its actions. */
  readonly firstId: number;
  readonly receivedAt: Instant;
  /** The digest of what was recorded under its key before; undefined when it has been recorded now. */
  readonly recordedDigest: string | undefined;
}

export interface EntryQuery extends LogsFilter, QueryContext {
  /** What each entry shows, in this order. */
  readonly columns: readonly EntryColumn[];
  /** Most entries that are wanted. */
  readonly limit: number;
}

export type EntryList =
  | {
      /** The JSON objects of the entries, with commas between them; in UTF-8. */
      readonly objects: string | Buffer;
    }
  | {
      /** There are more than `limit`: the time of the first one, and of the first one too many. */
      readonly firstTime: Instant;
      readonly excessTime: Instant;
    };

export interface FilterQuery extends QueryContext {
  readonly filter: LogFilter;
}

export type LogOrder = 'TIME_ASC' | 'TIME_DESC';
export type LogDimension = 'TYPE' | 'USER';

/** Where an entry stands in the order of entries. */
export interface EntryKey {
  readonly time: Instant;
  readonly id: string;
}

export interface PageQuery extends FilterQuery {
  readonly order: LogOrder;
  /** What each entry shows, in this order. */
  readonly columns: readonly EntryColumn[];
  /** Most entries on the page. */
  readonly first: number;
  /** The page begins behind this entry, which need not be there any more. */
  readonly after: EntryKey | undefined;
}

export interface EntryPage {
  /** The JSON objects of the entries, with a comma and a line break between them; in UTF-8. */
  readonly objects: Buffer;
  readonly keys: readonly EntryKey[];
  /** Whether there are entries behind the page. */
  readonly hasMore: boolean;
}

export interface Extent {
  readonly first: Instant;
  readonly last: Instant;
}

export interface HistogramQuery extends FilterQuery {
  /** The filter has both ends of the range. */
  readonly filter: LogFilter & { readonly startTime: Instant; readonly endTime: Instant };
  /** The first instants of the buckets, ascending; the first one is at `startTime` or before, the last bucket ends there. */
  readonly starts: readonly Instant[];
  readonly groupBy: LogDimension | undefined;
  /** How many groups are told apart: those with the most entries in all, then by name. */
  readonly topGroups: number;
}

export interface HistogramRow {
  /** Counted from 0. */
  readonly bucket: number;
  /** Null for all that are in no top group. */
  readonly key: string | null;
  readonly count: number;
}

export interface TypeSummary {
  readonly type: string;
  readonly count: number;
  readonly first: Instant;
  readonly last: Instant;
}

export interface ClickQuery extends FilterQuery {
  /** The keys of the properties that are the coordinates. */
  readonly x: string;
  readonly y: string;
  /** How wide and high a cell is. */
  readonly cell: number;
  /** Most cells that are wanted. */
  readonly limit: number;
}

export interface ClickCell {
  readonly x: number;
  readonly y: number;
  readonly count: number;
}

export interface SessionSummary {
  readonly userId: string;
  readonly sessionId: string;
  readonly startedAt: Instant;
  readonly endedAt: Instant;
  readonly entryCount: number;
}

export interface SessionQuery extends QueryContext {
  /** Which sessions: of these users, and begun in this range. */
  readonly filter: Pick<LogFilter, 'userIds' | 'startTime' | 'endTime'>;
  /** Most sessions that are wanted. */
  readonly first: number;
  /** They come behind this one, which need not be there any more. */
  readonly after: Pick<SessionSummary, 'startedAt' | 'sessionId' | 'userId'> | undefined;
}

/** What tells a session from all others. */
export interface SessionKey {
  readonly userId: string;
  readonly sessionId: string;
}

export interface SessionKeyQuery extends SessionKey, QueryContext {}

/** Which entries are to be erased. */
export interface EraseQuery {
  readonly sessions: readonly SessionKey[];
  /** None with a higher id. */
  readonly lastId: number;
  /** Only older ones. */
  readonly endTime: Instant;
  /** Of each session so many at most, the oldest first. */
  readonly most: number;
}

export interface Erased {
  /** How many entries have gone. */
  readonly count: number;
  /** How long that kept others from writing, in milliseconds. */
  readonly tookMs: number;
}
