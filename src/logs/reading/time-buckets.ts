import type { Instant } from '../model/instant';
import { createTimeline, type StretchAt } from './time-zones';

export { canonicalTimeZone } from './time-zones';

export type HistogramInterval = 'MINUTE' | 'HOUR' | 'DAY' | 'WEEK' | 'MONTH';

const microsPerSecond = 1_000_000n;
const secondsPerDay = 86_400;
/** The longest duration of a bucket without a clock change. */
const secondsPerBucket = {
  MINUTE: 60,
  HOUR: 3_600,
  DAY: secondsPerDay,
  WEEK: 7 * secondsPerDay,
  MONTH: 31 * secondsPerDay,
};

/**
 * Finds the boundaries of the local buckets that cover start <= time < end: the first is at or before
 * `start`, the last at or after `end`. Empty for an empty range; undefined for more than `maxBuckets`
 * buckets.
 *
 * A bucket begins where `Temporal.ZonedDateTime` begins it: `round` floors minutes and hours, `startOfDay`
 * begins days, and weeks (from Monday) and months begin with their first day. A bucket ends where the next
 * begins, so a day can have 23 hours and an hour 90 minutes; a skipped day has no bucket.
 *
 * For some instants after an unusual clock change, Temporal names a bucket that begins later, or one that has
 * ended. Here they belong to the bucket that began last. This concerns up to about an hour after a change
 * within an hour (Chatham, 02:45), after a change within the first hour of a day (St. John's, 00:01, until
 * 2011), or within a minute (Monrovia, 1972).
 * @param timeZone as from `canonicalTimeZone`
 * @throws {RangeError} when Intl does not know the zone
 */
export function findBoundaries(
  interval: HistogramInterval,
  timeZone: string,
  start: Instant,
  end: Instant,
  maxBuckets: number,
): readonly Instant[] | undefined {
  if (start >= end) return [];
  const startSeconds = floorToSeconds(start);
  const endSeconds = -floorToSeconds(-end);
  // Clock changes at most double a bucket: this refuses no range that fits, and most others without a search.
  if (endSeconds - startSeconds > maxBuckets * 2 * secondsPerBucket[interval]) return undefined;

  const stretchAt = createTimeline(timeZone);
  const candidates =
    interval === 'MINUTE' || interval === 'HOUR'
      ? clockBoundaries(stretchAt, secondsPerBucket[interval], startSeconds)
      : dayBoundaries(stretchAt, interval, startSeconds);
  const boundaries: Instant[] = [];
  let last = -Infinity;
  for (;;) {
    const candidate = candidates.next().value;
    // A skipped Monday begins when its Tuesday does.
    if (candidate <= last) continue;
    last = candidate;
    if (last <= startSeconds) boundaries.pop();
    boundaries.push(BigInt(last) * microsPerSecond);
    if (last >= endSeconds) return boundaries;
    if (boundaries.length > maxBuckets) return undefined;
  }
}

type Boundaries = Generator<number, never>;

function floorToSeconds(instant: Instant): number {
  const seconds = instant / microsPerSecond;
  return Number(instant % microsPerSecond < 0n ? seconds - 1n : seconds);
}

/** Yields when local time is a multiple of `unit`, a minute or an hour; begins at or before `startSeconds`. */
function* clockBoundaries(stretchAt: StretchAt, unit: number, startSeconds: number): Boundaries {
  let from = startSeconds - 2 * unit;
  let before = stretchAt(from).offset;
  for (;;) {
    const { to, offset } = stretchAt(from);
    const skipped = offset - before;
    // A multiple that the clocks skip begins later by the skipped time, unless the next multiple has begun by
    // then: the half hour from 02:30 that Lord Howe has instead of 02:00 begins when 02:00 would have begun.
    if (skipped > 0 && skipped < unit) {
      const late = ceilTo(unit, from + before) - before;
      if (late < from + skipped) yield late;
    }
    for (let at = ceilTo(unit, from + offset) - offset; at < to; at += unit) yield at;
    from = to;
    before = offset;
  }
}

function ceilTo(unit: number, seconds: number): number {
  return Math.ceil(seconds / unit) * unit;
}

/** Yields when the day, week or month of `startSeconds` begins, and when each following one does. */
function* dayBoundaries(
  stretchAt: StretchAt,
  interval: 'DAY' | 'WEEK' | 'MONTH',
  startSeconds: number,
): Boundaries {
  const localSeconds = startSeconds + stretchAt(startSeconds).offset;
  const today = Math.floor(localSeconds / secondsPerDay);
  // The day 0, 1 January 1970, was a Thursday.
  const monday = Math.floor((today + 3) / 7) * 7 - 3;
  const date = new Date(today * secondsPerDay * 1_000);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  const firstDay = {
    DAY: (n: number) => today + n,
    WEEK: (n: number) => monday + n * 7,
    MONTH: (n: number) => date.setUTCFullYear(year, month + n, 1) / 1_000 / secondsPerDay,
  }[interval];
  for (let n = 0; ; n++) yield startOfDay(stretchAt, firstDay(n));
}

/**
 * The first instant of a date in a time zone.
 * @param midnight the date's midnight UTC
 */
export function startOfDate(timeZone: string, midnight: Instant): Instant {
  const day = floorToSeconds(midnight) / secondsPerDay;
  return BigInt(startOfDay(createTimeline(timeZone), day)) * microsPerSecond;
}

/** The first second of a day: local midnight, or the clock change that skips it. */
function startOfDay(stretchAt: StretchAt, day: number): number {
  const midnight = day * secondsPerDay;
  // Every offset is less than a day.
  let stretch = stretchAt(midnight - secondsPerDay);
  while (midnight - stretch.offset >= stretch.to) stretch = stretchAt(stretch.to);
  return Math.max(midnight - stretch.offset, stretch.from);
}
