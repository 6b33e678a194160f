import type { KeyStore } from './access/key-store';
import type { ChangeStore, Position } from './change-store';
import type { LogFilter } from './filtering/log-filter';
import type { RefusalError } from './model/errors';
import type { Instant } from './model/instant';
import type { EntryColumn } from './model/log-entry';
import type { QueryContext } from './model/read-context';

/** Separates the entries in a text. JSON escapes line breaks in strings, so no entry contains it. */
export const entrySeparator = ',\n';

/** The entries of a database. Implemented once for each kind of database. */
export interface LogEntryRepository {
  /** The keys of clients, in the same database. */
  readonly keys: KeyStore;

  /** The entries in the order of their commits. */
  readonly changes: ChangeStore;

  /** Maximum number of calls of `insertSessions` in progress. */
  readonly maxConcurrentInserts: number;

  /** Milliseconds that a session may wait until its commit starts; after that it is refused. */
  readonly maxWaitMs: number;

  /**
   * Stores all sessions in one commit, or none; settles when they are on disk. Known idempotency keys add
   * nothing.
   * @param sessions made by {@link encodeSession}, no two with the same key
   * @param isPart whether a batch with these sessions and others has failed: waits for locks more briefly
   * @returns one receipt for each session, in the same order
   * @throws {ServiceUnavailableError} if nothing was stored and a retry may succeed
   * @throws {DatabaseBusyError} if another process holds the database lock: may be retried at once
   * @throws {StorageFullError} if the disk is full; nothing was stored
   * @throws {OutcomeUnknownError} if the sessions may be stored, or not
   */
  insertSessions(
    sessions: readonly EncodedSession[],
    receivedAt: Instant,
    isPart?: boolean,
  ): Promise<readonly Receipt[]>;

  /**
   * Why an expensive read of this request would be refused now, if so.
   * @param isCounted whether it is refused, and counted
   * @param readKey the read that was refused before: while an equal one waits, it is not refused
   */
  findRefusal(context: QueryContext, isCounted?: boolean, readKey?: string): RefusalError | undefined;

  /**
   * Matching entries, ordered by time, then by id.
   * @throws {TooManyBytesError} if their JSON exceeds the limit of the repository
   */
  findEntries(query: EntryQuery, context: QueryContext): Promise<EntryList>;

  /**
   * The first entry that does not fit into `maxBytes` of JSON together with those before it, or that is beyond the
   * limit of the query. Undefined if all fit.
   */
  findExcess(query: EntryQuery, maxBytes: number, context: QueryContext): Promise<Excess | undefined>;

  /** A page of matching entries, ordered by time, then by id, in either direction. */
  findPage(query: PageQuery, context: QueryContext): Promise<EntryPage>;

  /** The next lines of an export. */
  findLines(query: LinesQuery, context: QueryContext): Promise<Lines>;

  /** Entries that a read finds have this id or a lower one; sessions recorded later have higher ids. */
  findNewestId(context: QueryContext): Promise<string>;

  /** Number of matching entries; counting stops at `upTo`. */
  countEntries(filter: LogFilter, upTo: number, context: QueryContext): Promise<number>;

  /** Times of the first and the last matching entry; undefined if no entry matches. */
  findTimeRange(filter: LogFilter, context: QueryContext): Promise<TimeRange | undefined>;

  /**
   * Number of matching entries in each bucket. With `groupBy`: of each group, the largest first; those of the groups
   * beyond `topGroups` have no key, and may be anywhere.
   */
  countByBucket(query: HistogramQuery, context: QueryContext): Promise<readonly BucketCounts[]>;

  /** At most `limit` types of the matching entries, those with the most entries first, then by name. */
  countByType(filter: LogFilter, limit: number, context: QueryContext): Promise<TypeCounts>;

  /** Those of some consecutive ids that are stored. */
  findIds(query: IdQuery, context: QueryContext): Promise<ReadonlySet<number>>;

  /** Number of matching entries in each cell of a grid. */
  countByCell(query: ClickQuery, context: QueryContext): Promise<CellCounts>;

