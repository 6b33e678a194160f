import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { microsOf, textOf } from '../support/instants';
import { compare } from '../support/recorded';
import { startServer, type TestServer } from '../../support/server/server';
import {
  bucketBounds,
  bucketStart,
  changesAround,
  intervals,
  microsPerMinute,
  type Interval,
} from '../support/temporal-buckets';
import { caseCount } from '../../support/scale';
import { recordAll, type Session } from '../../support/server/web-sessions';

/** Each with when to look for changes of its clocks: 2018 says the rest. */
const zones: readonly (readonly [zone: string, ...around: string[]])[] = [
  ['UTC'],
  ['Europe/London', '1971-06-01T00:00:00Z'],
  ['Europe/Dublin'],
  ['Europe/Paris'],
  ['Europe/Istanbul', '2016-06-01T00:00:00Z'],
  ['Europe/Moscow', '2011-06-01T00:00:00Z', '2014-06-01T00:00:00Z'],
  ['Africa/Casablanca', '2024-03-15T00:00:00Z'],
  ['Africa/Cairo', '2014-06-01T00:00:00Z', '2024-06-01T00:00:00Z'],
  ['Africa/Windhoek', '2017-06-01T00:00:00Z'],
  ['America/New_York', '2026-01-01T00:00:00Z'],
  ['America/Havana', '2024-06-01T00:00:00Z'],
  ['America/Sao_Paulo'],
  ['America/Santiago', '2024-06-01T00:00:00Z'],
  ['America/Asuncion'],
  ['America/St_Johns'],
  ['America/Nuuk', '2023-06-01T00:00:00Z'],
  ['America/Scoresbysund', '2024-01-01T00:00:00Z'],
  ['America/Caracas', '2010-01-01T00:00:00Z', '2016-06-01T00:00:00Z'],
  ['Antarctica/Troll'],
  ['Asia/Kathmandu', '1986-06-01T00:00:00Z'],
  ['Asia/Kolkata'],
  ['Asia/Pyongyang', '2016-01-01T00:00:00Z'],
  ['Asia/Tehran', '2022-06-01T00:00:00Z'],
  ['Asia/Beirut'],
  ['Asia/Gaza', '2023-06-01T00:00:00Z'],
  ['Asia/Tokyo'],
  ['Australia/Lord_Howe', '2025-06-01T00:00:00Z'],
  ['Australia/Sydney'],
  ['Pacific/Apia', '2011-12-01T00:00:00Z'],
  ['Pacific/Auckland'],
  ['Pacific/Chatham'],
  ['Pacific/Kwajalein', '1993-06-01T00:00:00Z'],
  ['Pacific/Norfolk', '2015-06-01T00:00:00Z'],
];

interface Change {
  readonly zone: string;
  readonly at: bigint;
}

const changes: readonly Change[] = zones.flatMap(([zone, ...around]) =>
  [...new Set([...around, '2018-07-01T00:00:00Z'].flatMap((text) => changesAround(text, zone)))]
    // Entries are no older than 1970.
    .filter((at) => at > microsOf('1970-02-01'))
    .map((at) => ({ zone, at })),
);

const hour = 60n * microsPerMinute;
const day = 24n * hour;
/** How far from a change of clocks entries are, before it and after it. */
const near = [1n, 17_000_001n, 20n * microsPerMinute, 59n * microsPerMinute, hour, 3n * hour, 20n * hour];
const far = [2n * day, 8n * day - 1n, 33n * day, 100n * day];

const zoneless = ['1970-01-01T00:00:00Z', '2001-02-03T04:05:06.789Z', '2001-02-05T00:00:00Z'];

function sessionAround({ zone, at }: Change): Session {
  const distances = [...near, ...far].flatMap((distance) => [distance, -distance]);
  return {
    userId: zone,
    sessionId: String(at),
    actions: [0n, 0n, ...distances].map((distance, index) => {
      const isNear = near.some((other) => other === distance || other === -distance);
      const type = distance === 0n ? 'CHANGE' : isNear ? 'NEAR' : 'FAR';
      return { time: textOf(at + distance), type, properties: { index } };
    }),
  };
}

