import type { Comparison, JsonScalar } from '../../logs/filtering/property-filter';
import type { Instant } from '../../logs/model/instant';
import type { EntryField } from '../../logs/model/log-entry';

import type { Bind, Dialect } from '../dialect';
import { renderCsv } from '../entry-csv';
import { renderEntry } from '../entry-json';
import { where } from '../filter-sql';

const properties = 'properties';

/** The columns of log_entry as JSON. */
const jsonOf: Readonly<Record<EntryField, readonly string[]>> = {
  id: [`'"'`, 'id', `'"'`],
  time: renderInstant('time'),
  type: ['json_quote(type)'],
  properties: [properties],
  userId: ['json_quote(user_id)'],
  sessionId: ['json_quote(session_id)'],
  receivedAt: renderInstant('received_at'),
};

/**
 * RFC 3339 in UTC, quoted, with three fraction digits, or six if there are microseconds. For times from 1970
 * to 9999, as all are. Numbers are Julian days, which begin at noon
 * (https://www.sqlite.org/lang_datefunc.html#time_values); SQLite rounds them to milliseconds. `strftime`,
 * `printf` and `replace` would allocate memory under a lock that all connections of the process share.
 */
function renderInstant(column: string): readonly string[] {
  // Both are null if the file is damaged: the text of the entry must not become null, which would omit it.
  return [
    `'"'`,
    `coalesce(date(${column} / 86400000000 + 2440588), '')`,
    "'T'",
    `coalesce(time(${column} / 1000 / 86400000.0 + 0.5, 'subsec'), '')`,
    `CASE WHEN ${column} % 1000 THEN substr(1000 + ${column} % 1000, 2) ELSE '' END`,
    `'Z"'`,
  ];
}

/** Bytes of properties up to which most entries have no more than 1,200 bytes. */
const maxSmallBytes = 800;
/** Number of texts above which `||` copies too much. */
const maxCopiedTexts = 60;

/**
 * The concatenation of texts. `concat` allocates memory once, under a lock that all connections of the
 * process share. `||` copies its result at each step, up to 1,200 bytes into the connection's lookaside memory
 * (https://www.sqlite.org/malloc.html#lookaside). When three connections read, `||` takes 0.8 of the time of
 * `concat` for entries of 250 bytes, and 1.3 times as long for entries of 1.8 KB.
 */
function joinTexts(texts: readonly string[]): string {
  if (texts.length > maxCopiedTexts) return `concat(${texts.join(', ')})`;
  const parts: string[][] = [[]];
  for (const text of texts) {
    if (text === properties) parts.push([]);
    else parts.at(-1)!.push(text);
  }
  const joined = parts.map((part) => `(${part.join(' || ')})`);
  if (joined.length === 1) return joined[0]!;
  const small = joined.join(` || ${properties} || `);
  const large = `concat(${joined.join(`, ${properties}, `)})`;
  return `CASE WHEN octet_length(${properties}) <= ${maxSmallBytes} THEN ${small} ELSE ${large} END`;
}

/** A list of texts as rows with one column, `value`. */
function rowsOf(bind: Bind, values: readonly string[]): string {
  return `SELECT value FROM json_each(${bind(JSON.stringify(values))})`;
}

/** A path for JSON functions (https://www.sqlite.org/json1.html#path_arguments). Any key may be quoted. */
function pathOf(keys: readonly string[]): string {
  return `$${keys.map((key) => `.${JSON.stringify(key)}`).join('')}`;
}

/** A number bound as JSON: SQLite then parses it exactly as it parses the stored numbers. */
function numberOfJson(placeholder: string): string {
  return `${placeholder} ->> '$'`;
}

const double = new Float64Array(1);
const bitsOfDouble = new BigInt64Array(double.buffer);

/** The next greater or next smaller double. */
function neighbour(value: number, step: 1n | -1n): number {
  if (value === 0) return Number(step) * Number.MIN_VALUE;
  double[0] = value;
  bitsOfDouble[0]! += value > 0 ? step : -step;
  return double[0];
}

/**
 * SQLite reads about 1 of 20,000 numbers as its neighbour, so two neighbours may compare as equal; in that
 * case their texts are compared. Whether the two numbers bound here are such a pair is computed once a statement.
 */
function compare(bind: Bind, path: string, { operator, bound }: Comparison): string {
  const [inclusive, step] = operator.startsWith('>') ? (['>=', 1n] as const) : (['<=', -1n] as const);
  const limit = operator === inclusive ? bound : neighbour(bound, step);
  const text = bind(JSON.stringify(limit));
  const excluded = bind(JSON.stringify(neighbour(limit, step === 1n ? -1n : 1n)));
  // The more selective condition first. The type is checked since texts compare as greater than numbers, and
  // true as 1.
  return `(properties ->> ${path} ${inclusive} ${numberOfJson(text)}
    AND json_type(properties, ${path}) IN ('integer', 'real')
    AND (${numberOfJson(text)} <> ${numberOfJson(excluded)} OR properties -> ${path} <> ${excluded}))`;
}

