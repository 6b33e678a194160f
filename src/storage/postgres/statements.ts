import type { EncodedSession, EraseQuery, Receipt } from '../../logs/log-entry-repository';
import type { Instant } from '../../logs/model/instant';
import { postgres, toTimestamp } from './dialect';
import type { Query } from './pool';

/** A row for each idempotency key that was known; if none was, one row with the first id only. */
export interface RecordedRow {
  /** First id of the commit. */
  readonly firstId: string;
  readonly key: string | null;
  readonly digest: string | null;
  readonly knownId: string | null;
  /** In microseconds. */
  readonly knownAt: string | null;
}

/**
 * Inserts encoded sessions, as a JSON array; returns one {@link RecordedRow} or more. Entries get consecutive
 * ids in the order sent; sessions that were recorded before leave a gap.
 * @param hasKeys whether any session has an idempotency key
 * @param lockMs milliseconds to wait for the lock of a row or a partition
 */
export function insertSessions(
  sessions: string,
  receivedAt: Instant,
  hasKeys: boolean,
  lockMs: number,
): Query {
  // Of two transactions with the same key, the later one waits for the other. The update then returns what
  // the other one stored after this statement started. It also makes a replay a commit, which waits for
  // standbys. Rows are locked in the order of keys, before rows of sessions, so there is no deadlock.
  const storeKeys = `keyed AS (
        INSERT INTO idempotency_key AS known (key, digest, first_id, received_at)
        SELECT (session ->> 5) COLLATE "C", session ->> 6, first_id, $2::timestamptz FROM numbered
        WHERE session ->> 5 IS NOT NULL ORDER BY 1
        ON CONFLICT (key) DO UPDATE SET replay_count = known.replay_count + 1
        RETURNING key, digest, first_id, received_at, replay_count
      ),
      replayed AS MATERIALIZED (SELECT * FROM keyed WHERE replay_count > 0),`;
  const isNew = 'WHERE session ->> 5 IS NULL OR session ->> 5 NOT IN (SELECT key FROM replayed)';
  const knownKeys = `key, digest, ${postgres.micros('received_at')}::text AS "knownAt",
        replayed.first_id AS "knownId" FROM block LEFT JOIN replayed ON true`;
  return {
    sql: `WITH block AS MATERIALIZED (
        SELECT nextval('log_entry_id') AS first_id, set_config('lock_timeout', $3, true)
      ),
      numbered AS MATERIALIZED (
        SELECT session, block.first_id
          + sum(jsonb_array_length(session -> 2)) OVER (ORDER BY session_at)
          - jsonb_array_length(session -> 2) AS first_id
        FROM block, jsonb_array_elements($1::jsonb) WITH ORDINALITY AS sessions (session, session_at)
      ),
      ${hasKeys ? storeKeys : ''}
      sent AS MATERIALIZED (SELECT * FROM numbered ${hasKeys ? isNew : ''}),
      inserted AS (
        INSERT INTO log_entry (id, time, type, properties, user_id, session_id, received_at)
        SELECT first_id + action_at - 1, ${timestampOf('action ->> 0')}, action ->> 1, action -> 2,
          session ->> 0, session ->> 1, $2::timestamptz
        FROM sent, jsonb_array_elements(session -> 2) WITH ORDINALITY AS actions (action, action_at)
      ),
      summed_up AS (
        INSERT INTO session AS known (session_id, user_id, started_at, ended_at, entry_count)
        SELECT (session ->> 1) COLLATE "C", (session ->> 0) COLLATE "C", min(${timestampOf('session ->> 3')}),
          max(${timestampOf('session ->> 4')}), sum(jsonb_array_length(session -> 2))
        FROM sent WHERE jsonb_array_length(session -> 2) > 0 GROUP BY 1, 2
        -- Rows are locked in one order: commits of the same sessions, and erasing, do not deadlock.
        ORDER BY 1, 2
        ON CONFLICT (session_id, user_id) DO UPDATE SET
          started_at = least(known.started_at, excluded.started_at),
          ended_at = greatest(known.ended_at, excluded.ended_at),
          entry_count = known.entry_count + excluded.entry_count
      )
      SELECT block.first_id AS "firstId", ${hasKeys ? knownKeys : 'NULL AS key FROM block'}`,
    values: [sessions, toTimestamp(receivedAt), String(lockMs)],
  };
}

/** The receipts of inserted sessions. */
export function toReceipts(
  sessions: readonly EncodedSession[],
  receivedAt: Instant,
  rows: readonly RecordedRow[],
): Receipt[] {
  const known = new Map(rows.map((row) => [row.key, row]));
  let nextId = Number(rows[0]!.firstId);
  return sessions.map(({ idempotency, entryCount }) => {
    const firstId = nextId;
    nextId += entryCount;
    const row = idempotency && known.get(idempotency.key);
    if (!row) return { firstId, receivedAt, recordedDigest: undefined };
    return { firstId: Number(row.knownId), receivedAt: BigInt(row.knownAt!), recordedDigest: row.digest! };
  });
}

/** The greatest id: no bound. */
const maxId = 2n ** 63n - 1n;

/** Returns a row for each session: `erased`, its number of erased entries. */
export function eraseEntries({ sessions, before, endTime, limit }: EraseQuery): Query {
  const erase = before ? 'erase_committed' : 'erase_entries';
  return {
    // In the order in which commits lock the rows of sessions.
    sql: `SELECT ${erase}(session_id, user_id, $3, $4::timestamptz, $5)::text AS erased FROM (
      SELECT * FROM unnest($1::text[], $2::text[]) AS sessions (session_id, user_id)
      ORDER BY session_id COLLATE "C", user_id COLLATE "C" OFFSET 0) AS sessions`,
    values: [
      sessions.map(({ sessionId }) => sessionId),
      sessions.map(({ userId }) => userId),
      // A position before which entries are erased is that of a notice, the only row of its commit.
      String(before ? before.commit : maxId),
      toTimestamp(endTime),
      String(limit),
    ],
  };
}

/** Deletes keys received before a time, up to a limit. Returns a row for each. */
export function deleteKeys(before: Instant, limit: number): Query {
  return {
    sql: `DELETE FROM idempotency_key WHERE key IN (
      SELECT key FROM idempotency_key WHERE received_at < $1::timestamptz LIMIT $2::bigint
      FOR UPDATE SKIP LOCKED) RETURNING 1`,
    values: [toTimestamp(before), String(limit)],
  };
}

/** Seconds and microseconds separately: an interval is multiplied by a float, which is exact for each. */
function timestampOf(micros: string): string {
  return `to_timestamp(0) + (${micros})::bigint / 1000000 * interval '1 second'
    + (${micros})::bigint % 1000000 * interval '1 microsecond'`;
}
