import type { EntryColumn, EntryQuery } from '../../logs/log-store';
import { sqlite } from './dialect';

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

/**
 * Takes sessions as encodeSession writes them, and returns a row for each, in the order sent: the id of its last entry.
 * The view's trigger makes entries of the actions, and sums the session up; all that is one statement, and so one
 * transaction.
 */
export const insertSessions = `INSERT INTO recording (user_id, session_id, actions, started_at, ended_at, received_at)
  SELECT value ->> 0, value ->> 1, jsonb_extract(value, '$[2]'), value ->> 3, value ->> 4, CAST(?2 AS INTEGER)
  FROM jsonb_each(?1) WHERE true
  RETURNING (SELECT max(id) FROM log_entry) AS "lastId"`;
