import type { JsonObject } from './json';

/** The names of an entry's fields in the API. */
export const entryFields = ['id', 'time', 'type', 'properties', 'userId', 'sessionId', 'receivedAt'] as const;
export type EntryField = (typeof entryFields)[number];

/** One action, with the user and the session it belongs to. */
export interface LogEntry {
  readonly id: string;
  /** UTC; see `formatInstant`. */
  readonly time: string;
  readonly type: string;
  readonly properties: JsonObject;
  readonly userId: string;
  readonly sessionId: string;
  readonly receivedAt: string;
}

/** A member of an entry's JSON object: a field under the client's name for it, or a constant. */
export type EntryColumn =
  { readonly key: string; readonly field: EntryField } | { readonly key: string; readonly constant: string };
