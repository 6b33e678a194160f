import { endOfTime, exampleDateTime, parseInstant, parseRangeBound } from '../model/instant';
import { rule } from './rule';

/** The time of an action. */
export function IsDateTime(): PropertyDecorator {
  return rule('isDateTime', (value) => {
    const instant = typeof value === 'string' ? parseInstant(value) : undefined;
    if (instant === undefined) {
      return `must be a real date and time with an offset, such as ${exampleDateTime}`;
    }
    if (instant >= 0n && instant < endOfTime) return undefined;
    return `must be from 1970-01-01 to 9999-12-31 (UTC), such as ${exampleDateTime}`;
  });
}

/** One end of a time range. */
export function IsRangeBound(): PropertyDecorator {
  return rule('isRangeBound', (value) =>
    typeof value === 'string' && parseRangeBound(value) !== undefined
      ? undefined
      : `must be a real date and time with an offset, such as ${exampleDateTime}, or a date, such as 2018-10-18`,
  );
}

/** The start of a range whose end is the property `endName`: not after it. */
export function IsNotAfter(endName: string): PropertyDecorator {
  return rule('isNotAfter', (value, object) => {
    const end: unknown = Reflect.get(object, endName);
    if (typeof value !== 'string' || typeof end !== 'string') return undefined;
    const [startInstant, endInstant] = [parseRangeBound(value), parseRangeBound(end)];
    const isAfter =
      startInstant !== undefined && endInstant !== undefined && startInstant > endInstant;
    return isAfter ? `must not be after ${endName}` : undefined;
  });
}
