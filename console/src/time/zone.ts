import { formatTime } from './format';
import { microsOf, toRfc3339, year10000 } from './rfc3339';

/** Milliseconds by which the clocks of a zone are ahead of UTC at an instant. */
export function zoneOffset(at: number, timeZone: string): number {
  const [year, month, date, ...clock] = formatTime(at, timeZone).split(/\D/).map(Number);
  return Date.UTC(year!, month! - 1, date, ...clock) - at;
}

const local =
  /^(\d{4,5})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,3})\d*)?)?)?\s*(?:(Z)|([+-])(\d{2}):(\d{2}))?$/i;
const minute = 60_000;
const day = 86_400_000;

/**
 * Reads a time as a person types it, such as `2015-05-17` or `2015-05-17 10:05:03`, in a zone unless it has an offset.
 * Of an hour that clocks repeat, the first one is taken. A time that clocks skip is read by the offset before.
 * @param edge a date alone means the beginning of that day for `start`, and of the next day for `end`
 * @returns milliseconds since 1970, or undefined if it is no time that the API takes
 */
export function parseTime(text: string, timeZone: string, edge: 'start' | 'end'): number | undefined {
  const match = local.exec(text.trim());
  if (!match) return undefined;
  const [, year, month, date, hours, minutes = 0, seconds = 0, fraction = '', z, sign, ...offset] = match;
  const midnight = Date.UTC(Number(year), Number(month) - 1, Number(date));
  const isDate =
    new Date(midnight).getUTCMonth() === Number(month) - 1 &&
    new Date(midnight).getUTCDate() === Number(date);
  if (!isDate || Number(hours ?? 0) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  const days = hours === undefined && edge === 'end' ? day : 0;
  const ofDay = (Number(hours ?? 0) * 60 + Number(minutes)) * minute + Number(seconds) * 1_000;
  const clock = midnight + days + ofDay + Number(fraction.padEnd(3, '0'));
  const ahead = (Number(offset[0] ?? 0) * 60 + Number(offset[1] ?? 0)) * minute;
  const at = z || sign ? clock - (sign === '-' ? -ahead : ahead) : atZone(clock, timeZone);
  return at < 0 || at > year10000 + day / 2 ? undefined : at;
}

/** The same in RFC 3339, exact to the microsecond. */
export function parseInstant(text: string, timeZone: string, edge: 'start' | 'end'): string | undefined {
  const at = parseTime(text, timeZone, edge);
  return at === undefined ? undefined : toRfc3339(at, microsOf(text));
}

function atZone(clock: number, timeZone: string): number {
  const before = clock - zoneOffset(clock - day, timeZone);
  const after = clock - zoneOffset(clock + day, timeZone);
  const isRight = (at: number): boolean => at + zoneOffset(at, timeZone) === clock;
  return !isRight(before) && isRight(after) ? after : before;
}
