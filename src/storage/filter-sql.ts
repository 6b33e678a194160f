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
  const lists = listsOf(filter);
  const leading = lists.find(({ column, values }) => column !== 'type' && values.length === 1) ?? lists[0];
  const merged = isOrdered && leading && leading.values.length !== 1 ? leading : undefined;

  const conditions: string[] = [];
  for (const list of lists) {
    if (list === merged) continue;
    const column = list === leading ? list.column : dialect.withoutIndex(list.column);
    conditions.push(isListed(dialect, bind, column, list.values));
  }
  conditions.push(...filterTime(dialect, bind, 'time', filter));
  for (const condition of filter.properties ?? []) conditions.push(dialect.property(bind, condition));
  return { conditions, merged };
}

/** Translates a filter for entries that are read in an order of no index that serves filters. */
export function filterInAnyOrder(dialect: Dialect, bind: Bind, filter: LogFilter): string[] {
  const lists = listsOf(filter);
  return [
    ...lists.map(({ column, values }) => isListed(dialect, bind, dialect.withoutIndex(column), values)),
    ...filterTime(dialect, bind, dialect.withoutIndex('time'), filter),
    ...(filter.properties ?? []).map((condition) => dialect.property(bind, condition)),
  ];
}

/** The lists of a filter, those first whose columns are the more selective. */
function listsOf({ sessionIds, userIds, types }: LogFilter): NonNullable<OrderedRows['merged']>[] {
  const lists: NonNullable<OrderedRows['merged']>[] = [];
  if (sessionIds) lists.push({ column: 'session_id', values: sessionIds });
  if (userIds) lists.push({ column: 'user_id', values: userIds });
  if (types) lists.push({ column: 'type', values: types });
  return lists;
}

function isListed(dialect: Dialect, bind: Bind, column: string, values: readonly string[]): string {
  const [value] = values;
  return values.length === 1 ? `${column} = ${bind(value!)}` : dialect.isOneOf(bind, column, values);
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
