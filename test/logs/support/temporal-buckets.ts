import { Temporal } from 'temporal-polyfill';
import { compare } from './recorded';

/** Instants in microseconds since 1970; the buckets of a histogram as Temporal has them. */
export const intervals = ['MINUTE', 'HOUR', 'DAY', 'WEEK', 'MONTH'] as const;
export type Interval = (typeof intervals)[number];

export const microsPerMinute = 60_000_000n;

function zonedAt(micros: bigint, timeZone: string): Temporal.ZonedDateTime {
  return new Temporal.ZonedDateTime(micros * 1_000n, timeZone);
}

function microsOfZoned({ epochNanoseconds }: Temporal.ZonedDateTime): bigint {
  return epochNanoseconds / 1_000n;
}

const known = new Map<string, bigint>();

/** Where the bucket of an instant begins, by Temporal, which takes about a millisecond. */
export function bucketStart(micros: bigint, interval: Interval, timeZone: string): bigint {
  const key = `${timeZone} ${interval} ${micros}`;
  const start = known.get(key) ?? computeStart(micros, interval, timeZone);
  known.set(key, start);
  return start;
}

function computeStart(micros: bigint, interval: Interval, timeZone: string): bigint {
  const zoned = zonedAt(micros, timeZone);
  switch (interval) {
    case 'MINUTE':
    case 'HOUR': {
      const smallestUnit = interval === 'HOUR' ? 'hour' : 'minute';
      return microsOfZoned(zoned.round({ smallestUnit, roundingMode: 'floor' }));
    }
    case 'DAY':
      return microsOfZoned(zoned.startOfDay());
    case 'WEEK': {
      const monday = zoned.toPlainDate().subtract({ days: zoned.dayOfWeek - 1 });
      return microsOfZoned(monday.toZonedDateTime(timeZone));
    }
    case 'MONTH':
      return microsOfZoned(zoned.toPlainDate().with({ day: 1 }).toZonedDateTime(timeZone));
  }
}

/**
 * Where all buckets begin that hold an instant of a range, and where the last one ends: found by asking after instant
 * after instant. Clocks change at full quarters of an hour in all that is tested.
 */
export function bucketBounds(
  start: bigint,
  end: bigint,
  interval: Interval,
  timeZone: string,
): readonly bigint[] {
  const step = microsPerMinute * { MINUTE: 1n, HOUR: 15n, DAY: 720n, WEEK: 5_760n, MONTH: 28_800n }[interval];
  const bounds = new Set([bucketStart(start, interval, timeZone)]);
  const firstStep = (start / step) * step;
  let at = firstStep;
  for (;;) {
    at += step;
    const bound = bucketStart(at, interval, timeZone);
    bounds.add(bound);
    if (bound >= end) return [...bounds].sort(compare);
  }
}

/** Changes of a zone's clocks around an instant: the last one before it, and the next after it. */
export function changesAround(text: string, timeZone: string): readonly bigint[] {
  const zoned = Temporal.Instant.from(text).toZonedDateTimeISO(timeZone);
  return (['previous', 'next'] as const).flatMap((direction) => {
    const change = zoned.getTimeZoneTransition(direction);
    return change ? [microsOfZoned(change)] : [];
  });
}
