import { describe, expect, it } from '@jest/globals';
import { Temporal } from 'temporal-polyfill';
import { formatInstant, parseInstant, type Instant } from '../../../src/logs/model/instant';
import {
  findBoundaries,
  canonicalTimeZone,
  type HistogramInterval,
} from '../../../src/logs/reading/time-buckets';
import { caseCount } from '../../support/scale';

const intervals = ['MINUTE', 'HOUR', 'DAY', 'WEEK', 'MONTH'] as const;
const zones = [
  ...['Africa/Cairo', 'Africa/Casablanca', 'Africa/Juba', 'Africa/Monrovia', 'America/Boa_Vista'],
  ...['America/Caracas', 'America/Havana', 'America/New_York', 'America/Nuuk', 'America/Sao_Paulo'],
  ...['America/St_Johns', 'Antarctica/Casey', 'Antarctica/Troll', 'Asia/Amman', 'Asia/Beirut'],
  ...['Asia/Gaza', 'Asia/Kathmandu', 'Asia/Kolkata', 'Asia/Pyongyang', 'Asia/Tehran'],
  ...['Atlantic/Azores', 'Australia/Eucla', 'Australia/Lord_Howe', 'Europe/Dublin'],
  ...['Europe/London', 'Europe/Moscow', 'Pacific/Apia', 'Pacific/Auckland', 'Pacific/Chatham'],
  ...['Pacific/Guam', 'Pacific/Kiritimati', 'Pacific/Kwajalein', 'Pacific/Tongatapu', 'UTC'],
];
/** Zones in which Temporal's buckets are not in order around some changes: see `findBoundaries`. */
const disorderly: Record<HistogramInterval, readonly string[]> = {
  MINUTE: ['Africa/Monrovia'],
  HOUR: [...['America/St_Johns', 'Antarctica/Casey', 'Asia/Gaza', 'Pacific/Chatham', 'Pacific/Guam']],
  DAY: ['America/St_Johns'],
  WEEK: [],
  MONTH: ['America/St_Johns'],
};

const minute = 60_000_000n;
const day = 1_440n * minute;
/** How long the ranges are at most, in microseconds. */
const reach = {
  MINUTE: 20n * minute,
  HOUR: 12n * 60n * minute,
  DAY: 9n * day,
  WEEK: 30n * day,
  MONTH: 100n * day,
};

const at = (text: string): Instant => parseInstant(text)!;
const random = createRandom(20_241_027);

/** The same numbers in every run (https://en.wikipedia.org/wiki/Xorshift), so that a failure comes back. */
function createRandom(seed: number): (below: bigint) => bigint {
  let state = seed;
  const next = (): bigint => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return BigInt(state >>> 0);
  };
  return (below) => ((next() << 32n) | next()) % below;
}

const toZoned = (instant: Instant, zone: string): Temporal.ZonedDateTime =>
  new Temporal.ZonedDateTime(instant * 1_000n, zone);

function startByTemporal(interval: HistogramInterval, zone: string, instant: Instant): Instant {
  const zoned = toZoned(instant, zone);
  const date = zoned.toPlainDate();
  const start = {
    MINUTE: () => zoned.round({ smallestUnit: 'minute', roundingMode: 'floor' }),
    HOUR: () => zoned.round({ smallestUnit: 'hour', roundingMode: 'floor' }),
    DAY: () => zoned.startOfDay(),
    WEEK: () => date.subtract({ days: zoned.dayOfWeek - 1 }).toZonedDateTime(zone),
    MONTH: () => date.with({ day: 1 }).toZonedDateTime(zone),
  }[interval]();
  return start.epochNanoseconds / 1_000n;
}

