import type { Changes, ErasureNotice } from '../change-store';
import { formatInstant } from '../model/instant';
import type { JsonParts } from '../model/json';
import type { EntryColumn } from '../model/log-entry';
import type { ReadContext } from '../model/read-context';
import { listJson, writeJson } from '../model/write-json';
import { showEntries } from '../reading/entry-columns';
import type { LiveEntry } from './live-entry';

/** A page of the feed: what `LogChanges` shows. */
export interface ChangesPage {
  /**
   * A JSON array of the entries, which show these columns.
   * @throws {TooManyBytesError} when the response would hold too many bytes
   */
  entries(columns: readonly EntryColumn[], context: Pick<ReadContext, 'take'>): Promise<JsonParts>;
  readonly entryCount: number;
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

/**
 * A page that the database has rendered.
 * @param read the columns of its entries
 */
export function toStoredPage(
  { objects, positions, erasures, hasMore }: Changes,
  cursor: string,
  read: readonly EntryColumn[],
): ChangesPage {
  return {
    async entries(columns, { take }) {
      if (columns !== read) return writeJson(listJson(showEntries(objects, columns), String), take);
      take(objects.byteLength);
      return ['[', objects, ']'];
    },
    entryCount: positions.length,
    erasures: erasures.map(toShown),
    cursor,
    hasMore,
  };
}

/** A page of entries in memory. */
export function toLivePage(
  entries: readonly LiveEntry[],
  erasures: readonly ErasureNotice[],
  cursor: string,
  hasMore: boolean,
): ChangesPage {
  return {
    async entries(columns, { take }) {
      const text = `[${entries.map((entry) => entry.show(columns)).join(',')}]`;
      take(text.length);
      return [text];
    },
    entryCount: entries.length,
    erasures: erasures.map(toShown),
    cursor,
    hasMore,
  };
}

function toShown({ userId, sessionId, erasedAt }: ErasureNotice): ShownErasure {
  return { userId, sessionId: sessionId ?? null, erasedAt: formatInstant(erasedAt) };
}