  /** Sessions ordered by `startedAt`, `sessionId` and `userId`, all descending. */
  findSessions(query: SessionQuery, context: QueryContext): Promise<readonly SessionSummary[]>;

  /**
   * Erases entries in one commit, and updates the summaries of their sessions.
   * @throws {ServiceUnavailableError} if nothing was erased and a retry may succeed
   */
  eraseEntries(query: EraseQuery): Promise<Erased>;

  /**
   * Settles when the database files hold no bytes of erased entries.
   * @throws {ServiceUnavailableError} if that is not possible; says that the entries are erased, and why
   */
  scrub(): Promise<void>;

  /**
   * Drops partitions whose entries are all older than `endTime`. Summaries of sessions stay.
   * @returns the time before which entries must still be erased one by one
   */
  dropExpired(endTime: Instant): Promise<Instant>;

  /** Deletes at most `limit` idempotency keys received before a time. Returns the number of deleted keys. */
  deleteIdempotencyKeys(before: Instant, limit: number): Promise<number>;

  /** The clock of the database; missing if it is the clock of this machine. */
  now?(): Promise<Instant>;

  /** Bytes of the write-ahead log; missing without a log of its own. */
  readonly logBytes?: () => number;

  /** Settles if the database answers, even if it takes no writes. */
  ping(): Promise<void>;

  /** Waits for work in progress, then closes all connections. */
  close(): Promise<void>;
}

/** The methods that requests read with. */
export type EntryReads = Pick<
  LogEntryRepository,
  | 'findRefusal'
  | 'findEntries'
  | 'findExcess'
  | 'findPage'
  | 'findLines'
  | 'findNewestId'
  | 'countEntries'
  | 'findTimeRange'
  | 'countByBucket'
  | 'countByType'
  | 'countByCell'
  | 'findSessions'
>;

/** A session as `insertSessions` takes it. */
export interface EncodedSession {
  /**
   * The JSON array `[userId, sessionId, [[time in µs, type, properties], …], least time, greatest time]`.
   * Both times are null without actions. With an idempotency key, its two digests follow.
   */
  readonly json: string;
  readonly entryCount: number;
  readonly idempotency?: SessionDigests | undefined;
}

/** Identifies a session that may be sent several times, and is recorded once. */
export interface SessionDigests {
  /** Digest of the idempotency key. */
  readonly key: string;
  /** Digest of the session, which must be the same each time the key is used. */
  readonly digest: string;
}

/** Where and when a session was recorded. */
export interface Receipt {
  /** Id of its first entry; the ids of the others follow without a gap, in the order of its actions. */
  readonly firstId: number;
  readonly receivedAt: Instant;
  /** Digest of the session already recorded under the key; undefined if this one was recorded now. */
  readonly recordedDigest: string | undefined;
}

export interface EntryQuery {
  readonly filter: LogFilter;
  /** Members of each entry's JSON object, in this order. */
  readonly columns: readonly EntryColumn[];
  /** Maximum number of entries. */
  readonly limit: number;
}

export type EntryList =
  /** The entries as JSON objects with {@link entrySeparator} between, in UTF-8. */
  | { readonly objects: string | Buffer }
  /** More than `limit` entries match. */
  | Excess;

/** The times of the first entry, and of the first one that is too many. */
export interface Excess {
  readonly firstTime: Instant;
  readonly excessTime: Instant;
}

export type LogOrder = 'TIME_ASC' | 'TIME_DESC';
export type LogDimension = 'TYPE' | 'USER';

/** Position of an entry in the order of entries. */
export interface EntryKey {
  readonly time: Instant;
  readonly id: string;
}

export interface PageQuery extends Pick<EntryQuery, 'filter' | 'columns'> {
  readonly order: LogOrder;
  /** Maximum number of entries on the page. */
  readonly first: number;
  /** The page starts after this entry, which may have been erased. */
  readonly after: EntryKey | undefined;
}

export interface EntryPage {
  /** The entries as JSON objects with {@link entrySeparator} between, in UTF-8. */
  readonly objects: Buffer;
  readonly keys: readonly EntryKey[];
  /** Whether entries follow the page. */
  readonly hasMore: boolean;
}

