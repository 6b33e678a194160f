import type { LogFilter } from '../logs/filtering/log-filter';
import type { Bind, Dialect, OrderedRows } from './dialect';

/** A filter on entries as SQL. */
export interface FilterSql {
  readonly conditions: readonly string[];
  /** See {@link OrderedRows}; its column is in none of the conditions. */
  readonly merged: OrderedRows['merged'];
}

/**
 * The conditions of a filter. One index serves it, that of the column that narrows the most: a session, a user, then a
 * type, else time; no other one is used, since SQLite, which knows nothing of the values, would guess.
 * @param isOrdered whether rows are wanted in the order of time: an index has them so for one value of its column
 */
export function filterEntries(
  dialect: Dialect,
  bind: Bind,
  filter: LogFilter,
  isOrdered: boolean,
): FilterSql {
  const lists = [
    { column: 'session_id', values: filter.sessionIds },
    { column: 'user_id', values: filter.userIds },
    { column: 'type', values: filter.types },
  ].filter((list): list is { column: string; values: readonly string[] } => !!list.values);
  const isSingle = ({ values }: { values: readonly string[] }): boolean => values.length === 1;
  const owners = lists.filter(({ column }) => column !== 'type');
  const leading = owners.find(isSingle) ?? owners[0] ?? lists[0];
  const merged = isOrdered && leading && !isSingle(leading) ? leading : undefined;

  const conditions = lists
    .filter((list) => list !== merged)
    .map((list) => {
      const column = list === leading ? list.column : dialect.withoutIndex(list.column);
      return isSingle(list)
        ? `${column} = ${bind(list.values[0]!)}`
        : dialect.isOneOf(bind, column, list.values);
    });
  conditions.push(...filterTime(dialect, bind, 'time', filter));
  for (const condition of filter.properties ?? []) {
    conditions.push(dialect.property(bind, condition));
  }
  return { conditions, merged };
}

/** The conditions on a time: startTime <= time < endTime. */
export function filterTime(
  dialect: Dialect,
  bind: Bind,
  column: string,
  { startTime, endTime }: Pick<LogFilter, 'startTime' | 'endTime'>,
): string[] {
  const conditions: string[] = [];
  if (startTime !== undefined) conditions.push(`${column} >= ${dialect.instant(bind, startTime)}`);
  if (endTime !== undefined) conditions.push(`${column} < ${dialect.instant(bind, endTime)}`);
  return conditions;
}

/** `WHERE` and the conditions, or nothing. */
export function where(conditions: readonly string[]): string {
  return conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
}