let directory: string;
let servers: readonly TestServer[];
let times: readonly { readonly micros: bigint; readonly type: string; readonly session: string }[];
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'log-manager-'));
  servers = [
    await startServer(),
    await startServer({ DATABASE_URL: `sqlite:${join(directory, 'test.sqlite')}` }),
  ];
  const sessions = [
    ...changes.map(sessionAround),
    {
      userId: 'anybody',
      sessionId: 'zoneless',
      actions: zoneless.map((time) => ({ time, type: 'OLD', properties: {} })),
    },
  ];
  await Promise.all(servers.map((server) => recordAll(server, sessions, 8)));
  times = sessions
    .flatMap(({ sessionId, actions }) =>
      actions.map(({ time, type }) => ({ micros: microsOf(time), type, session: sessionId })),
    )
    .sort((a, b) => compare(a.micros, b.micros));
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  rmSync(directory, { recursive: true });
});

interface Bucket {
  readonly start: string;
  readonly end: string;
  readonly count: number;
}

const query = `query ($filter: LogFilter, $interval: HistogramInterval!, $timeZone: String!) {
  logHistogram(filter: $filter, interval: $interval, timeZone: $timeZone) {
    interval timeZone buckets { start end count groups { key } otherCount }
  }
}`;

/** The buckets of both servers, or what is wrong with the question, by the paths of violations. */
async function ask(variables: object): Promise<readonly (readonly Bucket[] | readonly string[])[]> {
  return Promise.all(
    servers.map(async (server) => {
      const { data, errors } = await server.graphql(query, variables);
      if (!errors) {
        type Answered = Bucket & { readonly groups: object[]; readonly otherCount: number };
        return (data.logHistogram.buckets as Answered[]).map(({ groups, otherCount, ...bucket }) => {
          if (groups.length > 0 || otherCount !== bucket.count) throw new Error('not grouped');
          return bucket;
        });
      }
      const [{ extensions }] = errors as [(typeof errors)[0]];
      expect(extensions.code).toBe('BAD_USER_INPUT');
      return extensions.violations!.map(({ path }) => path);
    }),
  );
}

async function expectBoth(variables: object, expected: unknown): Promise<void> {
  for (const found of await ask(variables)) {
    // Jest takes far longer than the servers do.
    if (JSON.stringify(found) !== JSON.stringify(expected)) {
      expect({ variables, found }).toEqual({ variables, found: expected });
    }
  }
}

/** What Temporal says of the entries in a range. */
function countByTemporal(
  start: bigint,
  end: bigint,
  interval: Interval,
  zone: string,
  entries = times,
): readonly Bucket[] {
  const bounds = bucketBounds(start, end, interval, zone);
  const counts = new Map(bounds.map((bound) => [bound, 0]));
  for (const { micros } of entries) {
    if (micros < start || micros >= end) continue;
    // Buckets follow each other without a gap, so that this must be the one that Temporal finds for the entry, except
    // where clocks are put back at no full hour, and Temporal goes back to one that had ended.
    const bound = bounds.findLast((other) => other <= micros)!;
    if (zone !== 'Pacific/Chatham' && bucketStart(micros, interval, zone) !== bound) {
      throw new Error(`${textOf(micros)} is in another bucket of Temporal`);
    }
    counts.set(bound, counts.get(bound)! + 1);
  }
  return bounds.slice(0, -1).map((bound, at) => ({
    start: textOf(bound),
    end: textOf(bounds[at + 1]!),
    count: counts.get(bound)!,
  }));
}

/** How far before and after a change of clocks a range goes, in a way that no bucket begins with it. */
const reach: Readonly<Record<Interval, bigint>> = {
  MINUTE: 46n * microsPerMinute + 12_345_678n,
  HOUR: 13n * hour + 1n,
  DAY: 12n * day + 7n * hour + 1_000n,
  WEEK: 40n * day + 5n * hour,
  MONTH: 200n * day + 3n * hour + 59_999_999n,
};

