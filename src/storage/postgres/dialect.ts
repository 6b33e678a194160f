import { endOfTime, formatInstant, type Instant } from '../../logs/model/instant';
import { maxEntriesPerCommit } from '../../logs/model/limits';
import type { EntryField } from '../../logs/model/log-entry';
import type { Bind, Dialect } from '../dialect';
import { renderCsv } from '../entry-csv';
import { renderEntry } from '../entry-json';
import { where } from '../filter-sql';

/** The columns of log_entry as JSON. Joining them with `||` takes less than half the time of json_agg. */
const jsonOf: Readonly<Record<EntryField, readonly string[]>> = {
  id: [`'"'`, 'id', `'"'`],
  time: renderInstant('time'),
  type: ['to_json(type)'],
  properties: ['properties::text'],
  userId: ['to_json(user_id)'],
  sessionId: ['to_json(session_id)'],
  receivedAt: renderInstant('received_at'),
};

/** RFC 3339 in UTC, quoted, with three fraction digits, or six if there are microseconds. */
function renderInstant(column: string): readonly string[] {
  const format = (fraction: string): string =>
    `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.${fraction}')`;
  const isWholeMillis = `${column} = date_trunc('milliseconds', ${column})`;
  return [`'"'`, `CASE WHEN ${isWholeMillis} THEN ${format('MS')} ELSE ${format('US')} END`, `'Z"'`];
}

/** An instant as timestamptz; infinite outside of 1970 to 9999: PostgreSQL writes later years differently. */
export function toTimestamp(instant: Instant): string {
  if (instant < 0n) return '-infinity';
  return instant >= endOfTime ? 'infinity' : formatInstant(instant);
}

/** A value in the properties, as jsonb. `->` with a text looks into objects only. */
function valueAt(bind: Bind, keys: readonly string[]): string {
  return `(properties${keys.map((key) => ` -> ${bind(key)}::text`).join('')})`;
}

/** The least positive floating-point number, as a decimal. */
const leastNumber = '4.9406564584124654e-324';

/** Evaluates `then` for numbers only, since it fails for other values. */
function ifNumber(value: string, then: string, otherwise: string): string {
  return `CASE WHEN jsonb_typeof(${value}) = 'number' THEN ${then} ELSE ${otherwise} END`;
}

function join(text: string, separator: string): string {
  return `coalesce(string_agg(${text}, '${separator}'), '')`;
}

export const postgres: Dialect = {
  placeholder: (at) => `$${at}`,
  indexesUserSessions: true,
  instant: (bind, instant) => `${bind(toTimestamp(instant))}::timestamptz`,
  micros: (time) => `(extract(epoch FROM ${time}) * 1000000)::bigint`,
  isOneOf: (bind, column, values) => `${column} = ANY(${bind(values)}::text[])`,

  // PostgreSQL has statistics and chooses the index itself.
  withoutIndex: (column) => column,

  property(bind, { path, predicate }) {
    const value = valueAt(bind, path);
    switch (predicate.kind) {
      case 'in': {
        const values = predicate.values.map((wanted) => JSON.stringify(wanted));
        return `${value} = ANY(${bind(values)}::jsonb[])`;
      }
      case 'exists':
        return `${value} IS ${predicate.expected ? 'NOT ' : ''}NULL`;
      case 'isNull':
        return `jsonb_typeof(${value}) ${predicate.expected ? '=' : '<>'} 'null'`;
      case 'compare': {
        const bound = `${bind(JSON.stringify(predicate.bound))}::numeric`;
        return ifNumber(value, `${value}::numeric ${predicate.operator} ${bound}`, 'false');
      }
    }
  },

  cellOf(bind, key, divisor) {
    const value = valueAt(bind, [key]);
    // A quotient that underflows is an error in PostgreSQL.
    const isNothing = `abs(${value}::numeric) <= ${divisor} * ${leastNumber} / 2`;
    const cell = `CASE WHEN ${isNothing} THEN 0 ELSE floor(${value}::float8 / ${divisor}) END`;
    return ifNumber(value, cell, 'NULL');
  },

  ordered(bind, { columns, table, conditions, merged, orderBy, direction, limit }) {
    const order = `ORDER BY ${orderBy.map((column) => `${column} ${direction}`).join(', ')} LIMIT ${limit}`;
    if (!merged) return `SELECT ${columns} FROM ${table} ${where(conditions)} ${order}`;
    const own = [`${merged.column} = wanted.value`, ...conditions];
    return `SELECT ${table}.* FROM unnest(${bind(merged.values)}::text[]) AS wanted (value)
      CROSS JOIN LATERAL (SELECT ${columns} FROM ${table} ${where(own)} ${order}) AS ${table} ${order}`;
  },

  renderEntry: (columns) => renderEntry(columns, jsonOf).join(' || '),
  renderCsv: (hasFormulas) => renderCsv(hasFormulas, jsonOf).join(' || '),
  // A commit takes a block of ids, of which the sequence holds the first one.
  newestId: `SELECT (last_value + ${maxEntriesPerCommit - 1})::text AS id FROM log_entry_id`,
  join,

  // Bytes are counted once, in the joined text: counting them for each entry, in a window, makes a read of 20 entries
  // a tenth slower.
  joinLarge(text, { name, separator }, bindMaxBytes, condition = 'true') {
    const joined = join(text, separator);
    const isWithin = `octet_length(${joined}) <= ${bindMaxBytes()}::bigint`;
    return `CASE WHEN ${condition} AND ${isWithin} THEN ${joined} END AS ${name},
      CASE WHEN ${condition} THEN octet_length(${joined}) END AS bytes`;
  },

  countByBucket(bind, bounds, conditions, key) {
    const times = bounds.map(toTimestamp);
    const within = [
      `time >= ${bind(times[0]!)}::timestamptz`,
      `time < ${bind(times.at(-1)!)}::timestamptz`,
      ...conditions,
    ];
    const keyColumn = key === undefined ? '' : `${key} AS key, `;
    return `SELECT width_bucket(time, ${bind(times.slice(0, -1))}::timestamptz[]) - 1 AS bucket,
        ${keyColumn}count(*) AS count
      FROM log_entry ${where(within)} GROUP BY 1${key === undefined ? '' : ', 2'}`;
  },
};
