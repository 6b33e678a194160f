import type { EntryQuery } from '../../logs/log-entry-repository';
import { sqlite } from './dialect';
import type { EntryColumn } from '../../logs/model/log-entry';

/** A statement, and what one read binds to it. */
export interface ReadStatement {
  readonly sql: string;
  /** A JSON array. */
  readonly values: string;
  /** Whether it answers several reads, one row each, in their order: it then takes an array of their values. */
  readonly isShared: boolean;
}

/**
 * Composes a statement whose rows have one column, `result`.
 * @param isShared see {@link ReadStatement}; a large result comes faster from a statement of its own
 * @param result what is computed of the entries that match, of which there is one more than the limit at most
 * @param row what is selected of each of them
 */
function compose(
  { user, type, startTime, endTime, limit }: EntryQuery,
  isShared: boolean,
  result: string,
  row: string,
): ReadStatement {
  const conditions: string[] = [];
  const values: string[] = [];
  const where = (condition: string, value: string | undefined): void => {
    if (value === undefined) return;
    const at = values.push(value) - 1;
    conditions.push(`${condition} ${isShared ? `read.v${at}` : `(?1 ->> ${at})`}`);
  };
  where('user_id =', user && JSON.stringify(user));
  // With a user given, + keeps SQLite from the index on type, which may hold most of the table
  // (https://www.sqlite.org/optoverview.html#disqualifying_where_clause_terms_using_unary_).
  where(user === undefined ? 'type =' : '+type =', type && JSON.stringify(type));
  where('time >=', startTime?.toString());
  where('time <', endTime?.toString());
  const filter = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
  // The limit is not bound: SQLite plans by its value, and so would prepare the statement anew each time it is executed,
  // which takes as long as reading 20 entries.
  const rows = `SELECT ${row} FROM log_entry ${filter} ORDER BY time, id LIMIT ${limit + 1}`;
  const sql = `SELECT ${result} AS result FROM (${rows})`;
  const columns = ['1', ...values.map((_value, at) => `value ->> ${at} AS v${at}`)].join(', ');
  return {
    sql: isShared
      ? `WITH read AS MATERIALIZED (SELECT ${columns} FROM json_each(?)) SELECT (${sql}) AS result FROM read`
      : sql,
    values: `[${values.join(',')}]`,
    isShared,
  };
}

/** The SQL that renders an entry. */
const renderings = new WeakMap<readonly EntryColumn[], string>();

/** The result is the JSON objects of the entries, with commas between, as a blob; null when there are too many. */
export function selectEntries(query: EntryQuery, isShared: boolean): ReadStatement {
  let entry = renderings.get(query.columns);
  if (entry === undefined) {
    entry = sqlite.renderEntry(query.columns);
    renderings.set(query.columns, entry);
  }
  const objects = "CAST(coalesce(group_concat(entry, ','), '') AS BLOB)";
  const result = `CASE WHEN count(*) <= ${query.limit} THEN ${objects} END`;
  return compose(query, isShared, result, `${entry} AS entry`);
}

/** The result is the times of the first entry and of the last, in microseconds: `first last`; null without entries. */
export function selectTimes(query: EntryQuery): ReadStatement {
  return compose(query, false, "min(time) || ' ' || max(time)", 'time');
}

/** What is returned for each session, in the order sent. */
export interface RecordedRow {
  /** The id of its last entry, if it has been recorded now and has one. */
  readonly lastId: number | null;
  /** What was recorded under its key before; null when nothing was. */
  readonly knownId: number | null;
  readonly knownDigest: string | null;
  readonly knownAt: string | null;
}

/**
 * Takes sessions as encodeSession writes them, and returns a {@link RecordedRow} for each.
 * The view's trigger makes entries of the actions, sums the session up, and keeps its key; all that is one statement, and
 * so one transaction.
 * @param hasKeys whether any of them has one
 */
export function insertSessions(hasKeys: boolean): string {
  const once = hasKeys
    ? 'sent.value ->> 5, sent.value ->> 6, known.first_id, known.digest, known.received_at'
    : 'NULL, NULL, NULL, NULL, NULL';
  const lookUp = hasKeys
    ? 'LEFT JOIN idempotency_key AS known ON known.key = sent.value ->> 5'
    : '';
  // The condition makes the subquery depend on the row, lest it be computed once for all of them.
  return `INSERT INTO recording (user_id, session_id, actions, started_at, ended_at, received_at,
      key, digest, known_id, known_digest, known_at)
    SELECT sent.value ->> 0, sent.value ->> 1, jsonb_extract(sent.value, '$[2]'), sent.value ->> 3, sent.value ->> 4,
      CAST(?2 AS INTEGER), ${once}
    FROM jsonb_each(?1) AS sent ${lookUp} WHERE true
    RETURNING (SELECT max(id) FROM log_entry WHERE known_id IS NULL) AS "lastId",
      known_id AS "knownId", known_digest AS "knownDigest", CAST(known_at AS text) AS "knownAt"`;
}

/**
 * Erases entries of the sessions `[[userId, sessionId], …]`: those that were recorded up to an id and are older than a time,
 * of each session so many at most. Returns for each session how many have gone: `erased`.
 */
export const eraseEntries = `INSERT INTO erasing
    (user_id, session_id, last_id, end_time, most, entry_count, by_user)
  SELECT user_id, session_id, CAST(?2 AS INTEGER), CAST(?3 AS INTEGER), CAST(?4 AS INTEGER), entry_count,
    ${countAbout('user_id')} <= ${countAbout('session_id')}
  FROM json_each(?1) AS wanted CROSS JOIN session
    ON session_id = wanted.value ->> 1 AND user_id = wanted.value ->> 0
  WHERE true
  RETURNING entry_count - coalesce((SELECT rest.entry_count FROM session AS rest
    WHERE rest.session_id = erasing.session_id AND rest.user_id = erasing.user_id), 0) AS erased`;

/** How many entries an index has with the session's value of a column, in the time of the session; counted to 10,000. */
function countAbout(column: 'user_id' | 'session_id'): string {
  return `(SELECT count(*) FROM (SELECT 1 FROM log_entry AS entry WHERE entry.${column} = session.${column}
    AND entry.time >= session.started_at AND entry.time <= session.ended_at LIMIT 10000))`;
}

/** Deletes keys received before a time, so many at most, and returns them. */
export const deleteKeys = `DELETE FROM idempotency_key WHERE key IN (
    SELECT key FROM idempotency_key WHERE received_at < CAST(?1 AS INTEGER) LIMIT CAST(?2 AS INTEGER))
  RETURNING 1`;
