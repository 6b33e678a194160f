import type { Instant } from './instant';
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

  /** Settles when the store answers. */
  ping(): Promise<void>;

  /** Settles when what is under way has ended and nothing is open any more. */
  close(): Promise<void>;
}

/** A session on its way into the store. */
export interface EncodedSession {
  /** `[userId, sessionId, [[time in µs, type, properties], …]]` as JSON. */
  readonly json: string;
  readonly entryCount: number;
}

/** A member of an entry's JSON object: a field of the entry under a name of the reader's choice, or a constant. */
export type EntryColumn =
  | { readonly key: string; readonly field: EntryField }
  | { readonly key: string; readonly constant: string };

export interface EntryQuery extends EntryFilter {
  /** What each entry shows, in this order. */
  readonly columns: readonly EntryColumn[];
  /** Most entries that are wanted. */
  readonly limit: number;
  /** Whether everything acknowledged so far must be there, rather than what a replica has of it. */
  readonly mustBeLatest: boolean;
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
