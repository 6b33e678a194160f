import type { Instant } from '../model/instant';
import { createTimeline, type StretchAt } from './time-zones';

export { canonicalTimeZone } from './time-zones';

export type HistogramInterval = 'MINUTE' | 'HOUR' | 'DAY' | 'WEEK' | 'MONTH';

const microsPerSecond = 1_000_000n;
const secondsPerDay = 86_400;
/** The longest a bucket is while no clock changes. */
const secondsPerBucket = {
  MINUTE: 60,
  HOUR: 3_600,
  DAY: secondsPerDay,
  WEEK: 7 * secondsPerDay,
  MONTH: 31 * secondsPerDay,
};

/**
 * The boundaries of the fewest local buckets that cover start <= time < end: the first is at or before `start`,
 * the last at or after `end`. None when the range is empty; undefined when it takes more than `maxBuckets`.
 *
 * A bucket begins where `Temporal.ZonedDateTime` says that the bucket of that very instant begins: a minute and
 * an hour as `round` floors them, a day at `startOfDay`, a week and a month with their first day (weeks begin on
 * Mondays). It lasts until the next begins, hence a 23-hour day or a 90-minute hour; a skipped day has none.
 *
 * Temporal puts some instants into a bucket that begins later than they, or before another one that has begun
 * since. Here they belong to the bucket that began last. That is so for up to about an hour after clocks changed
 * within an hour (in Chatham at 02:45), within a day's first (in St. John's until 2011 at 00:01), or, in Monrovia
 * in 1972, within a minute.
 * @param timeZone as from `canonicalTimeZone`
 * @throws {RangeError} when Intl does not know the zone
 */
export function bucketBoundaries(
  interval: HistogramInterval,
  timeZone: string,
  start: Instant,
  end: Instant,
  maxBuckets: number,
): readonly Instant[] | undefined {
  if (start >= end) return [];
  const startSeconds = floorToSeconds(start);
  const endSeconds = -floorToSeconds(-end);
  // Clocks make no bucket longer than two, so that this refuses nothing that fits, and most that does not at once.
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

function floorToSeconds(instant: Instant): number {
  const seconds = instant / microsPerSecond;
  return Number(instant % microsPerSecond < 0n ? seconds - 1n : seconds);
}

/** Where the clock shows a multiple of `unit`, a minute or an hour, from one at or before `startSeconds`. */
function* clockBoundaries(
  stretchAt: StretchAt,
  unit: number,
  startSeconds: number,
): Generator<number, never> {
  let from = startSeconds - 2 * unit;
  let before = stretchAt(from).offset;
  for (;;) {
    const { to, offset } = stretchAt(from);
    const skipped = offset - before;
    // A multiple that the clocks skip begins as much later as they skip, if that is not within the next:
    // the half hour from 02:30 that Lord Howe has instead of 02:00 begins when 02:00 would have.
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

/** Where the day, week or month of `startSeconds` begins, and all that follow. */
function* dayBoundaries(
  stretchAt: StretchAt,
  interval: 'DAY' | 'WEEK' | 'MONTH',
  startSeconds: number,
): Generator<number, never> {
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

/** When the clocks first show the midnight that begins a day, or are put forward past it. */
function startOfDay(stretchAt: StretchAt, day: number): number {
  const midnight = day * secondsPerDay;
  // No zone is a whole day from UTC.
  let stretch = stretchAt(midnight - secondsPerDay);
  while (midnight - stretch.offset >= stretch.to) stretch = stretchAt(stretch.to);
  return Math.max(midnight - stretch.offset, stretch.from);
}
