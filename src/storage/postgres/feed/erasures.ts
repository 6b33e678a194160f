import { setTimeout as sleep } from 'node:timers/promises';
import type { ChangeStore, ErasureNotice, Position } from '../../../logs/change-store';
import type { Instant } from '../../../logs/model/instant';
import { toUnfinished, type NoticeRow } from '../../changes';
import { postgres, toTimestamp } from '../dialect';
import type { Pool } from '../pool';

/** Maximum milliseconds to wait for transactions that began before a notice, and between two looks at them. */
const maxWaitMs = 5_000;
const lookMs = 10;
/** The same before a notice is finished. */
const finishMs = 100;

/**
 * Whether a transaction that began before a commit is open. Those of other databases cannot bring entries; a prepared
 * one has no backend, so that its database is not asked for.
 */
const isOpenBefore = `SELECT EXISTS (SELECT FROM pg_snapshot_xip(pg_current_snapshot()) AS open (xid)
    WHERE xid::text::bigint < $1::bigint - (SELECT commit_offset FROM feed)
      AND NOT EXISTS (SELECT FROM pg_stat_activity WHERE backend_xid = xid::xid
        AND datid <> (SELECT oid FROM pg_database WHERE datname = current_database()))) AS "isOpen"`;

type ErasureMethods = 'noteErasure' | 'finishErasure' | 'findUnfinished' | 'forgetErasures';

/** The notices of what was erased on request. */
export function createErasures(writes: Pool): Pick<ChangeStore, ErasureMethods> {
  /** @returns whether all transactions that began before a commit have ended */
  async function waitForEarlier(commit: string, maxMs: number): Promise<boolean> {
    const endsAt = performance.now() + maxMs;
    for (;;) {
      const [row] = await writes.read<{ isOpen: boolean }>({ sql: isOpenBefore, values: [commit] });
      if (!row!.isOpen) return true;
      if (performance.now() >= endsAt) return false;
      await sleep(lookMs);
    }
  }

  return {
    async noteErasure({ userId, sessionId, erasedAt }: ErasureNotice): Promise<Position> {
      const [row] = await writes.commit<{ commit: string }>({
        sql: `INSERT INTO erasure (user_id, session_id, erased_at)
          VALUES ($1, ($2::text[])[1], $3::timestamptz) RETURNING commit_id::text AS commit`,
        values: [userId, sessionId === undefined ? [] : [sessionId], toTimestamp(erasedAt)],
      });
      // Their entries come before the notice, so that they are to be erased too.
      await waitForEarlier(row!.commit, maxWaitMs);
      return { commit: Number(row!.commit), id: 0 };
    },

    async finishErasure({ commit }: Position, isKept: boolean): Promise<void> {
      // Entries before the notice may still come: retention erases them, and then finishes it.
      if (!(await waitForEarlier(String(commit), finishMs))) return;
      await writes.commit({
        sql: isKept
          ? 'UPDATE erasure SET is_finished = true WHERE commit_id = $1'
          : 'DELETE FROM erasure WHERE commit_id = $1',
        values: [String(commit)],
      });
    },

    async findUnfinished(before: Instant) {
      const rows = await writes.read<NoticeRow>({
        sql: `SELECT commit_id || ':' || id AS position, user_id AS "userId", session_id AS "sessionId",
            ${postgres.micros('erased_at')}::text AS "erasedAt"
          FROM erasure WHERE NOT is_finished AND erased_at < $1::timestamptz ORDER BY commit_id`,
        values: [toTimestamp(before)],
      });
      return rows.map(toUnfinished);
    },

    async forgetErasures(before: Instant, limit: number): Promise<number> {
      const rows = await writes.commit({
        sql: `DELETE FROM erasure WHERE commit_id IN (SELECT commit_id FROM erasure
            WHERE is_finished AND erased_at < $1::timestamptz LIMIT $2::bigint FOR UPDATE SKIP LOCKED)
          RETURNING 1`,
        values: [toTimestamp(before), String(limit)],
      });
      return rows.length;
    },
  };
}
