import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseInstant } from '../../../src/logs/model/instant';
import { withoutDatabase } from '../../support/database/database';
import { doors, rangeDoors, type Outcome } from '../../support/server/doors';
import { startServer, type TestServer } from '../../support/server/server';

// The strings are those of JSON-Schema-Test-Suite, tests/draft2020-12/optional/format/date-time.json
// (https://github.com/json-schema-org/JSON-Schema-Test-Suite, MIT), each valid one with its instant.
const valid = [
  ['1963-06-19T08:30:06.283185Z', '1963-06-19T08:30:06.283185Z'],
  ['1963-06-19T08:30:06Z', '1963-06-19T08:30:06.000Z'],
  ['1937-01-01T12:00:27.87+00:20', '1937-01-01T11:40:27.870Z'],
  ['1990-12-31T15:59:50.123-08:00', '1990-12-31T23:59:50.123Z'],
  ['1963-06-19t08:30:06.283185z', '1963-06-19T08:30:06.283185Z'],
] as const;
const beforeThe1970s = valid.map(([text]) => text).filter((text) => text < '1970');
/** The same forms, moved to where actions may be. */
const validIn2018 = [
  ['2018-06-19T08:30:06.283185Z', '2018-06-19T08:30:06.283185Z'],
  ['2018-06-19T08:30:06Z', '2018-06-19T08:30:06.000Z'],
  ['2018-01-01T12:00:27.87+00:20', '2018-01-01T11:40:27.870Z'],
  ['2018-12-31T15:59:50.123-08:00', '2018-12-31T23:59:50.123Z'],
  ['2018-06-19t08:30:06.283185z', '2018-06-19T08:30:06.283185Z'],
  ['1990-12-31T15:59:50.123-08:00', '1990-12-31T23:59:50.123Z'],
] as const;
/** Valid in the suite, refused here: leap seconds, and more than 9 fraction digits. */
const notOurs = [
  '1998-12-31T23:59:60Z',
  '1998-12-31T15:59:60.123-08:00',
  '1985-04-12T00:59:59.999999999999999Z',
  '1985-04-12T00:59:59.0123456789Z',
];
const invalid = [
  '1998-12-31T23:59:61Z',
  '1998-12-31T23:58:60Z',
  '1998-12-31T22:59:60Z',
  '1990-02-31T15:59:59.123-08:00',
  '1990-12-31T15:59:59-24:00',
  '1963-06-19T08:30:06.28123+01:00Z',
  '1990-12-31T24:00:00Z',
  '1990-12-31T15:60:00Z',
  '1990-12-31T10:00:00+10:60',
  '06/19/1963 08:30:06 PST',
  '2013-350T01:01:01',
  '1963-6-19T08:30:06.283185Z',
  '1963-06-1T08:30:06.283185Z',
  '1963-06-1৪T00:00:00Z',
  '1963-06-11T0৪:00:00Z',
  '+11963-06-19T08:30:06.283185Z',
];
const notStrings = [12, 13.7, {}, [], false];
const example = '2018-10-18T21:37:28-06:00';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

const sessionAt = (userId: string, ...times: unknown[]) => ({
  userId,
  sessionId: 's',
  actions: times.map((time) => ({ time, type: 'T' })),
});
const timesOf = ({ entries, error }: Outcome): string[] => {
  if (error) throw new Error(JSON.stringify(error));
  return (entries as { time: string }[]).map(({ time }) => time);
};

