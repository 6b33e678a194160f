import {
  endOfTime,
  exampleDateTime,
  isDate,
  isDateTime,
  parseInstant,
  parseRangeBound,
} from '../model/instant';
import { mustBe } from './kind';
import { rule } from './rule';

const dateTime = `an RFC 3339 date-time with an offset, such as ${exampleDateTime}`;
const dateTimeOrDate = `${dateTime}, or a date, such as ${exampleDateTime.slice(0, 10)}`;

/** @param expected what a value must be that is not */
function explain(expected: string, value: unknown): string {
  if (typeof value !== 'string') return mustBe(expected, value);
  return `must be ${expected}${adviseOn(value)}`;
}

function adviseOn(text: string): string {
  if (/t.* \d\d:\d\d$/i.test(text)) return ': in a query string, write + as %2B';
  if (/^\d{4}-\d\d-\d\dt\d\d:\d\d:\d\d(?:\.\d{1,9})?$/i.test(text)) {
    return ': the offset is missing, which is Z for UTC';
  }
  if (!isDateTime(text) && !isDate(text)) return '';
  return parseRangeBound(text) === undefined ? ': there is no such date or time' : '';
}

/** The time of an action. */
export function IsDateTime(): PropertyDecorator {
  return rule('isDateTime', (value) => {
    const instant = typeof value === 'string' ? parseInstant(value) : undefined;
    if (instant === undefined) return explain(dateTime, value);
    if (instant >= 0n && instant < endOfTime) return undefined;
    return `must be from 1970-01-01 to 9999-12-31 (UTC), such as ${exampleDateTime}`;
  });
}

/** The start or the end of a time range. */
export function IsRangeBound(): PropertyDecorator {
  return rule('isRangeBound', (value) =>
    typeof value === 'string' && parseRangeBound(value) !== undefined
      ? undefined
      : explain(dateTimeOrDate, value),
  );
}

/**
 * The start of a time range: not after the end, which is the field `endName`.
 * @param zoneSlack tolerance in µs between a date and a date-time: a time zone may move the date
 */
export function IsNotAfter(endName: string, zoneSlack = 0n): PropertyDecorator {
  return rule('isNotAfter', (value, object) => {
    const end: unknown = Reflect.get(object, endName);
    if (typeof value !== 'string' || typeof end !== 'string') return undefined;
    const startInstant = parseRangeBound(value);
    const endInstant = parseRangeBound(end);
    if (startInstant === undefined || endInstant === undefined) return undefined;
    const slack = isDate(value) === isDate(end) ? 0n : zoneSlack;
    return startInstant > endInstant + slack ? `must not be after ${endName}` : undefined;
  });
}