/** `CSV`: formulas are neutralised, which spreadsheets would execute; `CSV_WITH_FORMULAS`: they are not. */
export type LineFormat = 'NDJSON' | 'CSV' | 'CSV_WITH_FORMULAS';

export interface LinesQuery extends Omit<PageQuery, 'columns'> {
  readonly format: LineFormat;
  /** Only entries with this id or a lower one: see `findNewestId`. */
  readonly lastId: string;
}

export interface Lines {
  /** A line for each entry, with a line break between, in UTF-8. */
  readonly text: Buffer;
  /** Number of entries: `first` of the query, unless no more follow. */
  readonly count: number;
  /** Undefined if there are none. */
  readonly last: EntryKey | undefined;
}

export interface TimeRange {
  readonly first: Instant;
  readonly last: Instant;
}

export interface HistogramQuery {
  readonly filter: LogFilter & { readonly startTime: Instant; readonly endTime: Instant };
  /** Starts of the buckets, ascending, the first at or before `startTime`. The last ends at `endTime`. */
  readonly starts: readonly Instant[];
  readonly groupBy: LogDimension | undefined;
  /** Number of groups that get rows of their own: those with the most entries, then by name. */
  readonly topGroups: number;
}

/** The counts of a group: as text, since the driver takes 4 µs to make an object of each of 100,000. */
export interface BucketCounts {
  /** Null for the entries in no top group. */
  readonly key: string | null;
  /** `bucket:count` with spaces between, each bucket once: its index, from 0, and a count, which may be 0. */
  readonly counts: string;
}

/** Consecutive ids of one session, and a range that includes the times of their entries. */
export interface IdQuery {
  readonly sessionId: string;
  readonly firstId: number;
  readonly count: number;
  readonly startTime: Instant;
  readonly endTime: Instant;
}

export interface TypeCounts {
  readonly types: readonly TypeSummary[];
  /** Types beyond the limit, and their entries. */
  readonly otherTypeCount: number;
  readonly otherCount: number;
}

export interface TypeSummary extends TimeRange {
  readonly type: string;
  readonly count: number;
}

/** `x`, `y`: keys of the properties that hold the coordinates; `cell`: width and height of a cell. */
export interface ClickQuery {
  readonly filter: LogFilter;
  readonly x: string;
  readonly y: string;
  readonly cell: number;
  /** Maximum number of cells. */
  readonly limit: number;
}

export interface ClickCell {
  readonly x: number;
  readonly y: number;
  readonly count: number;
}

export interface CellCounts {
  /** Ordered by y, then by x; none beyond 2^31. */
  readonly cells: readonly ClickCell[];
  /** Number of matching entries in no cell; 0 if the query has more cells than its limit. */
  readonly outsideCount: number;
}

/** Identifies a session. */
export interface SessionKey {
  readonly userId: string;
  readonly sessionId: string;
}

export interface SessionSummary extends SessionKey {
  readonly startedAt: Instant;
  readonly endedAt: Instant;
  readonly entryCount: number;
}

export interface SessionQuery {
  /** Sessions of these users that started in this time range. */
  readonly filter: Pick<LogFilter, 'userIds' | 'startTime' | 'endTime'>;
  /** Only sessions with this id. */
  readonly sessionId?: string | undefined;
  /** Maximum number of sessions. */
  readonly first: number;
  /** The page starts after this session, which may have been erased. */
  readonly after?: Pick<SessionSummary, 'startedAt' | 'sessionId' | 'userId'> | undefined;
}

/** Which entries to erase. */
export interface EraseQuery {
  readonly sessions: readonly SessionKey[];
  /** Only entries before this position are erased. */
  readonly before?: Position | undefined;
  /** Only entries before this time are erased. */
  readonly endTime: Instant;
  /** Maximum number of entries of each session; the oldest are erased first. */
  readonly limit: number;
}

export interface Erased {
  /** Number of erased entries. */
  readonly count: number;
  /** Milliseconds during which other writes had to wait. */
  readonly tookMs: number;
}
