import type { Instant } from './instant';
import type { LogFilter } from './log-filter';
import type { EntryFilter } from './logs-query';

/** What an entry is made of, under the names of the API. */
export const entryFields = [
  'id',
  'time',
  'type',
  'properties',
  'userId',
  'sessionId',
  'receivedAt',
] as const;
export type EntryField = (typeof entryFields)[number];

/**
 * Most bytes of JSON that a store gives out at once. A string, as GraphQL needs it, has room for twice that
 * (https://nodejs.org/api/buffer.html#bufferconstantsmax_string_length); pg ends the process when it receives more.
 */
export const maxResultBytes = 256_000_000;

/** Where entries are kept. Implemented once for each database. */
export interface LogStore {
  /** How many calls of `insert` at a time it takes. */
  readonly maxInserts: number;

  /**
   * Stores all the sessions in one commit, or none of them; settles when that is on disk.
   * @param sessions as {@link encodeSession} makes them, with one action or more in all
   * @returns the id of the first entry; the others follow without a gap, in the order sent
   * @throws {ServiceUnavailableError} when the store cannot take anything now
   */
  insert(sessions: readonly EncodedSession[], receivedAt: Instant): Promise<number>;

  /**
   * The entries that pass the filter, ordered by time, then by order of recording.
   * @throws {ResultTooLongError} when their JSON is larger than the store gives out at once
   */
  read(query: EntryQuery): Promise<EntryList>;

  /** A page of the entries that pass a filter, ordered by time, then by order of recording, or the other way round. */
  readPage(query: PageQuery): Promise<EntryPage>;

  /** How many entries pass a filter; counting ends at `upTo`. */
  count(query: FilterQuery & { readonly upTo: number }): Promise<number>;

  /** The times of the first and the last entry that pass a filter; undefined when none does. */
  readExtent(query: FilterQuery): Promise<Extent | undefined>;

  /** How many entries are in each bucket that has any; with `groupBy`, those of a top group apart, in their order. */
  readHistogram(query: HistogramQuery): Promise<readonly HistogramRow[]>;

  /** The types of the entries that pass a filter, those with the most entries first, then by name. */
  readTypes(query: FilterQuery & { readonly limit: number }): Promise<readonly TypeSummary[]>;

  /** The cells of a grid that entries fall in, by y, then by x; what is 2^31 cells from 0 or farther is left out. */
  readClicks(query: ClickQuery): Promise<readonly ClickCell[]>;

  /** Sessions by `startedAt`, the newest first, then by `sessionId` and `userId`, the greatest first. */
  readSessions(query: SessionQuery): Promise<readonly SessionSummary[]>;

  /** Undefined when nothing is recorded in it. */
  readSession(query: SessionKeyQuery): Promise<SessionSummary | undefined>;

  /** Settles when the store answers, though it may take no writes. */
  ping(): Promise<void>;

  /** Settles when what is under way has ended and nothing is open any more. */
  close(): Promise<void>;
}

/** A session on its way into the store. */
export interface EncodedSession {
  /** `[userId, sessionId, [[time in µs, type, properties], …], least time, greatest time]` as JSON. */
  readonly json: string;
  readonly entryCount: number;
}

/** A member of an entry's JSON object: a field of the entry under a name of the reader's choice, or a constant. */
export type EntryColumn =
  | { readonly key: string; readonly field: EntryField }
  | { readonly key: string; readonly constant: string };

/** Whoever a query is for. */
export interface Asker {
  /** Whether everything acknowledged so far must be there, rather than what a replica has of it. */
  readonly mustBeLatest: boolean;
  /** Called when the query's turn has come. Throws what it fails with when nothing more is to be read. */
  check?(): void;
}

export interface EntryQuery extends EntryFilter, Asker {
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

export interface FilterQuery extends Asker {
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

export interface SessionQuery extends Asker {
  /** Which sessions: of these users, and begun in this range. */
  readonly filter: Pick<LogFilter, 'userIds' | 'startTime' | 'endTime'>;
  /** Most sessions that are wanted. */
  readonly first: number;
  /** They come behind this one, which need not be there any more. */
  readonly after: Pick<SessionSummary, 'startedAt' | 'sessionId' | 'userId'> | undefined;
}

export interface SessionKeyQuery extends Asker {
  readonly userId: string;
  readonly sessionId: string;
}
