import { formatInstant, type Instant } from '../../logs/instant';
import {
  maxResultBytes,
  type EntryColumn,
  type EntryField,
  type EntryQuery,
} from '../../logs/log-store';
import { renderEntry, type Piece } from '../entry-json';
import type { Query } from './pool';

/** The columns of log_entry as JSON: faster, put together with `||`, than json_agg, by more than half. */
const jsonOf: Readonly<Record<EntryField, readonly Piece[]>> = {
  id: [{ text: '"' }, { sql: 'id' }, { text: '"' }],
  time: renderInstant('time'),
  type: [{ sql: 'to_json(type)' }],
  properties: [{ sql: 'properties::text' }],
  userId: [{ sql: 'to_json(user_id)' }],
  sessionId: [{ sql: 'to_json(session_id)' }],
  receivedAt: renderInstant('received_at'),
};

/** RFC 3339 in UTC with three fraction digits, six when there are microseconds, quoted. */
function renderInstant(column: string): readonly Piece[] {
  const format = (fraction: string): string =>
    `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.${fraction}')`;
  const isWholeMillis = `${column} = date_trunc('milliseconds', ${column})`;
  return [
    { text: '"' },
    { sql: `CASE WHEN ${isWholeMillis} THEN ${format('MS')} ELSE ${format('US')} END` },
    { text: 'Z"' },
  ];
}

/** The end of the year 9999; no entry is that late, and PostgreSQL writes later years in another way. */
const endOfTime = 253_402_300_800_000_000n;

/** As a timestamptz. Entries are from 1970 to 9999: bounds outside of that are as good as infinite ones. */
function toTimestamp(instant: Instant): string {
  if (instant < 0n) return '-infinity';
  return instant >= endOfTime ? 'infinity' : formatInstant(instant);
}

/** Bytes of write-ahead log that have been replayed on a standby, or are on disk on a primary. */
export const logPosition = `pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery()
  THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_flush_lsn() END, '0/0')::text`;

/** The one row of {@link selectEntries}. */
export interface EntriesRow {
  /** The JSON objects of the entries, with commas between; null when there are too many, or too many bytes of them. */
  readonly objects: string | null;
  readonly isTooMany: boolean;
  /** The times of the first entry and of the last, in microseconds; null without entries. */
  readonly first: string | null;
  readonly last: string | null;
  readonly position: string;
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
    entry = renderEntry(columns, jsonOf).join(' || ');
    renderings.set(columns, entry);
  }
  const objects = "coalesce(string_agg(entry, ','), '')";
  return {
    sql: `SELECT CASE WHEN count(*) <= ${limit} AND octet_length(${objects}) <= ${maxBytes} THEN ${objects} END
        AS objects, count(*) > ${limit} AS "isTooMany",
      ${micros('min(time)')} AS first, ${micros('max(time)')} AS last, ${logPosition} AS position
      FROM (SELECT time, ${entry} AS entry FROM log_entry ${filter}
        ORDER BY time, id LIMIT ${limit + 1}) AS entries`,
    parameters,
  };
}

function micros(timestamp: string): string {
  return `(extract(epoch FROM ${timestamp}) * 1000000)::bigint::text`;
}

/** Takes sessions as encodeSession writes them and the time of receipt; returns the id of the first entry. */
export function insertEntries(sessions: string, receivedAt: Instant): Query {
  return {
    // Seconds and microseconds apart, since an interval is multiplied by a float, which is exact for each of them.
    sql: `WITH block AS MATERIALIZED (SELECT nextval('log_entry_id') AS first_id),
      inserted AS (
        INSERT INTO log_entry (id, time, type, properties, user_id, session_id, received_at)
        SELECT first_id + row_number() OVER (ORDER BY session_at, action_at) - 1,
          to_timestamp(0) + (action ->> 0)::bigint / 1000000 * interval '1 second'
            + (action ->> 0)::bigint % 1000000 * interval '1 microsecond',
          action ->> 1, action -> 2, session ->> 0, session ->> 1, $2::timestamptz
        FROM block,
          jsonb_array_elements($1::jsonb) WITH ORDINALITY AS sessions (session, session_at),
          jsonb_array_elements(session -> 2) WITH ORDINALITY AS actions (action, action_at)
      )
      SELECT first_id FROM block`,
    parameters: [sessions, toTimestamp(receivedAt)],
  };
}
