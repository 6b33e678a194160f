import type { SessionQuery } from '../logs/log-entry-repository';
import type { Bind, Dialect } from './dialect';
import { filterTime, where } from './filter-sql';

/**
 * How sessions of users are found without an index of sessions by user: see docs/adr/0011. `entries`: through
 * the entries of the users, as a session starts at the time of its first entry. `all`: through all sessions.
 */
export type SessionWay = 'entries' | 'all';

/**
 * The first matching sessions, newest first, with all columns of the table.
 * @param way undefined if an index has their order
 */
export function selectSessions(
  dialect: Dialect,
  bind: Bind,
  { filter, sessionId, first, after }: SessionQuery,
  way: SessionWay | undefined,
): string {
  const { userIds } = filter;
  const start = way === 'entries' ? 'time' : 'started_at';
  const conditions = filterTime(dialect, bind, start, filter);
  if (after) {
    const startedAt = dialect.instant(bind, after.startedAt);
    conditions.push(`(${start}, session_id, user_id) <
      (${startedAt}, ${bind(after.sessionId)}, ${bind(after.userId)})`);
  }
  const orderBy = [start, 'session_id', 'user_id'];
  const order = { orderBy, direction: 'DESC', limit: first } as const;
  if (way === 'all' && userIds) {
    conditions.push(dialect.isOneOf(bind, dialect.withoutIndex('user_id'), userIds));
    // Passes the index alone, and reads the rows of these keys only.
    const columns = 'session_id, user_id';
    const keys = dialect.ordered(bind, {
      columns,
      table: 'session',
      conditions,
      merged: undefined,
      ...order,
    });
    return `SELECT * FROM session WHERE (session_id, user_id) IN (${keys})
      ORDER BY ${orderBy.map((column) => `${column} DESC`).join(', ')}`;
  }
  if (way === 'entries') conditions.push(`${dialect.withoutIndex('started_at')} = time`);
  if (userIds?.length === 1) conditions.push(`user_id = ${bind(userIds[0]!)}`);
  if (sessionId !== undefined) conditions.push(`session_id = ${bind(sessionId)}`);
  const merged = userIds && userIds.length > 1 ? { column: 'user_id', values: userIds } : undefined;
  // DISTINCT: several entries may have the time of the first one. CROSS JOIN: SQLite begins with log_entry.
  const rows =
    way === 'entries'
      ? {
          columns: 'DISTINCT session.*, time',
          table: 'log_entry CROSS JOIN session USING (session_id, user_id)',
        }
      : { columns: '*', table: 'session' };
  return dialect.ordered(bind, { ...rows, conditions, merged, ...order });
}

/** Maximum number of entries that a bounded read of `first` sessions passes: 1 to 2 µs each. */
export const maxPassedFor = (first: number): number => 10_000 + 20 * first;

/**
 * Rows: `time`. The users have at most `maxPassed` entries after the greatest one. No rows if they have at
 * most `maxPassed` entries.
 */
export function selectLastPassed(
  dialect: Dialect,
  bind: Bind,
  { filter, after }: SessionQuery,
  maxPassed: number,
): string {
  const { userIds = [] } = filter;
  const conditions = filterTime(dialect, bind, 'time', filter);
  if (after) conditions.push(`time <= ${dialect.instant(bind, after.startedAt)}`);
  // Steps over 30 entries in a microsecond: the index has all that is needed.
  const skipped = Math.floor(maxPassed / userIds.length);
  const parts = userIds.map((userId) => {
    const own = where([`user_id = ${bind(userId)}`, ...conditions]);
    const last = `SELECT time FROM log_entry ${own} ORDER BY time DESC LIMIT 1 OFFSET ${skipped}`;
    return `SELECT time FROM (${last}) AS entry`;
  });
  return parts.join(' UNION ALL ');
}