/** All changes of a zone's clocks since 1970; `isOdd` are those not by an hour, or not at a full one. */
function changesOf(zone: string): { at: Instant; isOdd: boolean }[] {
  const changes = [];
  let change = toZoned(0n, zone).getTimeZoneTransition('next');
  for (; change && change.year < 2038; change = change.getTimeZoneTransition('next')) {
    const before = change.subtract({ nanoseconds: 1 });
    const skippedMs = (change.offsetNanoseconds - before.offsetNanoseconds) / 1e6;
    const isOdd = Math.abs(skippedMs) !== 3_600_000 || change.minute !== 0;
    changes.push({ at: change.epochNanoseconds / 1_000n, isOdd });
  }
  return changes;
}
// Temporal takes seconds to find them.
const changes = zones.map((zone) => ({ zone, list: changesOf(zone) }));

interface Tally {
  readonly faults: string[];
  readonly disorderly: Set<string>;
}

/** Compares the buckets of a range, and many instants in it, with what Temporal says. */
function compare(
  tally: Tally,
  interval: HistogramInterval,
  zone: string,
  start: Instant,
  end: Instant,
): void {
  const fault = (what: string, instant: Instant): void => {
    const range = `${formatInstant(start)} to ${formatInstant(end)}`;
    tally.faults.push(`${zone} ${interval} ${range}: ${formatInstant(instant)} ${what}`);
  };
  const boundaries = findBoundaries(interval, zone, start, end, 10_000) ?? [];
  const bucketCount = boundaries.length - 1;
  if (bucketCount < 1) return fault('has no bucket', start);
  if (boundaries[0]! > start) fault('is too late for the first', boundaries[0]!);
  if (boundaries[1]! <= start) fault('is too early for the first', boundaries[0]!);
  if (boundaries[bucketCount]! < end) fault('is too early for the last', boundaries[bucketCount]!);
  if (boundaries[bucketCount - 1]! >= end) fault('is too late', boundaries[bucketCount]!);
  for (const boundary of boundaries) {
    if (startByTemporal(interval, zone, boundary) !== boundary) fault('begins no bucket', boundary);
  }
  boundaries.slice(0, -1).forEach((bucket, i) => {
    const next = boundaries[i + 1]!;
    if (next <= bucket) return fault('is not after the one before it', next);
    const instants = [next - 1n, bucket + random(next - bucket), bucket + random(next - bucket)];
    for (const instant of instants) {
      const expected = startByTemporal(interval, zone, instant);
      if (expected > instant || expected < bucket) tally.disorderly.add(zone);
      else if (expected !== bucket) fault('is in a later bucket', instant);
    }
  });
  if (findBoundaries(interval, zone, start, end, bucketCount)?.length !== boundaries.length) {
    fault(`has not ${bucketCount} buckets`, start);
  }
  if (findBoundaries(interval, zone, start, end, bucketCount - 1) !== undefined) {
    fault(`has fewer than ${bucketCount} buckets`, start);
  }
}

/** The boundaries as local times with their offsets. */
function local(interval: HistogramInterval, zone: string, start: string, end: string): readonly string[] {
  const boundaries = findBoundaries(interval, zone, at(start), at(end), 100)!;
  return boundaries.map((boundary) => toZoned(boundary, zone).toString({ timeZoneName: 'never' }));
}

