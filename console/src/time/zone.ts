import { formatTime } from './format';

/** Milliseconds by which the clocks of a zone are ahead of UTC at an instant. */
export function zoneOffset(at: number, timeZone: string): number {
  return Date.parse(`${formatTime(at, timeZone).replace(' ', 'T')}Z`) - at;
}

const local =
  /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,3})\d*)?)?)?\s*(Z|[+-]\d{2}:\d{2})?$/i;
const day = 86_400_000;

/**
 * Reads a time as a person types it, such as `2015-05-17` or `2015-05-17 10:05:03`, in a zone unless it has an offset.
 * Of an hour that clocks repeat, the first one is taken. A time that clocks skip is read by the offset before.
 * @param edge a date alone means the beginning of that day for `start`, and of the next day for `end`
 * @returns milliseconds since 1970, or undefined if it is no time
 */
export function parseTime(text: string, timeZone: string, edge: 'start' | 'end'): number | undefined {
  const match = local.exec(text.trim());
  if (!match) return undefined;
  const [, date, hour, minute = '00', second = '00', fraction = '', offset] = match;
  const midnight = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(midnight) || new Date(midnight).toISOString().slice(0, 10) !== date) return undefined;
  if (Number(hour ?? 0) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const clock = `${date}T${hour ?? '00'}:${minute}:${second}.${fraction.padEnd(3, '0')}`;
  const days = hour === undefined && edge === 'end' ? day : 0;
  const at = offset
    ? Date.parse(clock + offset.toUpperCase()) + days
    : atZone(Date.parse(`${clock}Z`) + days, timeZone);
  return Number.isNaN(at) || at < 0 ? undefined : at;
}

function atZone(clock: number, timeZone: string): number {
  const before = clock - zoneOffset(clock - day, timeZone);
  const after = clock - zoneOffset(clock + day, timeZone);
  const isRight = (at: number): boolean => at + zoneOffset(at, timeZone) === clock;
  return !isRight(before) && isRight(after) ? after : before;
}
