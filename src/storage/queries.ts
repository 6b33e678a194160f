import type { LogFilter } from '../logs/filtering/log-filter';
import {
  entrySeparator,
  type ClickQuery,
  type EntryQuery,
  type HistogramQuery,
  type IdQuery,
  type LineFormat,
  type LinesQuery,
  type PageQuery,
  type SessionQuery,
} from '../logs/log-entry-repository';
import type { EntryColumn } from '../logs/model/log-entry';
import type { Bind, Dialect, LargeText, Select, Value } from './dialect';
import { filterEntries, filterTime, readClassOf, where } from './filter-sql';
import { maxPassedFor, selectLastPassed, selectSessions, type SessionWay } from './session-sql';

type LargeColumn = Omit<LargeText, 'maxBytesAt'>;

const directions = { TIME_ASC: 'ASC', TIME_DESC: 'DESC' } as const;

/** The members of an entry in NDJSON, as in JSON of the REST API. */
const lineColumns: readonly EntryColumn[] = (
  ['time', 'type', 'properties', 'userId', 'sessionId'] as const
).map((field) => ({ key: field, field }));

/** Counts of a histogram; each becomes an object. */
const manyValues = 10_000;

/**
 * Composes every statement that reads entries or sessions. Microseconds exceed 2^53: they are read as text.
 * @param maxBytes limit of the JSON of `entries` and of a page
 * @param maxPassedOf see {@link maxPassedFor}
 */
