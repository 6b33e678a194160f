import { IsOptional } from 'class-validator';
import { FilterTooBroadError, InvalidInputError } from '../model/errors';
import { isDate, microsPerDay, parseRangeBound, type Instant } from '../model/instant';
import { filterLimits, limits } from '../model/limits';
import type { InputClass } from '../validation/rule';
import { checkText } from '../validation/text';
import { IsNotAfter, IsRangeBound } from '../validation/time';
import { IsInputList, IsList, requireValid } from '../validation/validate';
import { PropertyFilterInput, toPropertyCondition, type PropertyCondition } from './property-filter';

const { maxValues, maxConditions } = filterLimits;

/** Selects the entries that match every given field. A list matches if one of its items matches. */
export interface LogFilter {
  readonly userIds?: readonly string[] | undefined;
  readonly sessionIds?: readonly string[] | undefined;
  readonly types?: readonly string[] | undefined;
  readonly startTime?: Instant | undefined;
  readonly endTime?: Instant | undefined;
  readonly properties?: readonly PropertyCondition[] | undefined;
}

/** A list of 1 to 100 texts. */
function IsTextList(items: string, maxLength: number): PropertyDecorator {
  return IsList({ min: 1, max: maxValues, items }, (value) => checkText(value, maxLength));
}

/** The argument `filter`, as sent. Null means the same as absent. */
export class LogFilterInput {
  @IsOptional() @IsTextList('user ids', limits.maxIdLength) readonly userIds?: readonly string[] | null;
  @IsOptional() @IsTextList('session ids', limits.maxIdLength) readonly sessionIds?: readonly string[] | null;
  @IsOptional() @IsTextList('types', limits.maxTypeLength) readonly types?: readonly string[] | null;
  @IsOptional() @IsRangeBound() @IsNotAfter('endTime', microsPerDay) readonly startTime?: string | null;
  @IsOptional() @IsRangeBound() readonly endTime?: string | null;

  @IsOptional()
  @IsInputList({ min: 1, max: maxConditions, items: 'property filters' }, PropertyFilterInput)
  readonly properties?: readonly PropertyFilterInput[] | null;
}

/** The argument `filter` of `sessions`, as sent. */
export class SessionFilterInput {
  @IsOptional() @IsTextList('user ids', limits.maxIdLength) readonly userIds?: readonly string[] | null;
  @IsOptional() @IsRangeBound() @IsNotAfter('endTime') readonly startTime?: string | null;
  @IsOptional() @IsRangeBound() readonly endTime?: string | null;
}

/** Checks the argument `filter` without a time zone: a date may be up to a day after its date-time `endTime`. */
export const checkLogFilter = createFilterReader(LogFilterInput);

/**
 * Validates and reads the argument `filter`; null or absent: every entry.
 * @param startOfDate the instant of a bound that is a date, by its midnight UTC
 * @throws {InvalidInputError} listing every violation
 * @throws {FilterTooBroadError} when the filter would read the properties of all entries
 */
export function toLogFilter(sent: unknown, startOfDate?: (midnight: Instant) => Instant): LogFilter {
  const filter = toChangesFilter(sent, startOfDate);
  requireBound(filter);
  return filter;
}

/** Reads the argument `filter` of the feed, which may read the properties of all entries; see {@link toLogFilter}. */
export function toChangesFilter(
  sent: unknown,
  startOfDate = (midnight: Instant): Instant => midnight,
): LogFilter {
  const filter = checkLogFilter(sent);
  const [startTime, endTime] = (['startTime', 'endTime'] as const).map((name) => {
    const instant = filter[name];
    return instant !== undefined && isDate((sent as LogFilterInput)[name]!) ? startOfDate(instant) : instant;
  });
  if (startTime !== undefined && endTime !== undefined && startTime > endTime) {
    throw new InvalidInputError([{ path: 'filter.startTime', message: 'must not be after endTime' }]);
  }
  const isUnchanged = startTime === filter.startTime && endTime === filter.endTime;
  return isUnchanged ? filter : { ...filter, startTime, endTime };
}

/**
 * Requires a filter on properties to have another part, too: an index serves each of these.
 * @throws {FilterTooBroadError}
 */
export function requireBound({
  properties,
  userIds,
  sessionIds,
  types,
  startTime,
  endTime,
}: LogFilter): void {
  if (properties && [userIds, sessionIds, types, startTime, endTime].every((value) => value === undefined)) {
    throw new FilterTooBroadError();
  }
}

/** Validates and reads the argument `filter` of `sessions`; see {@link toLogFilter}. */
export const toSessionFilter = createFilterReader(SessionFilterInput);

/** Remembers filters by identity: a filter in a variable is read with the variables, then by its field. */
function createFilterReader(Input: InputClass<LogFilterInput>): (sent: unknown) => LogFilter {
  const known = new WeakMap<object, LogFilter>();
  return (sent) => {
    if (sent === null || sent === undefined) return {};
    const found = known.get(sent);
    if (found) return found;
    const input = requireValid(Input, sent, 'filter');
    const filter = toFilter(input);
    known.set(input, filter);
    return filter;
  };
}

function toFilter(input: LogFilterInput): LogFilter {
  const { userIds, sessionIds, types, startTime, endTime, properties } = input;
  return {
    userIds: toSet(userIds),
    sessionIds: toSet(sessionIds),
    types: toSet(types),
    startTime: startTime ? parseRangeBound(startTime) : undefined,
    endTime: endTime ? parseRangeBound(endTime) : undefined,
    properties: properties?.map(toPropertyCondition).sort(byText),
  };
}

/** Orders conditions, so that equal sets give equal filters, whose cursors are interchangeable. */
function byText(one: object, other: object): number {
  return JSON.stringify(one) < JSON.stringify(other) ? -1 : 1;
}

/** Each value once, in an order that does not depend on the order sent. */
function toSet(values: readonly string[] | null | undefined): readonly string[] | undefined {
  return values ? [...new Set(values)].sort() : undefined;
}