const comparedZones = zones.slice(0, caseCount(6, zones.length)).map(([zone]) => zone);

describe.each(comparedZones)('histograms of %s', (zone) => {
  const own = changes.filter((change) => change.zone === zone);
  const places = own.length > 0 ? own : [{ zone, at: microsOf('2018-10-28T01:00:00Z') }];

  it.each(intervals)('by %s are as Temporal has them across changes of clocks', async (interval) => {
    for (const { at } of places) {
      const start = at - reach[interval];
      const end = at + reach[interval] + 777n;
      const expected = countByTemporal(start, end, interval, zone);
      const filter = { startTime: textOf(start), endTime: textOf(end) };
      await expectBoth({ filter, interval, timeZone: zone }, expected);
      expect(expected[0]!.start <= filter.startTime).toBe(true);
      expect(expected.at(-1)!.end >= filter.endTime).toBe(true);
      const total = expected.reduce((sum, { count }) => sum + count, 0);
      if (own.length > 0) expect(total).toBeGreaterThanOrEqual(2);
    }
  });

  it.each(intervals)('by %s reach from the first entry to the last without a range', async (interval) => {
    for (const { at } of own) {
      const filter = { sessionIds: [String(at)], types: ['CHANGE', 'NEAR'] };
      const entries = times.filter(({ session, type }) => session === String(at) && type !== 'FAR');
      // Two zones may have changed their clocks at one instant.
      expect(entries.length).toBeGreaterThanOrEqual(2 + 2 * near.length);
      const [first, last] = [entries[0]!.micros, entries.at(-1)!.micros];
      const isTooMany = interval === 'MINUTE';
      const expected = isTooMany ? ['interval'] : countByTemporal(first, last + 1n, interval, zone, entries);
      await expectBoth({ filter, interval, timeZone: zone }, expected);
    }
  });
});