export function createQueries(dialect: Dialect, maxBytes: number, maxPassedOf = maxPassedFor) {
  const renderings = new WeakMap<readonly EntryColumn[], string>();

  function compose(
    readClass: Select['readClass'],
    write: (
      bind: Bind,
      joinLarge: (text: string, column: LargeColumn, condition?: string) => string,
    ) => string,
    placeholder = dialect.placeholder,
  ): Select {
    const values: Value[] = [];
    let largeText: LargeText | undefined;
    const bind: Bind = (value) => placeholder(values.push(value));
    const sql = write(bind, (text, column, condition) => {
      const bindMaxBytes = (): string => {
        largeText = { ...column, maxBytesAt: values.length };
        return bind(String(maxBytes));
      };
      return dialect.joinLarge(text, column, bindMaxBytes, condition);
    });
    return { sql, values, readClass, largeText };
  }

  function renderEntry(columns: readonly EntryColumn[]): string {
    let entry = renderings.get(columns);
    if (entry === undefined) renderings.set(columns, (entry = dialect.renderEntry(columns)));
    return entry;
  }

  /** The first matching entries in the order of time. */
  function firstEntries(
    bind: Bind,
    filter: LogFilter,
    columns: string,
    limit: number,
    direction: 'ASC' | 'DESC' = 'ASC',
    moreConditions: readonly string[] = [],
  ): string {
    const { conditions, merged } = filterEntries(dialect, bind, filter, true);
    const all = [...conditions, ...moreConditions];
    const order = { orderBy: ['time', 'id'], direction, limit };
    return dialect.ordered(bind, { columns, table: 'log_entry', conditions: all, merged, ...order });
  }

  /** The conditions of entries after a key, in an order. */
  function following(bind: Bind, { order, after }: Pick<PageQuery, 'order' | 'after'>): readonly string[] {
    if (!after) return [];
    const beyond = order === 'TIME_ASC' ? '>' : '<';
    const time = dialect.instant(bind, after.time);
    // PostgreSQL prunes partitions by the first condition.
    return [`time ${beyond}= ${time}`, `(time, id) ${beyond} (${time}, CAST(${bind(after.id)} AS bigint))`];
  }

  const renderLine = (format: LineFormat): string =>
    format === 'NDJSON' ? renderEntry(lineColumns) : dialect.renderCsv(format === 'CSV_WITH_FORMULAS');

  /** Conditions for statements that do not read in the order of time. */
  function conditionsOf(bind: Bind, filter: LogFilter): readonly string[] {
    return filterEntries(dialect, bind, filter, false).conditions;
  }

  const entryKey = `${dialect.micros('time')} || ':' || id`;
  const microsText = (time: string): string => `CAST(${dialect.micros(time)} AS text)`;

  const sessionColumns = `user_id AS "userId", session_id AS "sessionId",
    ${microsText('started_at')} AS "startedAt", ${microsText('ended_at')} AS "endedAt",
    CAST(entry_count AS text) AS "entryCount"`;

  return {
    maxBytes,

    /** One row: `objects`, null if more than `limit` entries match; see {@link Dialect.joinLarge}. */
    entries: ({ filter, columns, limit }: EntryQuery, placeholder = dialect.placeholder): Select =>
      compose(
        readClassOf(filter),
        (bind, joinLarge) => {
          const entry = `time, id, ${renderEntry(columns)} AS entry`;
          const rows = firstEntries(bind, filter, entry, limit + 1);
          const column = { name: 'objects', separator: entrySeparator, others: [] };
          const objects = joinLarge('entry', column, `count(*) <= ${limit}`);
          return `SELECT ${objects} FROM (${rows}) AS entries`;
        },
        placeholder,
      ),

    /** One row: `count`, `first` and `last` of the first `limit + 1` entries. */
    entryTimes: ({ filter, limit }: EntryQuery): Select =>
      compose(readClassOf(filter), (bind) => {
        const rows = firstEntries(bind, filter, 'time, id', limit + 1);
        return `SELECT count(*) AS count, ${microsText('min(time)')} AS first,
          ${microsText('max(time)')} AS last FROM (${rows}) AS entries`;
      }),

    /**
     * One row: `first`, the time of the first entry, and `excess`, that of the first one beyond `limit`, or with which
     * the JSON exceeds `bytes`; null if there is none.
     */
    excess: ({ filter, columns, limit }: EntryQuery, bytes: number): Select =>
      compose(readClassOf(filter), (bind) => {
        const size = `time, id, octet_length(${renderEntry(columns)}) + ${entrySeparator.length} AS bytes`;
        const rows = firstEntries(bind, filter, size, limit + 1);
        const isExcess = `bytes > ${bytes} OR place > ${limit}`;
        return `SELECT ${microsText('min(time)')} AS first,
            ${microsText(`min(CASE WHEN ${isExcess} THEN time END)`)} AS excess
          FROM (SELECT time, row_number() OVER entries AS place, sum(bytes) OVER entries AS bytes
            FROM (${rows}) AS entries
            WINDOW entries AS (ORDER BY time, id ROWS UNBOUNDED PRECEDING)) AS sums`;
      }),

    /**
     * One row: `objects`, see {@link Dialect.joinLarge}, and `keys` as `time:id` with spaces between; one entry more than
     * the page, if there is one.
     */
    page: ({ filter, order, columns, first, after }: PageQuery): Select =>
      compose(readClassOf(filter), (bind, joinLarge) => {
        const row = `time, id, ${renderEntry(columns)} AS entry, ${entryKey} AS key`;
        const conditions = following(bind, { order, after });
        const rows = firstEntries(bind, filter, row, first + 1, directions[order], conditions);
        const objects = joinLarge('entry', { name: 'objects', separator: entrySeparator, others: ['keys'] });
        return `SELECT ${objects},
          CAST(${dialect.join('key', ' ')} AS text) AS keys FROM (${rows}) AS entries`;
      }),

    /** One row: `text`, see {@link Dialect.joinLarge}, `count`, and `keys` as in `page`. */
    lines: ({ filter, order, format, first, after, lastId }: LinesQuery): Select =>
      compose(readClassOf(filter), (bind, joinLarge) => {
        const row = `time, id, ${renderLine(format)} AS line, ${entryKey} AS key`;
        const isOld = `${dialect.withoutIndex('id')} <= CAST(${bind(lastId)} AS bigint)`;
        const conditions = [...following(bind, { order, after }), isOld];
        const rows = firstEntries(bind, filter, row, first, directions[order], conditions);
        const lineBreak = format === 'NDJSON' ? '\n' : '\r\n';
        const text = joinLarge('line', { name: 'text', separator: lineBreak, others: ['count', 'keys'] });
        return `SELECT ${text}, count(*) AS count,
          CAST(${dialect.join('key', ' ')} AS text) AS keys FROM (${rows}) AS entries`;
      }),

    newestId: (): Select => ({ sql: dialect.newestId, values: [], readClass: 'bounded' }),

    /** Rows: `id`. SQLite reads them by id, PostgreSQL by session and time. */
    ids: ({ sessionId, firstId, count, ...range }: IdQuery): Select =>
      compose('bounded', (bind) => {
        const idOf = (id: number): string => `CAST(${bind(String(id))} AS bigint)`;
        const conditions = filterTime(dialect, bind, dialect.withoutIndex('time'), range);
        return `SELECT id FROM log_entry WHERE id >= ${idOf(firstId)} AND id < ${idOf(firstId + count)}
          AND ${dialect.withoutIndex('session_id')} = ${bind(sessionId)} AND ${conditions.join(' AND ')}`;
      }),

    /** One row: `count`. */
    count: (filter: LogFilter, upTo: number): Select =>
      compose(
        'expensive',
        (bind) => `SELECT count(*) AS count
          FROM (SELECT 1 FROM log_entry ${where(conditionsOf(bind, filter))} LIMIT ${upTo}) AS entries`,
      ),

    /** One row: `first` and `last`, null if no entry matches. */
    timeRange: (filter: LogFilter): Select =>
      compose('expensive', (bind) => {
        const end = (direction: 'ASC' | 'DESC'): string =>
          `(SELECT ${microsText('time')}
            FROM (${firstEntries(bind, filter, 'time, id', 1, direction)}) AS entries)`;
        return `SELECT ${end('ASC')} AS first, ${end('DESC')} AS last`;
      }),

    /** Rows: `key` (null for entries in no top group), `counts`; see {@link BucketCounts}. */
    histogram: ({ filter, starts, groupBy, topGroups }: HistogramQuery): Select => ({
      hasManyValues: groupBy !== undefined && starts.length * topGroups > manyValues,
      ...compose('expensive', (bind) => {
        const { startTime, endTime, ...rest } = filter;
        const conditions = conditionsOf(bind, rest);
        const bounds = [startTime, ...starts.slice(1), endTime];
        const counts = `CAST(${dialect.join(`bucket || ':' || count`, ' ')} AS text) AS counts`;
        if (!groupBy) {
          const rows = dialect.countByBucket(bind, bounds, conditions, undefined);
          return `SELECT CAST(NULL AS text) AS key, ${counts} FROM (${rows}) AS buckets HAVING count(*) > 0`;
        }
        const key = groupBy === 'TYPE' ? 'type' : 'user_id';
        return `WITH counts AS MATERIALIZED (${dialect.countByBucket(bind, bounds, conditions, key)}),
          top AS MATERIALIZED (SELECT key, row_number() OVER (ORDER BY total DESC, key) AS place
            FROM (SELECT key, sum(count) AS total FROM counts GROUP BY key
              ORDER BY total DESC, key LIMIT ${topGroups}) AS totals)
          SELECT key, ${counts} FROM (SELECT bucket, top.key AS key, place, CAST(sum(count) AS bigint) AS count
            FROM counts LEFT JOIN top ON top.key = counts.key GROUP BY bucket, top.key, place) AS grouped
          GROUP BY key, place ORDER BY place`;
      }),
    }),

    /** Rows: `type`, `count`, `first`, `last`; and in each, `types` and `entries` without the limit. */
    types: (filter: LogFilter, limit: number): Select =>
      compose(
        'expensive',
        (bind) => `SELECT type, count(*) AS count, ${microsText('min(time)')} AS first,
            ${microsText('max(time)')} AS last,
            count(*) OVER () AS types, CAST(sum(count(*)) OVER () AS bigint) AS entries
          FROM log_entry ${where(conditionsOf(bind, filter))}
          GROUP BY type ORDER BY count(*) DESC, type LIMIT ${limit}`,
      ),

    /** Rows: `x`, `y`, `count`; in one of them, `x` and `y` are null: its entries are in no cell. */
    clicks: ({ filter, x, y, cell, limit }: ClickQuery): Select =>
      compose('expensive', (bind) => {
        const isWithin = (name: string): string => `${name} BETWEEN -2147483648 AND 2147483647`;
        const isCell = `${isWithin('x')} AND ${isWithin('y')}`;
        // Grouped twice, so that SQLite computes the cell of an entry once.
        return `SELECT CAST(x AS bigint) AS x, CAST(y AS bigint) AS y, CAST(sum(count) AS bigint) AS count
          FROM (SELECT CASE WHEN ${isCell} THEN x END AS x, CASE WHEN ${isCell} THEN y END AS y, count
            FROM (SELECT x, y, count(*) AS count
              FROM (SELECT ${dialect.cellOf(bind, x, cell)} AS x, ${dialect.cellOf(bind, y, cell)} AS y
                FROM log_entry ${where(conditionsOf(bind, filter))}) AS clicks
              GROUP BY x, y) AS places) AS cells
          GROUP BY x, y ORDER BY y, x LIMIT ${limit + 1}`;
      }),

    /**
     * Rows: `userId`, `sessionId`, `startedAt`, `endedAt`, `entryCount`.
     * @param way for queries that have `passedEntries`
     */
    sessions: (query: SessionQuery, way?: SessionWay): Select =>
      compose(way === 'all' ? 'expensive' : readClassOf(query.filter), (bind) => {
        const rows = selectSessions(dialect, bind, query, way);
        return `SELECT ${sessionColumns} FROM (${rows}) AS session`;
      }),

    /**
     * One row: `time`. A bounded read of sessions may pass the entries after it; null: it may pass all entries.
     * Undefined if an index has the order of the sessions.
     */
    passedEntries: (query: SessionQuery): Select | undefined => {
      const { filter, sessionId, first } = query;
      if (dialect.indexesUserSessions || !filter.userIds || sessionId !== undefined) return undefined;
      return compose('bounded', (bind) => {
        const lastTime = selectLastPassed(dialect, bind, query, maxPassedOf(first));
        return `SELECT ${microsText('max(time)')} AS time FROM (${lastTime}) AS passed`;
      });
    },
  };
}