/** Values are stored as JSON.stringify writes them: equal texts are equal values of the same type. */
function isIn(bind: Bind, path: string, keys: readonly string[], values: readonly JsonScalar[]): string {
  const texts = values.map((value) => JSON.stringify(value));
  const condition = `properties -> ${path} IN (${rowsOf(bind, texts)})`;
  if (texts.length > 1) return condition;
  // Searching for the characters first takes a tenth of the time of parsing properties that do not match.
  const characters = bind(`${JSON.stringify(keys.at(-1))}:${texts[0]}`);
  return `(instr(properties, ${characters}) > 0 AND ${condition})`;
}

function join(text: string, separator: string): string {
  return `CAST(coalesce(group_concat(${text}, '${separator}'), '') AS BLOB)`;
}

export const sqlite: Dialect = {
  placeholder: (at) => `?${at}`,
  indexesUserSessions: false,

  instant: (bind, instant) => `CAST(${bind(String(instant))} AS INTEGER)`,

  micros: (time) => time,

  isOneOf: (bind, column, values) => `${column} IN (${rowsOf(bind, values)})`,

  // https://www.sqlite.org/optoverview.html#disqualifying_where_clause_terms_using_unary_
  withoutIndex: (column) => `+${column}`,

  property(bind, { path: keys, predicate }) {
    const path = bind(pathOf(keys));
    switch (predicate.kind) {
      case 'in':
        return isIn(bind, path, keys, predicate.values);
      case 'exists':
        return `json_type(properties, ${path}) IS ${predicate.expected ? 'NOT ' : ''}NULL`;
      case 'isNull':
        return `json_type(properties, ${path}) ${predicate.expected ? '=' : '<>'} 'null'`;
      case 'compare':
        return compare(bind, path, predicate);
    }
  },

  cellOf(bind, key, divisor) {
    const path = bind(pathOf([key]));
    return `CASE WHEN json_type(properties, ${path}) IN ('integer', 'real')
      THEN floor(CAST(properties ->> ${path} AS REAL) / ${divisor}) END`;
  },

  // SQLite merges ordered parts of UNION ALL row by row, up to the limit
  // (https://www.sqlite.org/queryplanner.html).
  ordered(bind, { columns, table, conditions, merged, orderBy, direction, limit }) {
    const select = (all: readonly string[]): string => `SELECT ${columns} FROM ${table} ${where(all)}`;
    const rows = merged
      ? merged.values.map((value) => select([`${merged.column} = ${bind(value)}`, ...conditions]))
      : [select(conditions)];
    const order = orderBy.map((column) => `${column} ${direction}`).join(', ');
    return `${rows.join(' UNION ALL ')} ORDER BY ${order} LIMIT ${limit}`;
  },

  renderEntry: (columns) => joinTexts(renderEntry(columns, jsonOf)),
  renderCsv: (hasFormulas) => `concat(${renderCsv(hasFormulas, jsonOf).join(', ')})`,

  // No row before the first entry.
  newestId: `SELECT CAST(coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'log_entry'), 0) AS text) AS id`,

  join,

  // The connection itself refuses larger values.
  joinLarge(text, { name, separator }, _bindMaxBytes, condition) {
    const joined = join(text, separator);
    return `${condition === undefined ? joined : `CASE WHEN ${condition} THEN ${joined} END`} AS ${name}`;
  },

  countByBucket(bind, bounds, conditions, key) {
    const pairs = bounds.slice(0, -1).map((start, at): [Instant, Instant] => [start, bounds[at + 1]!]);
    const values = bind(`[${pairs.map((pair) => `[${pair.join(',')}]`).join(',')}]`);
    // A subquery, since json_each has columns of the same names as log_entry.
    const buckets = `(SELECT key AS bucket, value ->> 0 AS since, value ->> 1 AS until
      FROM json_each(${values})) AS buckets`;
    const within = ['time >= since', 'time < until', ...conditions];
    // One index range for each bucket, since comparing each entry with each bucket takes far longer.
    return key === undefined
      ? `SELECT bucket, (SELECT count(*) FROM log_entry ${where(within)}) AS count FROM ${buckets}`
      : `SELECT bucket, ${key} AS key, count(*) AS count
          FROM ${buckets} CROSS JOIN log_entry ${where(within)} GROUP BY bucket, ${key}`;
  },
};
