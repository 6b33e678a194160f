import type { EntryColumn, EntryField, EntryQuery } from '../../logs/log-store';

/** The columns of log_entry, each as the SQL expressions that render it as JSON text, one after the other. */
const jsonOf: Readonly<Record<EntryField, string>> = {
  id: `'"', id, '"'`,
  time: renderInstant('time'),
  type: 'json_quote(type)',
  properties: 'properties',
  userId: 'json_quote(user_id)',
  sessionId: 'json_quote(session_id)',
  receivedAt: renderInstant('received_at'),
};

/** RFC 3339 in UTC with three fraction digits, six when there are microseconds, quoted. */
function renderInstant(column: string): string {
  return `'"', strftime('%Y-%m-%dT%H:%M:%S', ${column} / 1000000, 'unixepoch'),
    CASE WHEN ${column} % 1000000 = 0 THEN '.000Z"'
      WHEN ${column} % 1000 = 0 THEN printf('.%03dZ"', ${column} / 1000 % 1000)
      ELSE printf('.%06dZ"', ${column} % 1000000) END`;
}

/**
 * The SQL that renders an entry. `concat` (https://www.sqlite.org/lang_corefunc.html#concat) writes it in one go, where
 * `||` copies it at every step: 1,000 entries in 1.4 ms instead of 2.3 ms, and `json_object` takes 2.9 ms.
 */
function renderEntry(columns: readonly EntryColumn[]): string {
  const members = columns.map((column) => {
    const key = JSON.stringify(column.key);
    if ('constant' in column) return quote(`${key}:${JSON.stringify(column.constant)}`);
    return `${quote(`${key}:`)}, ${jsonOf[column.field]}`;
  });
  return members.length > 0 ? `concat('{', ${members.join(`, ',', `)}, '}')` : `'{}'`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** All the entries of a read as one JSON text in UTF-8, made by SQLite off the main thread. */
export interface EntryRow {
  /** Null without entries. */
  readonly objects: Buffer | null;
  readonly count: number;
  /** Microseconds as text: they may exceed 2^53. Null without entries. */
  readonly firstTime: string | null;
  readonly lastTime: string | null;
}

/** @returns the statement whose only row is an {@link EntryRow}, of one entry more than the limit at most */
export function selectEntries({ columns, limit, ...filter }: EntryQuery): {
  sql: string;
  parameters: (string | number)[];
} {
  const { user, type, startTime, endTime } = filter;
  const conditions: string[] = [];
  const parameters: (string | number)[] = [];
  const where = (condition: string, parameter: string | undefined): void => {
    if (parameter === undefined) return;
    conditions.push(condition);
    parameters.push(parameter);
  };
  where('user_id = ?', user);
  // With a user given, + keeps SQLite from the index on type, which may hold most of the table
  // (https://www.sqlite.org/optoverview.html#disqualifying_where_clause_terms_using_unary_).
  where(user === undefined ? 'type = ?' : '+type = ?', type);
  // Bound as text, since a double would round instants beyond 2^53.
  where('time >= CAST(? AS INTEGER)', startTime?.toString());
  where('time < CAST(? AS INTEGER)', endTime?.toString());

  const sql = `SELECT CAST(group_concat(${renderEntry(columns)}, ',') AS BLOB) AS objects, count(*) AS count,
    CAST(min(time) AS TEXT) AS firstTime, CAST(max(time) AS TEXT) AS lastTime
    FROM (SELECT * FROM log_entry
      ${conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''}
      ORDER BY time, id LIMIT ?)`;
  return { sql, parameters: [...parameters, limit + 1] };
}

/** Takes sessions as encodeSession writes them, and returns a row for each action, in the order sent. */
export const insertEntries = `INSERT INTO log_entry (time, type, properties, user_id, session_id, received_at)
  SELECT action.value ->> 0, action.value ->> 1, action.value -> 2,
    session.value ->> 0, session.value ->> 1, CAST(?2 AS INTEGER)
  FROM jsonb_each(?1) AS session, jsonb_each(session.value, '$[2]') AS action`;
