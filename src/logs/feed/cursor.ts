import type { Position } from '../change-store';
import type { LogFilter } from '../filtering/log-filter';
import { CursorRefusedError } from '../model/errors';
import { createCursors } from '../reading/cursor';

/** A place in the feed of one database. */
export interface FeedPlace {
  /** See `Changes.epoch`. */
  readonly epoch: string;
  readonly position: Position;
}

const integerForm = /^\d{1,16}$/;

/** Encodes and decodes the cursors of the feed with one filter. */
export function createFeedCursors(filter: LogFilter) {
  const cursors = createCursors({ list: 'changes', filter }, [/^[!-~]{1,64}$/, integerForm, integerForm]);
  return {
    encode: ({ epoch, position: { commit, id } }: FeedPlace): string =>
      cursors.encode([epoch, String(commit), String(id)]),

    /** @throws {InvalidInputError} unless the text is a cursor of this list */
    decode(cursor: string): FeedPlace {
      const [epoch, commit, id] = cursors.decode(cursor);
      return { epoch: epoch!, position: { commit: Number(commit), id: Number(id) } };
    },
  };
}

/** Encodes and decodes the cursors of one list. */
export type FeedCursors = ReturnType<typeof createFeedCursors>;

/**
 * Refuses the cursor of another database, and one that this database has not given out.
 * @param sent the place in a cursor; undefined without one
 * @throws {CursorRefusedError}
 */
export function checkPlace(
  sent: FeedPlace | undefined,
  { epoch, isFuture }: { readonly epoch: string; readonly isFuture: boolean },
): void {
  if (!sent) return;
  if (sent.epoch !== epoch) throw new CursorRefusedError('CURSOR_OF_ANOTHER_DATABASE');
  if (isFuture) throw new CursorRefusedError('CURSOR_FROM_THE_FUTURE');
}
