import {
  comparePositions,
  startOfFeed,
  type Changes,
  type ChangesQuery,
  type ChangeStore,
  type ErasureNotice,
  type Position,
  type UnfinishedErasure,
} from '../logs/change-store';
import type { LogFilter } from '../logs/filtering/log-filter';
import type { Bind, Dialect, Select } from './dialect';
import type { ReadExecutor } from './reads';

/** Entries that a page looks at: with a filter that few entries pass, it has fewer entries than `first`. */
export const maxLookedAt = 50_000;
/** Erasures on a page. */
export const maxNotices = 1_000;

/** The statements that read in the order of commits. Each has one row, and is one snapshot of the database. */
export interface ChangeQueries {
  /** See {@link ChangesRow}. */
  page(query: ChangesQuery): Select;
  /** `epoch`; `stop`, the first position that cannot be read yet. */
  readonly end: Select;
}

/** The row of a page. */
export interface ChangesRow {
  readonly epoch: string;
  /** 1 or true: `after` is in the future. */
  readonly isFuture: number | boolean;
  /** The page holds what comes before this position. */
  readonly stop: string;
  /** Why it does: nothing after it can be read yet, too many entries were looked at, or an erasure follows. */
  readonly reason: 'end' | 'lookedAt' | 'erasure';
  readonly objects: Buffer | string;
  /** The positions of the entries, with spaces between. */
  readonly positions: string;
  /** Whether matching entries follow before `stop`. */
  readonly hasRest: number | boolean;
  /** Arrays of the position, the user, the session or null, and the time in µs as text. Null if `hasRest`. */
  readonly notices: string | unknown[] | null;
  /** Whether an entry follows the first erasure. */
  readonly isFollowed: number | boolean;
}

/** A notice as a row. Times are microseconds. */
export interface NoticeRow {
  readonly position: string;
  readonly userId: string;
  readonly sessionId: string | null;
  readonly erasedAt: string;
}

type Notice = readonly [position: string, userId: string, sessionId: string | null, erasedAt: string];

/** The methods of a {@link ChangeStore} that read the feed. */
export function createChangeReads(queries: ChangeQueries, { all }: Pick<ReadExecutor, 'all'>) {
  return {
    async find(query, context) {
      const [row] = await all<ChangesRow>(queries.page(query), context);
      return toChanges(row!, query.after);
    },

    async findEnd(context) {
      const [row] = await all<Pick<ChangesRow, 'epoch' | 'stop'>>(queries.end, context);
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

/** The conditions of the notices that a filter lets pass. */
export function filterNotices(dialect: Dialect, bind: Bind, { userIds, sessionIds }: LogFilter): string[] {
  const conditions: string[] = [];
  if (userIds) conditions.push(dialect.isOneOf(bind, 'user_id', userIds));
  if (sessionIds) {
    conditions.push(`(session_id IS NULL OR ${dialect.isOneOf(bind, 'session_id', sessionIds)})`);
  }
  return conditions;
}
