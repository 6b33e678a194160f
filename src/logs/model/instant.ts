/** Microseconds since 1970-01-01T00:00:00Z. A bigint, because the year 9999 is beyond 2^53 µs. */
export type Instant = bigint;

/** The first instant of the year 0: the earliest that RFC 3339 can express. */
export const startOfTime: Instant = -62_167_219_200_000_000n;

/** The first instant of the year 10000: the earliest that is too late for RFC 3339. */
export const endOfTime: Instant = 253_402_300_800_000_000n;

export const exampleDateTime = '2018-10-18T21:37:28-06:00';

const microsPerSecond = 1_000_000n;
const dateTime = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:[Zz]|[+-]\d\d:\d\d)$/;
const bareDate = /^\d{4}-\d\d-\d\d$/;
export const microsPerDay = 86_400n * microsPerSecond;

/**
 * Reads an RFC 3339 date-time with an offset (https://www.rfc-editor.org/rfc/rfc3339#section-5.6), with 0 to
 * 9 fraction digits. Digits beyond microseconds are dropped, in times and in bounds alike. Leap seconds and dates
 * such as 30 February are refused.
 * @returns undefined if `text` is not such a date-time
 */
export function parseInstant(text: string): Instant | undefined {
  // Reading digits by position is three times as fast as capturing groups.
  if (!dateTime.test(text)) return undefined;
  const midnight = secondsOfDate(twoDigits(text, 0) * 100 + twoDigits(text, 2), text);
  const hour = twoDigits(text, 11);
  const minute = twoDigits(text, 14);
  const second = twoDigits(text, 17);
  if (midnight === undefined || hour > 23 || minute > 59 || second > 59) return undefined;
  let seconds = midnight + hour * 3_600 + minute * 60 + second;

  const lastCharacter = text.charAt(text.length - 1);
  const isUtc = lastCharacter === 'Z' || lastCharacter === 'z';
  const zoneAt = text.length - (isUtc ? 1 : 6);
  if (!isUtc) {
    const offsetHour = twoDigits(text, zoneAt + 1);
    const offsetMinute = twoDigits(text, zoneAt + 4);
    if (offsetHour > 23 || offsetMinute > 59) return undefined;
    const offset = offsetHour * 3_600 + offsetMinute * 60;
    seconds += text[zoneAt] === '-' ? offset : -offset;
  }
  let micros = 0;
  for (let at = 20, unit = 100_000; at < zoneAt && at < 26; at++, unit /= 10)
    micros += digit(text, at) * unit;
  const instant = seconds * 1_000_000 + micros;
  // Bigints take most of the time; doubles are exact up to the year 2255.
  return Number.isSafeInteger(instant) ? BigInt(instant) : BigInt(seconds) * microsPerSecond + BigInt(micros);
}

/** The number that a digit of a text is. */
function digit(text: string, at: number): number {
  return text.charCodeAt(at) - 48;
}

/** The number that two digits of a text are. */
export function twoDigits(text: string, at: number): number {
  return digit(text, at) * 10 + digit(text, at + 1);
}

/** Whether a text has the form of a date-time with an offset. */
export const isDateTime = (text: string): boolean => dateTime.test(text);

/** Whether a bound of a time range is a date, not a date-time. */
export const isDate = (text: string): boolean => bareDate.test(text);

/** Reads a bound of a time range: a date-time, or a date, which means 00:00:00 UTC. */
export function parseRangeBound(text: string): Instant | undefined {
  return parseInstant(isDate(text) ? `${text}T00:00:00Z` : text);
}

/** Formats an instant: UTC, `Z`, three fraction digits, or six if there are microseconds. */
export function formatInstant(instant: Instant): string {
  let micros = Number(instant % microsPerSecond);
  let seconds = Number(instant / microsPerSecond);
  if (micros < 0) {
    micros += 1_000_000;
    seconds -= 1;
  }
  const millis = new Date(seconds * 1_000 + Math.trunc(micros / 1_000)).toISOString();
  const rest = micros % 1_000;
  return rest === 0 ? millis : `${millis.slice(0, -1)}${String(rest).padStart(3, '0')}Z`;
}

const daysBeforeMonth = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365];

/** Seconds from 1970 to the UTC midnight of the date that `text` begins with; undefined if it is none. */
function secondsOfDate(year: number, text: string): number | undefined {
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  if (month < 1 || month > 12 || day < 1) return undefined;
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const leapDay = isLeap ? 1 : 0;
  const daysBefore = daysBeforeMonth[month - 1]!;
  const length = daysBeforeMonth[month]! - daysBefore + (month === 2 ? leapDay : 0);
  if (day > length) return undefined;
  // Gregorian calendar. 1 January of the year 0 is 719,528 days before 1970.
  const previous = year - 1;
  const leapDays = Math.floor(previous / 4) - Math.floor(previous / 100) + Math.floor(previous / 400) + 1;
  const days = year * 365 + leapDays + daysBefore + (month > 2 ? leapDay : 0) + day - 1;
  return (days - 719_528) * 86_400;
}