describe('time buckets', () => {
  it.each(intervals)('begin where Temporal says around changes of clocks: %s', (interval) => {
    const tally: Tally = { faults: [], disorderly: new Set() };
    // Clocks mostly change twice a year: with an odd stride, each interval is compared at both changes.
    const stride = caseCount(11, 1) * intervals.length;
    for (const { zone, list } of changes) {
      list.forEach((change, i) => {
        if (!change.isOdd && i % stride !== intervals.indexOf(interval)) return;
        const start = change.at - random(reach[interval] / 3n);
        compare(tally, interval, zone, start, change.at + 1n + random(reach[interval] / 2n));
      });
    }
    expect(tally.faults).toEqual([]);
    expect(disorderly[interval]).toEqual(expect.arrayContaining([...tally.disorderly]));
  });

  it.each(intervals)('begin where Temporal says at any time until 9999: %s', (interval) => {
    const tally: Tally = { faults: [], disorderly: new Set() };
    for (const zone of zones) {
      for (let n = 0; n < caseCount(8, 16); n++) {
        const start = random(at(n % 2 ? '2040-01-01T00:00:00Z' : '9999-01-01T00:00:00Z'));
        compare(tally, interval, zone, start, start + 1n + random(reach[interval] / 2n));
      }
    }
    expect(tally.faults).toEqual([]);
    expect(disorderly[interval]).toEqual(expect.arrayContaining([...tally.disorderly]));
  });

  it('are as long as the clocks make them', () => {
    const spring = ['2024-03-31T00:00:00Z', '2024-04-01T00:00:00Z'] as const;
    expect(local('DAY', 'Europe/London', ...spring)).toEqual([
      '2024-03-31T00:00:00+00:00',
      '2024-04-01T00:00:00+01:00',
      '2024-04-02T00:00:00+01:00',
    ]);
    // Put back by half an hour at 02:00: 90 minutes from 01:00; and forward: 30 minutes from 02:30.
    const lordHowe = 'Australia/Lord_Howe';
    expect(local('HOUR', lordHowe, '2024-04-06T14:10:00Z', '2024-04-06T16:00:00Z')).toEqual([
      '2024-04-07T01:00:00+11:00',
      '2024-04-07T02:00:00+10:30',
      '2024-04-07T03:00:00+10:30',
    ]);
    expect(local('HOUR', lordHowe, '2024-10-05T15:00:00Z', '2024-10-05T16:30:00Z')).toEqual([
      '2024-10-06T01:00:00+10:30',
      '2024-10-06T02:30:00+11:00',
      '2024-10-06T03:00:00+11:00',
      '2024-10-06T04:00:00+11:00',
    ]);
    expect(local('HOUR', 'Europe/London', '2024-10-27T00:00:00Z', '2024-10-27T02:00:00Z')).toEqual([
      '2024-10-27T01:00:00+01:00',
      '2024-10-27T01:00:00+00:00',
      '2024-10-27T02:00:00+00:00',
    ]);
    expect(local('DAY', 'America/Havana', '2024-03-10T07:00:00Z', '2024-03-10T08:00:00Z')).toEqual([
      '2024-03-10T01:00:00-04:00',
      '2024-03-11T00:00:00-04:00',
    ]);
  });

  it('leave out days that a zone skipped', () => {
    expect(local('DAY', 'Pacific/Apia', '2011-12-29T12:00:00Z', '2011-12-31T12:00:00Z')).toEqual([
      '2011-12-29T00:00:00-10:00',
      '2011-12-31T00:00:00+14:00',
      '2012-01-01T00:00:00+14:00',
      '2012-01-02T00:00:00+14:00',
    ]);
  });

  it('follow one another where the buckets of Temporal do not', () => {
    // One minute of the hour from 00:00, then 59 from 01:01: Temporal says that these begin at 02:00.
    const zone = 'America/St_Johns';
    expect(local('HOUR', zone, '2010-03-14T03:30:00Z', '2010-03-14T04:31:00Z')).toEqual([
      '2010-03-14T00:00:00-03:30',
      '2010-03-14T02:00:00-02:30',
      '2010-03-14T03:00:00-02:30',
    ]);
    // One minute of the next day, then an hour of the day before once more.
    expect(local('DAY', zone, '2009-11-01T02:30:00Z', '2009-11-01T03:30:00Z')).toEqual([
      '2009-11-01T00:00:00-02:30',
      '2009-11-02T00:00:00-03:30',
    ]);
    // Put forward by 44 minutes and 30 seconds.
    const monrovia = ['1972-01-07T00:44:00Z', '1972-01-07T00:45:01Z'] as const;
    expect(local('MINUTE', 'Africa/Monrovia', ...monrovia)).toEqual([
      '1972-01-06T23:59:00-00:45',
      '1972-01-07T00:45:00+00:00',
      '1972-01-07T00:46:00+00:00',
    ]);
  });

  it('are none when the range is empty', () => {
    expect(findBoundaries('DAY', 'UTC', 5n, 5n, 0)).toEqual([]);
  });

  it.each(intervals)('are refused at once when they are too many: %s', (interval) => {
    const [start, end] = [at('1970-01-01T00:00:00Z'), at('9999-12-31T23:59:59Z')];
    const startedAt = performance.now();
    for (let n = 0; n < 10; n++) {
      expect(findBoundaries(interval, 'Europe/London', start, end, 1_000)).toBeUndefined();
    }
    expect(performance.now() - startedAt).toBeLessThan(500);
    expect(findBoundaries(interval, 'Europe/London', 0n, 1n, 0)).toBeUndefined();
  });

  it.each(intervals)('do not take long when they are a thousand: %s', (interval) => {
    const start = at('1980-06-01T00:00:00Z');
    const length = { MINUTE: 1n, HOUR: 60n, DAY: 1_440n, WEEK: 10_080n, MONTH: 43_800n }[interval];
    const startedAt = performance.now();
    for (let n = 0; n < 10; n++) {
      const end = start + 998n * length * minute;
      const { length: boundaryCount } = findBoundaries(interval, 'Asia/Gaza', start, end, 1_000)!;
      expect(Math.abs(boundaryCount - 1_000)).toBeLessThan(3);
    }
    // Ten times 1 to 6 ms; the rest is for machines that are busy.
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });

  it.each(zones)('reach from the year 0 to the year 10000: %s', (zone) => {
    for (const interval of intervals) {
      for (const start of [at('0000-01-01T00:00:00Z'), at('9999-12-31T23:59:59Z')]) {
        for (const shift of [-day, 0n, day]) {
          const [first, next] = findBoundaries(interval, zone, start + shift, start + shift + 1n, 1)!;
          expect(first! <= start + shift && start + shift < next!).toBe(true);
        }
      }
    }
  });

  it('are right in more zones than are remembered', () => {
    for (const zone of [...Intl.supportedValuesOf('timeZone'), ...zones]) {
      const [first] = findBoundaries('DAY', zone, at('2024-06-15T12:00:00Z'), at('2024-06-15T12:00:01Z'), 1)!;
      expect(first).toBe(startByTemporal('DAY', zone, at('2024-06-15T12:00:00Z')));
    }
  });
});

