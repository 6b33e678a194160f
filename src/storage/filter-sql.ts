import type { LogFilter } from '../logs/filtering/log-filter';
import type { Bind, Dialect, OrderedRows, Select } from './dialect';

/** A filter on entries as SQL. */
export interface FilterSql {
  readonly conditions: readonly string[];
  /** See {@link OrderedRows}. None of the conditions contains its column. */
  readonly merged: OrderedRows['merged'];
}

/**
 * Translates a filter. One index serves it, that of the most selective column: session, user, type, else
 * time. SQLite has no statistics and might choose another one, so the other columns are kept from their
 * indexes.
 * @param isOrdered whether rows are read in the order of time. An index has this order for one value of its
 *   column only, so several values become `merged`
 */
export function filterEntries(
  dialect: Dialect,
  bind: Bind,
  filter: LogFilter,
  isOrdered: boolean,
): FilterSql {
  const lists: NonNullable<OrderedRows['merged']>[] = [];
  const { sessionIds, userIds, types } = filter;
  if (sessionIds) lists.push({ column: 'session_id', values: sessionIds });
  if (userIds) lists.push({ column: 'user_id', values: userIds });
  if (types) lists.push({ column: 'type', values: types });
  const leading = lists.find(({ column, values }) => column !== 'type' && values.length === 1) ?? lists[0];
  const merged = isOrdered && leading && leading.values.length !== 1 ? leading : undefined;

  const conditions: string[] = [];
  for (const list of lists) {
    if (list === merged) continue;
    const column = list === leading ? list.column : dialect.withoutIndex(list.column);
    const [value] = list.values;
    const isSingle = list.values.length === 1;
    conditions.push(isSingle ? `${column} = ${bind(value!)}` : dialect.isOneOf(bind, column, list.values));
  }
  conditions.push(...filterTime(dialect, bind, 'time', filter));
  for (const condition of filter.properties ?? []) conditions.push(dialect.property(bind, condition));
  return { conditions, merged };
}

/**
 * Whether a read in the order of time is bounded: its walk over an index passes no entry that it does not return, so
 * that it costs what it returns. One index serves a filter, so a second condition passes entries that it refuses.
 */
export function readClassOf({ sessionIds, userIds, types, properties }: LogFilter): Select['readClass'] {
  const lists = [sessionIds, userIds, types].filter((list) => list !== undefined);
  const isOfOneValue = lists.every((list) => list.length === 1);
  // The index of sessions passes entries of other users whose session has the same id: few, if any.
  const isOneWalk =
    lists.length <= 1 || (lists.length === 2 && sessionIds !== undefined && userIds !== undefined);
  return isOfOneValue && isOneWalk && !properties ? 'bounded' : 'expensive';
}

/** The conditions `startTime <= column < endTime`. */
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

/** `WHERE` and the conditions; empty without conditions. */
export function where(conditions: readonly string[]): string {
  return conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
}
