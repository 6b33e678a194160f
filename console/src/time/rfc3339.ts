const hour = 3_600_000;
/** Milliseconds since 1970: the first instant that RFC 3339 cannot write in UTC. */
export const year10000 = 253_402_300_800_000;
/** An offset writes another 23 hours. */
const shift = 23 * hour;

/**
 * Writes an instant in RFC 3339: in UTC, or where that would be the year 10000, with an offset. Date's toISOString writes
 * `+010000`, which the API does not take.
 * @param at milliseconds since 1970, before `year10000` and 23 hours
 * @param micros three digits more
 */
export function toRfc3339(at: number, micros = '000'): string {
  const text = new Date(at < year10000 ? at : at - shift).toISOString().slice(0, -1);
  return `${text}${micros === '000' ? '' : micros}${at < year10000 ? 'Z' : '-23:00'}`;
}

/** The digits of a time after its milliseconds: microseconds, such as `500`. */
export function microsOf(text: string): string {
  return (/[.,]\d{3}(\d{1,3})/.exec(text)?.[1] ?? '').padEnd(3, '0');
}