function expectRefused({ error }: Outcome, path: string, part = 'must be an RFC 3339 date-time'): void {
  expect(error?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', retryable: false });
  expect(error!.extensions.violations).toEqual([{ path, message: expect.stringContaining(part) }]);
  expect(error!.extensions.violations![0]!.message).toContain(example);
}

describe.each(doors)('the time of an action as $name', ({ name, prefix, record }) => {
  const path = `${prefix}actions[0].time`;

  it.each(validIn2018)('may be %s', async (text, instant) => {
    expect(timesOf(await record(server, sessionAt(`one ${name}`, text)))).toEqual([instant]);
  });

  it.each(beforeThe1970s)('may not be %s, which is before 1970', async (text) => {
    const outcome = await record(server, sessionAt('refused', text));
    expectRefused(outcome, path, 'from 1970-01-01 to 9999-12-31');
  });

  it.each(withoutDatabase([...notOurs, ...invalid, ...notStrings, '2018-10-18', '']))(
    'may not be %j',
    async (time) => {
      expectRefused(await record(server, sessionAt('refused', time)), path);
    },
  );

  it('is stored for no refused action', async () => {
    expect((await rangeDoors[0]!.logs(server, { user: 'refused' })).entries).toEqual([]);
  });

  it('may be the first and the last microsecond of 1970 to 9999, and none outside', async () => {
    const ends = ['1970-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999999Z'];
    expect(timesOf(await record(server, sessionAt(`ends ${name}`, ...ends)))).toEqual(ends);
    for (const time of ['1969-12-31T23:59:59.999999999Z', '9999-12-31T23:59:59-00:01']) {
      expectRefused(await record(server, sessionAt('refused', time)), path, 'from 1970-01-01');
    }
  });

  it('keeps six fraction digits and drops the others', async () => {
    const times = ['2018-10-18T21:37:28.1234569Z', '2018-10-18T21:37:28.999999999Z'];
    expect(timesOf(await record(server, sessionAt(`drop ${name}`, ...times)))).toEqual([
      '2018-10-18T21:37:28.123456Z',
      '2018-10-18T21:37:28.999999Z',
    ]);
  });

  it('comes back to the microsecond, for 1,000 random ones', async () => {
    const samples = fc.sample(dateTimes, { numRuns: 1_000, seed: 42 });
    const user = `random ${name}`;
    const outcome = await record(server, sessionAt(user, ...samples.map(({ text }) => text)));
    const expected = samples.map(({ instant }) => instant);
    expect(timesOf(outcome)).toEqual(expected);
    const sorted = expected.sort((a, b) => (toMicros(a) < toMicros(b) ? -1 : 1));
    for (const { logs } of rangeDoors) {
      expect(timesOf(await logs(server, { user }))).toEqual(sorted);
    }
  });
});

/** An instant as the server writes it, with six fraction digits: such texts sort as the instants do. */
const toMicros = (instant: string): string => `${instant.slice(0, -1)}000`.slice(0, 26);

/** A date-time in one of the ways that RFC 3339 has for it, and the instant as the server should write it. */
const dateTimes = fc
  .record({
    second: fc.integer({ min: 0, max: Date.UTC(9999, 11, 31, 23, 59, 59) / 1_000 }),
    digits: fc.string({ unit: fc.integer({ min: 0, max: 9 }).map(String), maxLength: 9 }),
    offset: fc.integer({ min: -1_439, max: 1_439 }),
    zulu: fc.constantFrom('Z', 'z', ''),
    separator: fc.constantFrom('T', 't'),
  })
  .map(({ second, digits, offset, zulu, separator }) => {
    const instant = `${new Date(second * 1_000).toISOString().slice(0, 19)}.${digits.padEnd(6, '0').slice(0, 6)}`;
    const local = new Date((second + (zulu ? 0 : offset * 60)) * 1_000).toISOString();
    const minutes = new Date(Math.abs(offset) * 60_000).toISOString().slice(11, 16);
    const zone = zulu || `${offset < 0 ? '-' : '+'}${minutes}`;
    return {
      text: local.slice(0, -5).replace('T', separator) + (digits && `.${digits}`) + zone,
      instant: `${instant.endsWith('000') ? instant.slice(0, -3) : instant}Z`,
    };
  })
  .filter(({ text }) => /^\d{4}-/.test(text));

describe.each(rangeDoors)('a range bound as $name', ({ name, pathOf, logs }) => {
  const user = `bounds ${name}`;
  /** The instants of the valid strings and the microseconds before them, in order. */
  const marks = [
    '1990-12-31T23:59:50.122999Z',
    '1990-12-31T23:59:50.123Z',
    '2018-01-01T11:40:27.869999Z',
    '2018-01-01T11:40:27.870Z',
    '2018-06-19T08:30:05.999999Z',
    '2018-06-19T08:30:06.000Z',
    '2018-06-19T08:30:06.283184Z',
    '2018-06-19T08:30:06.283185Z',
    '2018-10-17T23:59:59.999999Z',
    '2018-10-18T00:00:00.000Z',
    '2018-12-31T23:59:50.122999Z',
    '2018-12-31T23:59:50.123Z',
    '9999-12-31T23:59:59.999999Z',
  ];
  const before = (instant: string) => marks.filter((mark) => toMicros(mark) < toMicros(instant));
  const from = (instant: string) => marks.filter((mark) => toMicros(mark) >= toMicros(instant));
  beforeAll(async () => {
    timesOf(await doors[1]!.record(server, sessionAt(user, ...marks)));
  });

  it.each([
    ...valid,
    ...validIn2018,
    ['2018-10-18', '2018-10-18T00:00:00.000Z'],
    ['0000-01-01T00:00:00Z', '0000-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999999999Z', '9999-12-31T23:59:59.999999Z'],
    ['2018-06-19T08:30:06.2831841Z', '2018-06-19T08:30:06.283184Z'],
    ['2018-06-19T08:30:06.2831840Z', '2018-06-19T08:30:06.283184Z'],
    ['2018-06-19T08:30:06.283184999Z', '2018-06-19T08:30:06.283184Z'],
    ['2018-06-19T08:30:05.999999900Z', '2018-06-19T08:30:05.999999Z'],
    ['2018-06-19T08:30:05.9999990Z', '2018-06-19T08:30:05.999999Z'],
  ])('%s includes from, and excludes up to, %s', async (text, instant) => {
    expect(timesOf(await logs(server, { user, startTime: text }))).toEqual(from(instant));
    expect(timesOf(await logs(server, { user, endTime: text }))).toEqual(before(instant));
  });

  const wrong = [...notOurs, ...invalid, '2018-02-30', '2018-10-18Z', ''];
  it.each(withoutDatabase(name === 'REST query string' ? wrong : [...wrong, ...notStrings]))(
    'may not be %j',
    async (bound) => {
      expectRefused(await logs(server, { user, startTime: bound }), pathOf('startTime'));
      expectRefused(await logs(server, { user, endTime: bound }), pathOf('endTime'));
    },
  );
});

describe('digits beyond microseconds', () => {
  const user = 'nanoseconds';
  const first = '2018-10-19T00:00:00.0000005Z';
  const last = '2018-10-19T00:00:00.000001999Z';
  /** Before the instant of `last`, as far as microseconds tell. */
  const end = '2018-10-19T00:00:00.000001001Z';
  beforeAll(async () => {
    timesOf(await doors[1]!.record(server, sessionAt(user, first, last)));
  });

  it.each(rangeDoors)('find an entry from its own time, as $name', async ({ logs }) => {
    const times = ['2018-10-19T00:00:00.000Z', '2018-10-19T00:00:00.000001Z'];
    expect(timesOf(await logs(server, { user, startTime: first }))).toEqual(times);
    expect(timesOf(await logs(server, { user, startTime: last }))).toEqual(times.slice(1));
    expect(timesOf(await logs(server, { user, startTime: first, endTime: end }))).toEqual(times.slice(0, 1));
    // The same microsecond: an empty range, not one that ends before it begins.
    expect(timesOf(await logs(server, { user, startTime: last, endTime: end }))).toEqual([]);
  });

  it.each([
    ['a variable', (text: string) => `query ($filter: LogFilter, $sessions: SessionFilter) ${text}`],
    [
      'a literal',
      (text: string) =>
        text
          .replaceAll('$filter', `{ userIds: ["${user}"], startTime: "${first}", endTime: "${end}" }`)
          .replaceAll('$sessions', `{ userIds: ["${user}"], startTime: "${first}", endTime: "${end}" }`),
    ],
  ])('find it in every other query, from %s', async (_name, toDocument) => {
    const filter = { userIds: [user], startTime: first, endTime: end };
    const { data } = await server.graphql(
      toDocument(`{
        logsConnection(filter: $filter) { nodes { time } totalCount { value } }
        sessions(filter: $sessions) { nodes { entryCount } }
        logHistogram(filter: $filter, interval: DAY) { buckets { count } }
        logTypes(filter: $filter) { types { count } }
      }`),
      { filter, sessions: filter },
    );
    expect(data).toEqual({
      logsConnection: { nodes: [{ time: '2018-10-19T00:00:00.000Z' }], totalCount: { value: 1 } },
      sessions: { nodes: [{ entryCount: 2 }] },
      logHistogram: { buckets: [{ count: 1 }] },
      logTypes: { types: [{ count: 1 }] },
    });
  });

  it('make no other list: a cursor is valid without them', async () => {
    const page = async (startTime: string, after: string | null) => {
      const { data } = await server.graphql(
        `query ($startTime: DateTime, $after: String) {
          logsConnection(filter: { startTime: $startTime, userIds: "${user}" }, first: 1, after: $after) {
            nodes { time }
            pageInfo { endCursor }
          }
        }`,
        { startTime, after },
      );
      return data.logsConnection;
    };
    const { pageInfo } = await page(first, null);
    const { nodes } = await page('2018-10-19T00:00:00Z', pageInfo.endCursor);
    expect(nodes).toEqual([{ time: '2018-10-19T00:00:00.000001Z' }]);
  });
});

it.each(withoutDatabase([1_900, 2_000, 2_100, 2_200]))(
  'every day from %d for a century, and no other, is what the calendar says',
  (first) => {
    const pad = (value: number): string => String(value).padStart(2, '0');
    for (let year = first; year <= first + 100; year++) {
      for (let month = 0; month <= 13; month++) {
        for (let day = 0; day <= 32; day++) {
          const date = new Date(Date.UTC(year, month - 1, day));
          const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
          const instant = parseInstant(`${year}-${pad(month)}-${pad(day)}T00:00:00Z`);
          const expected = exists ? BigInt(date.getTime()) * 1_000n : undefined;
          if (instant !== expected) throw new Error(`${year}-${month}-${day} became ${instant}`);
        }
      }
    }
  },
);
