import type { Changes, ErasureNotice } from '../change-store';
import { formatInstant } from '../model/instant';
import type { JsonParts } from '../model/json';
import type { EntryColumn } from '../model/log-entry';
import type { ReadContext } from '../model/read-context';
import { shareMemory } from '../model/release-memory';
import { listJson, writeJson } from '../model/write-json';
import { showEntries } from '../reading/entry-columns';
import type { LivePage } from './live-pages';

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
export function toLivePage({ lists, entryCount, erasures, hasMore }: LivePage, cursor: string): ChangesPage {
  return {
    async entries(columns, { take }) {
      const parts = lists.get(columns)!;
      for (const part of parts) {
        take(part.length);
        if (typeof part !== 'string') shareMemory(part);
      }
      return parts;
    },
    entryCount,
    erasures: erasures.map(toShown),
    cursor,
    hasMore,
  };
}

/** A page that has nothing but its cursor. */
export function toEmptyPage(cursor: string, hasMore: boolean): ChangesPage {
  return { entries: async () => ['[]'], entryCount: 0, erasures: [], cursor, hasMore };
}

function toShown({ userId, sessionId, erasedAt }: ErasureNotice): ShownErasure {
  return { userId, sessionId: sessionId ?? null, erasedAt: formatInstant(erasedAt) };
}
