import {
  comparePositions,
  startOfFeed,
  type Changes,
  type ChangeStore,
  type ErasureNotice,
  type Position,
  type UnfinishedErasure,
} from '../logs/change-store';
import { maxNotices, type ChangesRow, type createChangeQueries } from './change-sql';
import type { ReadExecutor } from './reads';

/** A notice as a row. Times are microseconds. */
export interface NoticeRow {
  readonly position: string;
  readonly userId: string;
  readonly sessionId: string | null;
  readonly erasedAt: string;
}

type Notice = readonly [position: string, userId: string, sessionId: string | null, erasedAt: string];

/** The methods of a {@link ChangeStore} that read the feed. */
export function createChangeReads(
  queries: ReturnType<typeof createChangeQueries>,
  { all }: Pick<ReadExecutor, 'all'>,
) {
  return {
    async find(query, context) {
      const [row] = await all<ChangesRow>(queries.page(query), context);
      return toChanges(row!, query.after);
    },

    async findEnd(context) {
      const [row] = await all<Pick<ChangesRow, 'epoch' | 'stop'>>(queries.end(), context);
      return { epoch: row!.epoch, end: before(toPosition(row!.stop)) };
    },
  } satisfies Partial<ChangeStore>;
}

function toChanges(row: ChangesRow, after: Position): Changes {
  const { epoch } = row;
  if (row.isFuture) {
    const nothing = { objects: Buffer.alloc(0), positions: [], erasures: [], hasMore: false };
    return { epoch, ...nothing, end: after, isFuture: true };
  }
  const objects = typeof row.objects === 'string' ? Buffer.from(row.objects) : row.objects;
  const positions = row.positions === '' ? [] : row.positions.split(' ').map(toPosition);
  const page = { epoch, objects, positions, isFuture: false };
  if (row.hasRest) return { ...page, erasures: [], end: positions.at(-1)!, hasMore: true };
  if (row.reason !== 'erasure') {
    const end = before(toPosition(row.stop));
    const isBefore = comparePositions(end, after) < 0;
    return { ...page, erasures: [], end: isBefore ? after : end, hasMore: row.reason === 'lookedAt' };
  }
  const { notices } = row;
  const all = (typeof notices === 'string' ? JSON.parse(notices) : notices) as readonly Notice[];
  const shown = all.slice(0, maxNotices);
  return {
    ...page,
    erasures: shown.map(toErasure),
    end: toPosition(shown.at(-1)![0]),
    hasMore: Boolean(row.isFollowed) || all.length > shown.length,
  };
}

/** Reads `commit:id`, or an id. */
export function toPosition(text: string): Position {
  const at = text.indexOf(':');
  return { commit: at < 0 ? 0 : Number(text.slice(0, at)), id: Number(text.slice(at + 1)) };
}

/** The greatest position before another one. */
function before({ commit, id }: Position): Position {
  return id > 0 ? { commit, id: id - 1 } : startOfFeed;
}

function toErasure([, userId, sessionId, erasedAt]: Notice): ErasureNotice {
  return { userId, sessionId: sessionId ?? undefined, erasedAt: BigInt(erasedAt) };
}

export function toUnfinished({ position, userId, sessionId, erasedAt }: NoticeRow): UnfinishedErasure {
  return { ...toErasure([position, userId, sessionId, erasedAt]), position: toPosition(position) };
}
