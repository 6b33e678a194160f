import type { JsonParts } from '../model/json';
import type { EntryColumn } from '../model/log-entry';
import type { ReadContext } from '../model/read-context';

/** A page of the feed: what `LogChanges` shows. */
export interface ChangesPage {
  /**
   * A JSON array of the entries, which show these columns.
   * @throws {TooManyBytesError} when the response would hold too many bytes
   */
  entries(columns: readonly EntryColumn[], context: ReadContext): Promise<JsonParts>;
  readonly erasures: readonly ShownErasure[];
  /** Where the next page starts. */
  readonly cursor: string;
  /** Whether more can be read at once. */
  readonly hasMore: boolean;
}

/** An erasure as clients see it. */
export interface ShownErasure {
  readonly userId: string;
  /** Null: all sessions of the user. */
  readonly sessionId: string | null;
  /** RFC 3339. */
  readonly erasedAt: string;
}
