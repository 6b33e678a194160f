import type { ChangesQuery, Position } from '../logs/change-store';
import type { LogFilter } from '../logs/filtering/log-filter';
import type { EntryColumn } from '../logs/model/log-entry';
import { entrySeparator } from '../logs/log-entry-repository';
import type { Bind, Dialect, Select, Value } from './dialect';
import { filterInAnyOrder, where } from './filter-sql';

/** Entries that a page looks at: with a filter that few entries pass, it has fewer entries than `first`. */
export const maxLookedAt = 50_000;
/** Erasures on a page. */
export const maxNotices = 1_000;

/** How a database stores the order of commits. Members return SQL. */
export interface ChangeDialect {
  /** The columns of a position, in the order of their comparison. Both `log_entry` and `erasure` have them. */
  readonly position: readonly string[];
  /** A bound position, comparable with the columns: with several columns, a row. */
  bindPosition(bind: Bind, position: Position): string;
  /** The columns as text: `commit:id`, or the id alone where the commit is 0. */
  readonly positionText: string;
  /**
   * A statement with one row: `epoch`; the columns of the first position that cannot be read yet; `is_future`, whether
   * the database has not given out positions up to `after`.
   * @param after a position bound by `bindPosition`
   */
  state(after: string): string;
  /**
   * A statement with one row, or none: the columns of a position after so many entries after `after`, or after more ids.
   * No row if there are fewer entries.
   */
  lookedAt(after: string, count: number): string;
  /** Bytes of an entry's JSON, or a little more. */
  bytesOf(columns: readonly EntryColumn[]): string;
  /** An aggregate: the JSON array of arrays with these items, one for each row; null or an empty one without rows. */
  arrays(items: readonly string[]): string;
}

/** The row of a page. */
export interface ChangesRow {
  readonly epoch: string;
  /** 1 or true: `after` is in the future. */
  readonly isFuture: number | boolean;
  /** The page holds what comes before this position. */
  readonly stop: string;
  /** Why it does: nothing after it can be read yet, too many entries were looked at, or an erasure follows. */
  readonly reason: 'end' | 'lookedAt' | 'erasure';
  readonly objects: Buffer | string;
  /** The positions of the entries, with spaces between. */
  readonly positions: string;
  /** Whether matching entries follow before `stop`. */
  readonly hasRest: number | boolean;
  /** Arrays of the position, the user, the session or null, and the time in µs as text. Null if `hasRest`. */
  readonly notices: string | unknown[] | null;
  /** Whether an entry follows the first erasure. */
  readonly isFollowed: number | boolean;
}

