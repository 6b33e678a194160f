import type { Instant } from '../../logs/instant';
import { maxResultBytes, type EntryColumn, type EntryQuery } from '../../logs/log-store';
import { postgres, toTimestamp } from './dialect';
import type { Query } from './pool';

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

/** Takes sessions as encodeSession writes them and the time of receipt; returns the id of the first entry. */
export function insertSessions(sessions: string, receivedAt: Instant): Query {
  return {
    sql: `WITH block AS MATERIALIZED (SELECT nextval('log_entry_id') AS first_id),
      sent AS MATERIALIZED (
        SELECT session, session_at
        FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS sessions (session, session_at)
      ),
      inserted AS (
        INSERT INTO log_entry (id, time, type, properties, user_id, session_id, received_at)
        SELECT first_id + row_number() OVER (ORDER BY session_at, action_at) - 1,
          ${timestampOf('action ->> 0')}, action ->> 1, action -> 2,
          session ->> 0, session ->> 1, $2::timestamptz
        FROM block, sent,
          jsonb_array_elements(session -> 2) WITH ORDINALITY AS actions (action, action_at)
      ),
      summed_up AS (
        INSERT INTO session AS known (session_id, user_id, started_at, ended_at, entry_count)
        SELECT session ->> 1, session ->> 0, min(${timestampOf('session ->> 3')}),
          max(${timestampOf('session ->> 4')}), sum(jsonb_array_length(session -> 2))
        FROM sent GROUP BY 1, 2
        -- In one order, so that two commits with the same sessions do not wait for each other.
        ORDER BY 1, 2
        ON CONFLICT (session_id, user_id) DO UPDATE SET
          started_at = least(known.started_at, excluded.started_at),
          ended_at = greatest(known.ended_at, excluded.ended_at),
          entry_count = known.entry_count + excluded.entry_count
      )
      SELECT first_id FROM block`,
    parameters: [sessions, toTimestamp(receivedAt)],
  };
}

/** Seconds and microseconds apart, since an interval is multiplied by a float, which is exact for each of them. */
function timestampOf(micros: string): string {
  return `to_timestamp(0) + (${micros})::bigint / 1000000 * interval '1 second'
    + (${micros})::bigint % 1000000 * interval '1 microsecond'`;
}
