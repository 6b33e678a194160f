import { InvalidInputError, type Violation } from '../model/errors';
import { endOfTime, formatInstant, microsPerDay, startOfTime, type Instant } from '../model/instant';
import { checkLogFilter, toLogFilter, type LogFilter } from '../filtering/log-filter';
import type { LogDimension, EntryReads } from '../log-entry-repository';
import type { ReadContext } from '../model/read-context';
import { createSlices } from '../model/slices';
import { IsInteger } from '../validation/numbers';
import { rule } from '../validation/rule';
import { shorten } from '../model/shorten';
import { findBoundaries, canonicalTimeZone, startOfDate, type HistogramInterval } from './time-buckets';
import { requireValid, validateAll } from '../validation/validate';

const maxBuckets = 1_000;
const maxGroups = 100;
const lastInstant = endOfTime - 1n;

function IsTimeZone(): PropertyDecorator {
  return rule('isTimeZone', (value) => {
    if (typeof value === 'string' && canonicalTimeZone(value) !== undefined) return undefined;
    const sent = JSON.stringify(shorten(String(value)));
    return `must be the IANA name of a time zone, such as Europe/London, not ${sent}`;
  });
}

class HistogramRules {
  @IsTimeZone() readonly timeZone!: string;
  @IsInteger(1, maxGroups) readonly topGroups!: number;
}

/** The arguments of `logHistogram`, as sent. */
export interface HistogramArguments extends HistogramRules {
  readonly filter?: unknown;
  readonly interval: HistogramInterval;
  readonly groupBy?: LogDimension | null | undefined;
}

/** A bucket with its counts. */
export interface HistogramBucket {
  readonly start: string;
  readonly end: string;
  readonly partial: boolean;
  readonly count: number;
  readonly groups: readonly GroupCount[];
  readonly otherCount: number;
}

interface GroupCount {
  readonly key: string;
  readonly count: number;
}

/**
 * Counts entries in buckets of local time, those of the largest groups apart, all others in `otherCount`.
 * A range without an end ends with the last entry, and a day after `now` at most.
 * @throws {InvalidInputError} also when the range has too many buckets
 */
export async function readHistogram(
  repository: EntryReads,
  { filter: sent, interval, timeZone, groupBy, topGroups }: HistogramArguments,
  context: ReadContext,
  now: Instant,
) {
  validateAll(
    () => checkLogFilter(sent),
    () => requireValid(HistogramRules, { timeZone, topGroups }),
  );
  const filter = toLogFilter(sent, (midnight) => startOfDate(timeZone, midnight));

  let { startTime, endTime } = filter;
  let outsideCount = 0;
  if (startTime === undefined || endTime === undefined) {
    const extent = await repository.findTimeRange(filter, context);
    if (!extent) return { interval, timeZone, buckets: [], outsideCount };
    startTime ??= extent.first;
    endTime ??= clamp(extent.last + 1n, now + microsPerDay);
    if (filter.endTime === undefined && extent.last >= endTime) {
      const outside = { ...filter, startTime: startTime > endTime ? startTime : endTime };
      outsideCount = await repository.countEntries(outside, Number.MAX_SAFE_INTEGER, context);
    }
  }
  // The offset of a bound can put it outside of the years 0 to 9999, where no entry is.
  startTime = clamp(startTime, endOfTime);
  endTime = clamp(endTime, endOfTime);
  // Beyond the first and the last entry there is nothing to count, so they cut no bucket.
  const isStartCut = filter.startTime !== undefined;
  const isEndCut = filter.endTime !== undefined || outsideCount > 0;
  const boundaries = findBoundaries(interval, timeZone, startTime, endTime, maxBuckets);
  if (!boundaries) throw new InvalidInputError([tooManyBuckets(filter)]);

  const starts = boundaries.slice(0, -1);
  if (starts.length === 0) return { interval, timeZone, buckets: [], outsideCount };
  const range = { ...filter, startTime, endTime };
  const query = { filter: range, starts, groupBy: groupBy ?? undefined, topGroups };
  // Before the buckets are made: a read that is refused costs little.
  const rows = await repository.countByBucket(query, context);

  const slices = createSlices();
  const totals = new Float64Array(starts.length);
  const others = new Float64Array(starts.length);
  const groups: { readonly key: string; readonly counts: Float64Array }[] = [];
  for (const { key, counts: text } of rows) {
    const counts = key === null ? others : new Float64Array(starts.length);
    if (key !== null) groups.push({ key, counts });
    for (const pair of text.split(' ')) {
      const [at, count] = pair.split(':').map(Number) as [number, number];
      totals[at]! += count;
      counts[at] = count;
    }
    if (slices.isOver()) await slices.next();
  }

  const buckets: HistogramBucket[] = [];
  for (const [at, start] of starts.entries()) {
    const end = boundaries[at + 1]!;
    buckets.push({
      // A local month can begin or end outside of the years that RFC 3339 can express.
      start: formatInstant(clamp(start, lastInstant)),
      end: formatInstant(clamp(end, lastInstant)),
      partial: (isStartCut && start < startTime) || (isEndCut && end > endTime),
      count: totals[at]!,
      // Made when they are written: V8 would copy 100,000 objects of a histogram that is kept meanwhile.
      get groups() {
        const inBucket = groups.filter(({ counts }) => counts[at]! > 0);
        return inBucket.map(({ key, counts }) => ({ key, count: counts[at]! }));
      },
      otherCount: others[at]!,
    });
    if (slices.isOver()) await slices.next();
  }
  return { interval, timeZone, buckets, outsideCount };
}

/** The nearest instant from the year 0 to `max`. */
function clamp(instant: Instant, max: Instant): Instant {
  if (instant < startOfTime) return startOfTime;
  return instant > max ? max : instant;
}

function tooManyBuckets({ startTime, endTime }: LogFilter): Violation {
  const missing = startTime === undefined ? 'startTime' : endTime === undefined && 'endTime';
  const advice = missing ? `set filter.${missing}` : 'choose a shorter range';
  const max = maxBuckets.toLocaleString('en-US');
  const message = `gives too many buckets (at most ${max}): ${advice}, or choose a longer interval`;
  return { path: 'interval', message };
}