/** Composes the statements that read in the order of commits. Each is one snapshot of the database. */
export function createChangeQueries(dialect: Dialect, changes: ChangeDialect) {
  const columns = changes.position.join(', ');
  const position = changes.position.length > 1 ? `(${columns})` : columns;
  const positionOf = (table: string): string => `(SELECT ${columns} FROM ${table})`;
  const firstOf = (rows: string): string => `${rows} ORDER BY ${columns} LIMIT 1`;

  return {
    /** One row: see {@link ChangesRow}. */
    page({ filter, columns: members, after, first, maxBytes }: ChangesQuery): Select {
      const values: Value[] = [];
      const bind: Bind = (value) => dialect.placeholder(values.push(value));
      const start = changes.bindPosition(bind, after);
      const isAfter = `${position} > ${start}`;
      const entryFilter = filterInAnyOrder(dialect, bind, filter);
      const noticeFilter = filterNotices(dialect, bind, filter);
      // Every entry looked at is on the page if there is no filter.
      const lookedAt = `UNION ALL SELECT ${columns}, 'lookedAt' AS reason
        FROM (${changes.lookedAt(start, maxLookedAt)}) AS looked_at`;
      const sql = `WITH state AS MATERIALIZED (${changes.state(start)}),
        bound AS MATERIALIZED (${firstOf(`SELECT * FROM (SELECT ${columns}, 'end' AS reason FROM state
          ${entryFilter.length > 0 ? lookedAt : ''}) AS bounds`)}),
        erased AS MATERIALIZED (${firstOf(`SELECT ${columns}, 'erasure' AS reason FROM erasure
          ${where([isAfter, `${position} < ${positionOf('bound')}`, ...noticeFilter])}`)}),
        stop AS MATERIALIZED (${firstOf(`SELECT * FROM (
          SELECT * FROM bound UNION ALL SELECT * FROM erased) AS stops`)}),
        matched AS MATERIALIZED (
          SELECT *, sum(bytes) OVER (ORDER BY ${columns} ROWS UNBOUNDED PRECEDING) AS all_bytes
          FROM (SELECT ${columns}, ${changes.bytesOf(members)} AS bytes FROM log_entry
            ${where([isAfter, `${position} < ${positionOf('stop')}`, ...entryFilter])}
            ORDER BY ${columns} LIMIT ${first + 1}) AS sizes),
        taken AS MATERIALIZED (
          SELECT ${columns}, ${changes.positionText} AS place, ${dialect.renderEntry(members)} AS entry
          FROM matched JOIN log_entry USING (${columns})
          WHERE all_bytes <= ${maxBytes} OR all_bytes = bytes
          ORDER BY ${columns} LIMIT ${first}),
        next_entry AS MATERIALIZED (${firstOf(`SELECT ${columns} FROM log_entry
          WHERE ${position} > ${positionOf('erased')} AND ${position} < ${positionOf('state')}`)}),
        notices AS MATERIALIZED (
          SELECT ${changes.positionText} AS place, user_id, session_id, ${dialect.micros('erased_at')} AS erased_at
          FROM erasure ${where([
            `${position} >= ${positionOf('erased')}`,
            `${position} < (${firstOf(`SELECT * FROM (
              SELECT ${columns} FROM bound UNION ALL SELECT * FROM next_entry) AS ends`)})`,
            ...noticeFilter,
          ])}
          ORDER BY ${columns} LIMIT ${maxNotices + 1}),
        rest AS MATERIALIZED (SELECT (SELECT count(*) FROM matched) > (SELECT count(*) FROM taken) AS has_rest)
        SELECT epoch, is_future AS "isFuture", has_rest AS "hasRest",
          (SELECT ${changes.positionText} FROM stop) AS stop, (SELECT reason FROM stop) AS reason,
          (SELECT ${dialect.join('entry', entrySeparator)} FROM taken) AS objects,
          (SELECT CAST(${dialect.join('place', ' ')} AS text) FROM taken) AS positions,
          CASE WHEN NOT has_rest THEN
            (SELECT ${changes.arrays(['place', 'user_id', 'session_id', 'CAST(erased_at AS text)'])} FROM notices)
          END AS notices,
          EXISTS (SELECT 1 FROM next_entry) AS "isFollowed"
        FROM state CROSS JOIN rest`;
      return { sql, values, readClass: entryFilter.length > 0 ? 'expensive' : 'bounded' };
    },

    /** One row: `epoch`, and `stop`, the first position that cannot be read yet. */
    end(): Select {
      const values: Value[] = [];
      const start = changes.bindPosition((value) => dialect.placeholder(values.push(value)), {
        commit: 0,
        id: 0,
      });
      const sql = `SELECT epoch, ${changes.positionText} AS stop FROM (${changes.state(start)}) AS state`;
      return { sql, values, readClass: 'bounded' };
    },
  };
}

/** The conditions of the notices that a filter lets pass. */
export function filterNotices(dialect: Dialect, bind: Bind, { userIds, sessionIds }: LogFilter): string[] {
  const conditions: string[] = [];
  if (userIds) conditions.push(dialect.isOneOf(bind, 'user_id', userIds));
  if (sessionIds) {
    conditions.push(`(session_id IS NULL OR ${dialect.isOneOf(bind, 'session_id', sessionIds)})`);
  }
  return conditions;
}
