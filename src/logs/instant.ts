/** Microseconds since 1970-01-01T00:00:00Z. A bigint, because the year 9999 is beyond 2^53 µs. */
export type Instant = bigint;

/** What becomes of fraction digits beyond the microsecond. */
export type Rounding = 'down' | 'up';

export const exampleDateTime = '2018-10-18T21:37:28-06:00';

const microsPerSecond = 1_000_000n;
const dateTime =
  /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;
const bareDate = /^\d{4}-\d\d-\d\d$/;

/**
 * Reads an RFC 3339 date-time with an offset (https://www.rfc-editor.org/rfc/rfc3339#section-5.6),
 * with 0 to 9 fraction digits. Leap seconds and dates that no calendar has are refused.
 * @returns undefined when `text` is none
 */
export function parseInstant(text: string, rounding: Rounding = 'down'): Instant | undefined {
  const match = dateTime.exec(text);
  if (!match) return undefined;
  const [year, month, day, hour, minute, second] = [1, 2, 3, 4, 5, 6].map((at) =>
    Number(match[at]),
  );
  const offsetHour = Number(match[9] ?? 0);
  const offsetMinute = Number(match[10] ?? 0);
  if (hour! > 23 || minute! > 59 || second! > 59 || offsetHour > 23 || offsetMinute > 59) {
    return undefined;
  }
  const midnight = secondsOfDate(year!, month!, day!);
  if (midnight === undefined) return undefined;
  const offset = (offsetHour * 3_600 + offsetMinute * 60) * (match[8] === '-' ? -1 : 1);
  const seconds = midnight + hour! * 3_600 + minute! * 60 + second! - offset;
  return BigInt(seconds) * microsPerSecond + BigInt(microsOfFraction(match[7] ?? '', rounding));
}

/** Reads the bound of a time range: a date-time, rounded up, or a bare date, which means 00:00:00 UTC. */
export function parseRangeBound(text: string): Instant | undefined {
  return parseInstant(bareDate.test(text) ? `${text}T00:00:00Z` : text, 'up');
}

/** UTC, `Z`, three fraction digits, six when there are microseconds. */
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

/** Seconds since 1970 of the date's midnight UTC; undefined when no calendar has that date. */
function secondsOfDate(year: number, month: number, day: number): number | undefined {
  // setUTCFullYear and not Date.UTC, which takes the years 0 to 99 for 1900 to 1999.
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return exists ? date.getTime() / 1_000 : undefined;
}

function microsOfFraction(digits: string, rounding: Rounding): number {
  const micros = Number(digits.slice(0, 6).padEnd(6, '0'));
  return rounding === 'up' && /[1-9]/.test(digits.slice(6)) ? micros + 1 : micros;
}
