import type { Instant } from '../../logs/model/instant';
import {
  type EncodedSession,
  type EntryQuery,
  type EraseQuery,
  type Receipt,
} from '../../logs/log-entry-repository';
import { postgres, toTimestamp } from './dialect';
import type { Query } from './pool';
import { maxResultBytes } from '../../logs/model/limits';
import type { EntryColumn } from '../../logs/model/log-entry';

/** The one row of {@link selectEntries}. */
export interface EntriesRow {
  /** The JSON objects of the entries, with commas between; null when there are too many, or too many bytes of them. */
  readonly objects: string | null;
  readonly isTooMany: boolean;
  /** The times of the first entry and of the last, in microseconds; null without entries. */
  readonly first: string | null;
  readonly last: string | null;
}

const renderings = new WeakMap<readonly EntryColumn[], string>();

/**
 * @param maxBytes of `objects`. They are counted when they are put together: to count them entry by entry, in a window,
 * costs a read of 20 entries a tenth more.
 * @see EntriesRow
 */
export function selectEntries(query: EntryQuery, maxBytes = maxResultBytes): Query {
  const { user, type, startTime, endTime, limit, columns } = query;
  const conditions: string[] = [];
  const parameters: string[] = [];
  const where = (condition: string, value: string | undefined): void => {
    if (value !== undefined) conditions.push(`${condition} $${parameters.push(value)}`);
  };
  where('user_id =', user);
  where('type =', type);
  where('time >=', startTime === undefined ? undefined : toTimestamp(startTime));
  where('time <', endTime === undefined ? undefined : toTimestamp(endTime));
  const filter = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
  let entry = renderings.get(columns);
  if (entry === undefined) {
    entry = postgres.renderEntry(columns);
    renderings.set(columns, entry);
  }
  const objects = "coalesce(string_agg(entry, ','), '')";
  return {
    sql: `SELECT CASE WHEN count(*) <= ${limit} AND octet_length(${objects}) <= ${maxBytes} THEN ${objects} END
        AS objects, count(*) > ${limit} AS "isTooMany",
      ${micros('min(time)')} AS first, ${micros('max(time)')} AS last
      FROM (SELECT time, ${entry} AS entry FROM log_entry ${filter}
        ORDER BY time, id LIMIT ${limit + 1}) AS entries`,
    parameters,
  };
}

function micros(timestamp: string): string {
  return `${postgres.micros(timestamp)}::text`;
}

/** What is returned: the first id of the commit, then what was recorded before under each key that was known. */
export interface RecordedRow {
  readonly firstId: string;
  /** Null when no key was known. */
  readonly key: string | null;
  readonly digest: string | null;
  readonly knownId: string | null;
  /** In microseconds. */
  readonly knownAt: string | null;
}

/**
 * Takes sessions as encodeSession writes them and the time of receipt; returns one {@link RecordedRow} or more. Entries have
 * consecutive ids in the order sent; those that were recorded before leave a gap.
 * @param hasKeys whether any of the sessions has one
 */