describe('a histogram', () => {
  it('has been compared across changes of clocks of every kind', () => {
    expect(zones.length).toBeGreaterThanOrEqual(30);
    expect(changes.length).toBeGreaterThan(60);
    const found = (zone: string, interval: Interval, at: string) => {
      const bounds = bucketBounds(microsOf(at) - 1n, microsOf(at) + 1n, interval, zone);
      return bounds.slice(1).map((bound, index) => Number((bound - bounds[index]!) / microsPerMinute));
    };
    // 23 and 25 hours; an hour of 90 minutes, one of 30; none on the day that Samoa skipped.
    expect(found('Europe/London', 'DAY', '2018-03-25T12:00:00Z')).toEqual([23 * 60]);
    expect(found('America/Havana', 'DAY', '2018-11-04T12:00:00Z')).toEqual([25 * 60]);
    expect(found('Australia/Lord_Howe', 'HOUR', '2018-03-31T14:45:00Z')).toEqual([90]);
    expect(found('Australia/Lord_Howe', 'HOUR', '2018-10-06T15:45:00Z')).toEqual([30]);
    expect(found('Pacific/Apia', 'DAY', '2011-12-30T10:00:00Z')).toEqual([24 * 60, 24 * 60]);
  });

  it('takes one end of the range from the entries when only the other one is given', async () => {
    const filter = { sessionIds: ['zoneless'] };
    const bucket = (start: string, end: string, count: number) => ({
      start: `${start}T00:00:00.000Z`,
      end: `${end}T00:00:00.000Z`,
      count,
    });
    const variables = { interval: 'DAY', timeZone: 'UTC' };
    await expectBoth({ ...variables, filter: { ...filter, startTime: '2001-02-02' } }, [
      bucket('2001-02-02', '2001-02-03', 0),
      bucket('2001-02-03', '2001-02-04', 1),
      bucket('2001-02-04', '2001-02-05', 0),
      bucket('2001-02-05', '2001-02-06', 1),
    ]);
    await expectBoth({ ...variables, filter: { ...filter, endTime: '1970-01-03' } }, [
      bucket('1970-01-01', '1970-01-02', 1),
      bucket('1970-01-02', '1970-01-03', 0),
    ]);
    // An entry at the end does not count; nothing after the start, nothing before the end, and nothing at all.
    await expectBoth(
      { ...variables, filter: { ...filter, startTime: '2001-02-03', endTime: '2001-02-05' } },
      [bucket('2001-02-03', '2001-02-04', 1), bucket('2001-02-04', '2001-02-05', 0)],
    );
    for (const nothing of [
      { ...filter, startTime: '2002-01-01' },
      { ...filter, endTime: '1970-01-01' },
      { types: ['nothing'] },
      { startTime: '2018-01-01', endTime: '2018-01-01' },
    ]) {
      await expectBoth({ ...variables, filter: nothing }, []);
    }
  });

  it('is filled with zeros where nothing matches, and 1,000 buckets are the most', async () => {
    const start = microsOf('2030-01-01');
    const lengths: readonly [Interval, bigint][] = [
      ['MINUTE', microsPerMinute],
      ['HOUR', hour],
      ['DAY', day],
      ['WEEK', 7n * day],
    ];
    for (const [interval, length] of lengths) {
      const first = bucketStart(start, interval, 'UTC');
      const range = (buckets: bigint, more: bigint) => ({
        filter: {
          types: ['nothing'],
          startTime: textOf(first),
          endTime: textOf(first + buckets * length + more),
        },
        interval,
        timeZone: 'UTC',
      });
      const zeros = Array.from({ length: 1_000 }, (_, at) => ({
        start: textOf(first + BigInt(at) * length),
        end: textOf(first + BigInt(at + 1) * length),
        count: 0,
      }));
      await expectBoth(range(1_000n, 0n), zeros);
      await expectBoth(range(999n, -1n), zeros.slice(0, 999));
      await expectBoth(range(1_000n, 1n), ['interval']);
    }
    const months = { interval: 'MONTH', timeZone: 'Asia/Tokyo' };
    const filter = { startTime: '2030-01-01T00:00:00+09:00', endTime: '2113-05-01T00:00:00+09:00' };
    for (const found of await ask({ ...months, filter })) expect(found).toHaveLength(1_000);
    await expectBoth({ ...months, filter: { ...filter, endTime: '2113-05-01T00:00:00+08:59' } }, [
      'interval',
    ]);
    for (const interval of intervals) {
      const ages = { startTime: '0000-01-01', endTime: '9999-12-31' };
      await expectBoth({ interval, timeZone: 'America/Havana', filter: ages }, ['interval']);
    }
  });

  it('may begin before 1970, and end with the year 9999', async () => {
    const before = { startTime: '1960-01-15', endTime: '1970-02-01', sessionIds: ['zoneless'] };
    for (const found of await ask({ interval: 'MONTH', timeZone: 'UTC', filter: before })) {
      expect(found).toHaveLength(121);
      expect(found[0]).toEqual({
        ...(found[0] as Bucket),
        start: '1960-01-01T00:00:00.000Z',
        count: 0,
      });
      expect(found.at(-1)).toMatchObject({ start: '1970-01-01T00:00:00.000Z', count: 1 });
    }
    const late = { startTime: '9999-11-30T23:59:59.9Z', endTime: '9999-12-01' };
    await expectBoth({ interval: 'MONTH', timeZone: 'UTC', filter: late }, [
      { start: '9999-11-01T00:00:00.000Z', end: '9999-12-01T00:00:00.000Z', count: 0 },
    ]);
  });

  it('answers instants that are RFC 3339 also at the ends of time', async () => {
    // The years before 0 have a sign, and 10000 has five digits, which RFC 3339 cannot write.
    const [first, last] = ['0000-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999999Z'];
    const filter = { startTime: '9999-12-31T12:00:00Z', endTime: '9999-12-31T13:00:00Z' };
    await expectBoth({ interval: 'DAY', timeZone: 'UTC', filter }, [
      { start: '9999-12-31T00:00:00.000Z', end: last, count: 0 },
    ]);
    const early = { startTime: '0000-01-01', endTime: '0000-01-15' };
    for (const [bucket, ...others] of await ask({
      interval: 'MONTH',
      timeZone: 'Asia/Tokyo',
      filter: early,
    })) {
      expect(bucket).toEqual({ start: first, end: '0000-01-31T14:41:01.000Z', count: 0 });
      expect(others).toEqual([]);
    }
    const bounds = [
      '0000-01-01T00:00:00+23:59',
      '0000-01-01T00:00:00+00:01',
      '0000-01-01T00:00:00Z',
      '0000-01-01T20:00:00-14:00',
      '9999-12-30T12:00:00+14:00',
      '9999-12-31T23:30:00Z',
      '9999-12-31T23:30:00-23:00',
      '9999-12-31T23:59:59.999999999-23:59',
    ];
    for (const [at, startTime] of bounds.entries()) {
      for (const endTime of bounds.slice(at)) {
        for (const interval of ['HOUR', 'MONTH']) {
          for (const timeZone of ['Asia/Tokyo', 'America/Havana']) {
            const range = { startTime, endTime };
            for (const found of await ask({ interval, timeZone, filter: range })) {
              if (found[0] === 'interval') continue;
              for (const { start, end } of found as Bucket[]) {
                const isWritten = [start, end].every((text) => /^\d{4}-[^+]+Z$/.test(text));
                const isRight = isWritten && start < end && start >= first && end <= last;
                if (!isRight) expect({ ...range, start, end, isRight }).toMatchObject({ isRight: true });
              }
            }
          }
        }
      }
    }
    const beyond = { startTime: bounds.at(-2), endTime: bounds.at(-1) };
    await expectBoth({ interval: 'HOUR', timeZone: 'UTC', filter: beyond }, []);
    const before = { startTime: bounds[0], endTime: bounds[1] };
    await expectBoth({ interval: 'HOUR', timeZone: 'UTC', filter: before }, []);
  });

  it.each([
    ['Europe/London', 'Europe/London'],
    ['UTC', 'UTC'],
    ['Asia/Kathmandu', 'Asia/Kathmandu'],
    ['Asia/Kolkata', 'Asia/Kolkata'],
    ['Europe/Kyiv', 'Europe/Kyiv'],
    ['America/Nuuk', 'America/Nuuk'],
  ])('of %s says that it is of that zone', async (timeZone, expected) => {
    const filter = { startTime: '2018-01-01', endTime: '2018-01-02' };
    for (const server of servers) {
      // Also when the zone is known, and when the operation is.
      for (let asked = 1; asked <= 3; asked++) {
        const { data } = await server.graphql(query, { filter, interval: 'DAY', timeZone });
        expect(data.logHistogram).toMatchObject({ interval: 'DAY', timeZone: expected });
      }
    }
  });

  it.each(['', 'Nowhere', 'Europe/Londonn', 'UTC+1', '+01:00', 'BST', 'CST', '\u0000', 'x'.repeat(10_000)])(
    'of the zone %j is refused',
    (timeZone) => expectBoth({ interval: 'DAY', timeZone }, ['timeZone']),
  );

  it(`knows ${caseCount(1, 5)} of 5 zones that this runtime lists`, async () => {
    const [server] = servers as [TestServer];
    const filter = { startTime: '2018-07-01T00:00:00Z', endTime: '2018-07-01T00:00:01Z' };
    const listed = Intl.supportedValuesOf('timeZone').filter((_, at) => at % caseCount(5, 1) === 0);
    for (const timeZone of listed) {
      const { data } = await server.graphql(query, { filter, interval: 'DAY', timeZone });
      const start = bucketStart(microsOf(filter.startTime), 'DAY', timeZone);
      expect({ timeZone, start: data?.logHistogram.buckets[0].start as unknown }).toEqual({
        timeZone,
        start: textOf(start),
      });
    }
  });
});
