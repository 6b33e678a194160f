import type { ErasureNotice } from '../change-store';
import type { LogFilter } from '../filtering/log-filter';
import type { PropertyCondition, PropertyPredicate } from '../filtering/property-filter';
import type { Instant } from '../model/instant';
import { isObject } from '../model/json';

/** The parts of an entry that filters look at. */
export interface MatchedEntry {
  readonly userId: string;
  readonly sessionId: string;
  readonly type: string;
  /** Called only if the filter has a bound on time. */
  instant(): Instant;
  /** Called only if the filter has conditions on properties. */
  properties(): unknown;
}

/** Makes the function that tells whether a filter passes an entry, as `storage/filter-sql.ts` does in SQL. */
export function createEntryMatcher(filter: LogFilter): (entry: MatchedEntry) => boolean {
  const [users, sessions, types] = [filter.userIds, filter.sessionIds, filter.types].map(
    (values) => values && new Set(values),
  );
  const { startTime, endTime, properties: conditions = [] } = filter;
  const hasRange = startTime !== undefined || endTime !== undefined;
  const isInRange = (instant: Instant): boolean =>
    (startTime === undefined || instant >= startTime) && (endTime === undefined || instant < endTime);
  return (entry) => {
    if (users && !users.has(entry.userId)) return false;
    if (sessions && !sessions.has(entry.sessionId)) return false;
    if (types && !types.has(entry.type)) return false;
    if (hasRange && !isInRange(entry.instant())) return false;
    if (conditions.length === 0) return true;
    const properties = entry.properties();
    return conditions.every((condition) => meets(properties, condition));
  };
}

/** Whether a filter passes an erasure: by its users and sessions only. */
export function matchesErasure({ userIds, sessionIds }: LogFilter, erasure: ErasureNotice): boolean {
  const { userId, sessionId } = erasure;
  if (userIds && !userIds.includes(userId)) return false;
  return !sessionIds || sessionId === undefined || sessionIds.includes(sessionId);
}

function meets(properties: unknown, { path, predicate }: PropertyCondition): boolean {
  let value = properties;
  for (const key of path) {
    // Paths lead through objects only.
    value = isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  }
  if (value === undefined) return predicate.kind === 'exists' && !predicate.expected;
  return passes(value, predicate);
}

/** @param value of a property that exists */
function passes(value: unknown, predicate: PropertyPredicate): boolean {
  switch (predicate.kind) {
    case 'in':
      return predicate.values.some((wanted) => wanted === value);
    case 'exists':
      return predicate.expected;
    case 'isNull':
      return (value === null) === predicate.expected;
    case 'compare':
      return typeof value === 'number' && compare[predicate.operator](value, predicate.bound);
  }
}

const compare = {
  '>': (value: number, bound: number) => value > bound,
  '>=': (value: number, bound: number) => value >= bound,
  '<': (value: number, bound: number) => value < bound,
  '<=': (value: number, bound: number) => value <= bound,
};
