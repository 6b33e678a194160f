import { endOfTime, exampleDateTime, isDate, parseInstant, parseRangeBound } from '../model/instant';
import { rule } from './rule';

const dateTime = `an RFC 3339 date-time with an offset, such as ${exampleDateTime}`;

function explain(value: unknown): string {
  const hadPlus = typeof value === 'string' && /t.* \d\d:\d\d$/i.test(value);
  return `must be ${dateTime}${hadPlus ? ', its + written as %2B in a query string' : ''}`;
}

/** The time of an action. */
export function IsDateTime(): PropertyDecorator {
  return rule('isDateTime', (value) => {
    const instant = typeof value === 'string' ? parseInstant(value) : undefined;
    if (instant === undefined) return explain(value);
    if (instant >= 0n && instant < endOfTime) return undefined;
    return `must be from 1970-01-01 to 9999-12-31 (UTC), such as ${exampleDateTime}`;
  });
}

/** The start or the end of a time range. */
export function IsRangeBound(): PropertyDecorator {
  return rule('isRangeBound', (value) =>
    typeof value === 'string' && parseRangeBound(value) !== undefined
      ? undefined
      : `${explain(value)}, or a date, such as ${exampleDateTime.slice(0, 10)}`,
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
