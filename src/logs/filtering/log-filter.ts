import { IsOptional } from 'class-validator';
import { FilterTooBroadError, InvalidInputError } from '../model/errors';
import { parseRangeBound, type Instant } from '../model/instant';
import { isObject } from '../model/json';
import { filterLimits, limits } from '../model/limits';
import { shorten } from '../model/shorten';
import { IsList } from '../validation/list';
import { explainText } from '../validation/text';
import { IsNotAfter, IsRangeBound } from '../validation/time';
import { toPropertyCondition, type PropertyCondition } from './property-filter';
import { createViolationList } from '../validation/violations';
import { check } from '../validation/validate';

const { maxValues, maxConditions } = filterLimits;

/** Which entries are wanted: those that pass every part that is given; of a list, one value must fit. */
export interface LogFilter {
  readonly userIds?: readonly string[] | undefined;
  readonly sessionIds?: readonly string[] | undefined;
  readonly types?: readonly string[] | undefined;
  readonly startTime?: Instant | undefined;
  readonly endTime?: Instant | undefined;
  readonly properties?: readonly PropertyCondition[] | undefined;
}

/** The argument `filter`, as it was sent. Null means the same as absent. */
export class LogFilterInput {
  @IsOptional()
  @IsList(maxValues, 'user ids')
  readonly userIds?: readonly string[] | null | undefined;

  @IsOptional()
  @IsList(maxValues, 'session ids')
  readonly sessionIds?: readonly string[] | null | undefined;

  @IsOptional()
  @IsList(maxValues, 'types')
  readonly types?: readonly string[] | null | undefined;

  @IsOptional()
  @IsRangeBound()
  @IsNotAfter('endTime')
  readonly startTime?: string | null | undefined;

  @IsOptional()
  @IsRangeBound()
  readonly endTime?: string | null | undefined;

  @IsOptional()
  @IsList(maxConditions, 'property filters')
  readonly properties?: readonly object[] | null | undefined;
}

const fields = ['userIds', 'sessionIds', 'types', 'startTime', 'endTime', 'properties'] as const;
const texts = [
  ['userIds', limits.maxIdLength],
  ['sessionIds', limits.maxIdLength],
  ['types', limits.maxTypeLength],
] as const;

/** Filters that have been read. A filter in a variable is read when the variable is checked, then again by its field. */
const knownFilters = new WeakMap<object, LogFilter>();

/**
 * Reads the argument `filter` of a query.
 * @param sent null and undefined: every entry
 * @throws {InvalidInputError} listing every violation
 * @throws {FilterTooBroadError} when properties would have to be searched for in every entry there is
 */
export function toLogFilter(sent: unknown): LogFilter {
  if (sent === null || sent === undefined) return {};
  if (!isObject(sent))
    throw new InvalidInputError([{ path: 'filter', message: 'must be an object' }]);
  const known = knownFilters.get(sent);
  if (known) return known;
  const violations = createViolationList();
  const checked = check(LogFilterInput, fields, sent, 'filter.', violations);
  for (const [field, maxLength] of texts) {
    if (!isListWithin(checked[field], maxValues)) continue;
    checked[field].forEach((value, at) => {
      const message = explainText(value, maxLength);
      if (message) violations.add(() => `filter.${field}[${at}]`, message);
    });
  }
  const properties = isListWithin(checked.properties, maxConditions)
    ? checked.properties.map((sentOne, at) =>
        toPropertyCondition(sentOne, `filter.properties[${at}]`, violations),
      )
    : undefined;
  if (violations.listed.length > 0) throw violations.toError();

  const { userIds, sessionIds, types, startTime, endTime } = checked;
  const filter = {
    userIds: toSet(userIds),
    sessionIds: toSet(sessionIds),
    types: toSet(types),
    startTime: startTime ? parseRangeBound(startTime) : undefined,
    endTime: endTime ? parseRangeBound(endTime) : undefined,
    properties: (properties as readonly PropertyCondition[] | undefined)?.toSorted(byText),
  };
  const { properties: conditions, ...bounds } = filter;
  if (conditions && Object.values(bounds).every((bound) => bound === undefined)) {
    throw new FilterTooBroadError();
  }
  knownFilters.set(sent, filter);
  return filter;
}

const sessionFilterFields: readonly string[] = ['userIds', 'startTime', 'endTime'];

/**
 * Reads the argument `filter` of `sessions`, which has only some fields of a LogFilter.
 * @throws {InvalidInputError} listing every violation
 */
export function toSessionFilter(sent: unknown): LogFilter {
  const names = isObject(sent) ? Object.keys(sent) : [];
  const unknown = names.filter((name) => !sessionFilterFields.includes(name));
  if (unknown.length === 0) return toLogFilter(sent);
  const violations = createViolationList();
  for (const name of unknown) {
    if (!violations.add(() => `filter.${shorten(name)}`, 'is not a known field')) break;
  }
  throw violations.toError();
}

function isListWithin<Item>(
  list: readonly Item[] | null | undefined,
  most: number,
): list is readonly Item[] {
  return Array.isArray(list) && list.length <= most;
}

/** An order that does not depend on the one sent. */
function byText(one: object, other: object): number {
  return JSON.stringify(one) < JSON.stringify(other) ? -1 : 1;
}

/** Each value once, in an order that does not depend on the one sent. */
function toSet(values: readonly string[] | null | undefined): readonly string[] | undefined {
  return values ? [...new Set(values)].sort() : undefined;
}
