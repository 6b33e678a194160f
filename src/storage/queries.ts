import type {
  ClickQuery,
  FilterQuery,
  HistogramQuery,
  PageQuery,
  SessionKeyQuery,
  SessionQuery,
} from '../logs/log-entry-repository';
import type { Bind, Dialect, Select, Value } from './dialect';
import { filterEntries, filterTime, where } from './filter-sql';

/** The separator of entries on a page: JSON escapes line breaks in its strings, so that this is inside of none. */
export const entrySeparator = ',\n';

/** Composes the statements that read, for one kind of database. Times come as text, in microseconds: they exceed 2^53. */
export function createQueries(dialect: Dialect) {
  /** Gives a function that composes a statement the means to bind values. */
  function compose(write: (bind: Bind) => string): Select {
    const values: Value[] = [];
    const sql = write((value) => dialect.placeholder(values.push(value)));
    return { sql, values };
  }
  const microsText = (time: string): string => `CAST(${dialect.micros(time)} AS text)`;

  const sessionColumns = `user_id AS "userId", session_id AS "sessionId",
    ${microsText('started_at')} AS "startedAt", ${microsText('ended_at')} AS "endedAt",
    CAST(entry_count AS text) AS "entryCount"`;

  return {
    /** A row: `objects`, `keys` as `time:id` with spaces between; one entry more than the page holds, if there is one. */
    page: ({ filter, order, columns, first, after }: PageQuery): Select =>
      compose((bind) => {
        const { conditions, merged } = filterEntries(dialect, bind, filter, true);
        const beyond = order === 'TIME_ASC' ? '>' : '<';
        const following: string[] = [];
        if (after) {
          const time = dialect.instant(bind, after.time);
          // The first condition is what partitions are chosen by.
          following.push(`time ${beyond}= ${time}`);
          following.push(`(time, id) ${beyond} (${time}, CAST(${bind(after.id)} AS bigint))`);
        }
        const key = `${dialect.micros('time')} || ':' || id`;
        const rows = dialect.ordered(bind, {
          columns: `time, id, ${dialect.renderEntry(columns)} AS entry, ${key} AS key`,
          table: 'log_entry',
          conditions: [...conditions, ...following],
          merged,
          orderBy: ['time', 'id'],
          direction: order === 'TIME_ASC' ? 'ASC' : 'DESC',
          limit: first + 1,
        });
        return `SELECT ${dialect.join('entry', entrySeparator)} AS objects,
          CAST(${dialect.join('key', ' ')} AS text) AS keys FROM (${rows}) AS entries`;
      }),

    /** A row: `count`. */
    count: ({ filter, upTo }: FilterQuery & { readonly upTo: number }): Select =>
      compose((bind) => {
        const { conditions } = filterEntries(dialect, bind, filter, false);
        return `SELECT count(*) AS count
          FROM (SELECT 1 FROM log_entry ${where(conditions)} LIMIT ${upTo}) AS entries`;
      }),

    /** A row: `first` and `last`, null when nothing matches. */
    extent: ({ filter }: FilterQuery): Select =>
      compose((bind) => {
        const end = (direction: 'ASC' | 'DESC'): string => {
          const { conditions, merged } = filterEntries(dialect, bind, filter, true);
          return dialect.ordered(bind, {
            columns: 'time, id',
            table: 'log_entry',
            conditions,
            merged,
            orderBy: ['time', 'id'],
            direction,
            limit: 1,
          });
        };
        return `SELECT (SELECT ${microsText('time')} FROM (${end('ASC')}) AS entries) AS first,
          (SELECT ${microsText('time')} FROM (${end('DESC')}) AS entries) AS last`;
      }),

    /** Rows: `bucket`, `key` (null for all that are in no top group), `count`. */
    histogram: ({ filter, starts, groupBy, topGroups }: HistogramQuery): Select =>
      compose((bind) => {
        const { startTime, endTime, ...rest } = filter;
        const { conditions } = filterEntries(dialect, bind, rest, false);
        const bounds = [startTime, ...starts.slice(1), endTime];
        if (!groupBy) {
          const counts = dialect.countByBucket(bind, bounds, conditions, undefined);
          return `SELECT bucket, CAST(NULL AS text) AS key, count FROM (${counts}) AS counts`;
        }
        const key = groupBy === 'TYPE' ? 'type' : 'user_id';
        return `WITH counts AS MATERIALIZED (${dialect.countByBucket(bind, bounds, conditions, key)}),
          top AS MATERIALIZED (SELECT key, row_number() OVER (ORDER BY total DESC, key) AS place
            FROM (SELECT key, sum(count) AS total FROM counts GROUP BY key
              ORDER BY total DESC, key LIMIT ${topGroups}) AS totals)
          SELECT bucket, top.key AS key, CAST(sum(count) AS bigint) AS count
          FROM counts LEFT JOIN top ON top.key = counts.key
          GROUP BY bucket, top.key, top.place ORDER BY bucket, top.place`;
      }),

    /** Rows: `type`, `count`, `first`, `last`. */
    types: ({ filter, limit }: FilterQuery & { readonly limit: number }): Select =>
      compose((bind) => {
        const { conditions } = filterEntries(dialect, bind, filter, false);
        return `SELECT type, count(*) AS count, ${microsText('min(time)')} AS first,
            ${microsText('max(time)')} AS last
          FROM log_entry ${where(conditions)}
          GROUP BY type ORDER BY count(*) DESC, type LIMIT ${limit}`;
      }),

    /** Rows: `x`, `y`, `count`. */
    clicks: ({ filter, x, y, cell, limit }: ClickQuery): Select =>
      compose((bind) => {
        const { conditions } = filterEntries(dialect, bind, filter, false);
        const isWithin = (name: string): string => `${name} BETWEEN -2147483648 AND 2147483647`;
        return `SELECT CAST(x AS bigint) AS x, CAST(y AS bigint) AS y, count(*) AS count
          FROM (SELECT ${dialect.cellOf(bind, x, cell)} AS x, ${dialect.cellOf(bind, y, cell)} AS y
            FROM log_entry ${where(conditions)}) AS clicks
          WHERE ${isWithin('x')} AND ${isWithin('y')}
          GROUP BY x, y ORDER BY y, x LIMIT ${limit}`;
      }),

    /** Rows: `userId`, `sessionId`, `startedAt`, `endedAt`, `entryCount`. */
    sessions: ({ filter, first, after }: SessionQuery): Select =>
      compose((bind) => {
        const { userIds } = filter;
        const conditions = filterTime(dialect, bind, 'started_at', filter);
        if (userIds?.length === 1) conditions.push(`user_id = ${bind(userIds[0]!)}`);
        if (after) {
          const { sessionId, userId } = after;
          const startedAt = dialect.instant(bind, after.startedAt);
          conditions.push(`(started_at, session_id, user_id) <
            (${startedAt}, ${bind(sessionId)}, ${bind(userId)})`);
        }
        const rows = dialect.ordered(bind, {
          columns: '*',
          table: 'session',
          conditions,
          merged:
            userIds && userIds.length > 1 ? { column: 'user_id', values: userIds } : undefined,
          orderBy: ['started_at', 'session_id', 'user_id'],
          direction: 'DESC',
          limit: first,
        });
        return `SELECT ${sessionColumns} FROM (${rows}) AS session`;
      }),

    /** A row like those of `sessions`, or none. */
    session: ({ userId, sessionId }: SessionKeyQuery): Select =>
      compose(
        (bind) => `SELECT ${sessionColumns} FROM session
          WHERE session_id = ${bind(sessionId)} AND user_id = ${bind(userId)}`,
      ),
  };
}