describe('the canonical time zone', () => {
  it.each(['UTC', ...Intl.supportedValuesOf('timeZone')])('is the name itself: %s', (zone) => {
    expect(canonicalTimeZone(zone)).toBe(zone);
  });

  it.each([
    ['utc', 'UTC'],
    ['europe/london', 'Europe/London'],
    ['America/NEW_YORK', 'America/New_York'],
    ['Etc/GMT+5', 'Etc/GMT+5'],
  ])('does not depend on case: %s', (name, zone) => {
    expect(canonicalTimeZone(name)).toBe(zone);
  });

  it.each(['CET', 'EET', 'EST', 'GMT', 'HST', 'MET', 'MST', 'PRC', 'ROC', 'ROK', 'UCT', 'WET', 'US/Pacific'])(
    'is there for other names of the IANA: %s',
    (name) => {
      expect(canonicalTimeZone(name)).toBeDefined();
    },
  );

  it.each([
    ...['', ' ', 'Mars/Phobos', 'Europe', 'Europe/London ', 'Europe/London\0', 'UTC+1', 'Z'],
    ...['+01:00', '-0330', '+01', '\u221201:00', 'BST', 'IST', 'pst', 'SystemV/PST8', 'x'.repeat(1e6)],
  ])('is not there for anything else: %p', (name) => {
    expect(canonicalTimeZone(name)).toBeUndefined();
  });
});