export function insertSessions(sessions: string, receivedAt: Instant, hasKeys: boolean): Query {
  // Of two transactions with the same key the later one waits for the other. An update returns what that one has stored,
  // though it was not there when this statement began; and what is acknowledged is a commit of its own, which waits for
  // standbys. All rows are taken in the order of keys, before those of sessions, so that there is no deadlock.
  const keep = `keyed AS (
        INSERT INTO idempotency_key AS known (key, digest, first_id, received_at)
        SELECT (session ->> 5) COLLATE "C", session ->> 6, first_id, $2::timestamptz FROM numbered
        WHERE session ->> 5 IS NOT NULL ORDER BY 1
        ON CONFLICT (key) DO UPDATE SET replay_count = known.replay_count + 1
        RETURNING key, digest, first_id, received_at, replay_count
      ),
      replayed AS MATERIALIZED (SELECT * FROM keyed WHERE replay_count > 0),`;
  const isNew = 'session ->> 5 IS NULL OR session ->> 5 NOT IN (SELECT key FROM replayed)';
  return {
    sql: `WITH block AS MATERIALIZED (SELECT nextval('log_entry_id') AS first_id),
      numbered AS MATERIALIZED (
        SELECT session, block.first_id
          + sum(jsonb_array_length(session -> 2)) OVER (ORDER BY session_at)
          - jsonb_array_length(session -> 2) AS first_id
        FROM block, jsonb_array_elements($1::jsonb) WITH ORDINALITY AS sessions (session, session_at)
      ),
      ${hasKeys ? keep : ''}
      sent AS MATERIALIZED (
        SELECT * FROM numbered ${hasKeys ? `WHERE ${isNew}` : ''}
      ),
      inserted AS (
        INSERT INTO log_entry (id, time, type, properties, user_id, session_id, received_at)
        SELECT first_id + action_at - 1,
          ${timestampOf('action ->> 0')}, action ->> 1, action -> 2,
          session ->> 0, session ->> 1, $2::timestamptz
        FROM sent, jsonb_array_elements(session -> 2) WITH ORDINALITY AS actions (action, action_at)
      ),
      summed_up AS (
        INSERT INTO session AS known (session_id, user_id, started_at, ended_at, entry_count)
        SELECT (session ->> 1) COLLATE "C", (session ->> 0) COLLATE "C", min(${timestampOf('session ->> 3')}),
          max(${timestampOf('session ->> 4')}), sum(jsonb_array_length(session -> 2))
        FROM sent WHERE jsonb_array_length(session -> 2) > 0 GROUP BY 1, 2
        -- In one order, so that two commits with the same sessions, or one and a step of erasing, do not deadlock.
        ORDER BY 1, 2
        ON CONFLICT (session_id, user_id) DO UPDATE SET
          started_at = least(known.started_at, excluded.started_at),
          ended_at = greatest(known.ended_at, excluded.ended_at),
          entry_count = known.entry_count + excluded.entry_count
      )
      SELECT block.first_id AS "firstId", ${
        hasKeys
          ? `key, digest, ${postgres.micros('received_at')}::text AS "knownAt",
          replayed.first_id AS "knownId" FROM block LEFT JOIN replayed ON true`
          : 'NULL AS key FROM block'
      }`,
    parameters: [sessions, toTimestamp(receivedAt)],
  };
}

/** What the sessions that were sent come to. */
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
    return row
      ? {
          firstId: Number(row.knownId),
          receivedAt: BigInt(row.knownAt!),
          recordedDigest: row.digest!,
        }
      : { firstId, receivedAt, recordedDigest: undefined };
  });
}

/** Returns for each session how many of its entries have gone: `erased`. */
export function eraseEntries({ sessions, lastId, endTime, most }: EraseQuery): Query {
  return {
    // In the order of keys, as commits take the rows of sessions.
    sql: `SELECT erase_entries(session_id, user_id, $3, $4::timestamptz, $5)::text AS erased FROM (
      SELECT * FROM unnest($1::text[], $2::text[]) AS sessions (session_id, user_id)
      ORDER BY session_id COLLATE "C", user_id COLLATE "C" OFFSET 0) AS sessions`,
    parameters: [
      sessions.map(({ sessionId }) => sessionId),
      sessions.map(({ userId }) => userId),
      String(lastId),
      toTimestamp(endTime),
      String(most),
    ],
  };
}

/** Deletes keys received before a time, so many at most, and returns them. */
export function deleteKeys(before: Instant, most: number): Query {
  return {
    sql: `DELETE FROM idempotency_key WHERE key IN (
      SELECT key FROM idempotency_key WHERE received_at < $1::timestamptz LIMIT $2::bigint
      FOR UPDATE SKIP LOCKED) RETURNING 1`,
    parameters: [toTimestamp(before), String(most)],
  };
}

/** Seconds and microseconds apart, since an interval is multiplied by a float, which is exact for each of them. */
function timestampOf(micros: string): string {
  return `to_timestamp(0) + (${micros})::bigint / 1000000 * interval '1 second'
    + (${micros})::bigint % 1000000 * interval '1 microsecond'`;
}
