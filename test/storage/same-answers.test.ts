import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonical } from '../support/server/doors';
import { startServer, type GraphQLAnswer, type TestServer } from '../support/server/server';
import { caseCount } from '../support/scale';

let directory: string;
let servers: readonly TestServer[];
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'log-manager-'));
  servers = [
    await startServer(),
    await startServer({ DATABASE_URL: `sqlite:${join(directory, 'test.sqlite')}` }),
  ];
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  rmSync(directory, { recursive: true });
});

const users = ['u1', 'ü', '𝒰 "\\', "o'hara; --", '__proto__'];
const types = ['CLICK', 'VIEW', '€\n', '$1', '\u2028'];

/** Almost always one, now and then the other. */
const often = <T>(usual: fc.Arbitrary<T>, rare: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 60, arbitrary: usual }, { weight: 1, arbitrary: rare });

/** Mostly what is right, often at the edge of it, sometimes what is wrong. */
const text = (usual: readonly string[]) =>
  fc.oneof(
    { weight: 60, arbitrary: fc.constantFrom(...usual) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('', 'nul \0', '\ud800', '𝒰'.repeat(200), 'x'.repeat(257)),
    },
  );

const pad = (value: number, length = 2): string => String(value).padStart(length, '0');
const dateTime = fc
  .record({
    year: often(fc.constantFrom(2018, 2018, 2018, 2026, 1970, 9999), fc.constantFrom(1969, 0)),
    month: fc.integer({ min: 1, max: 12 }),
    day: often(fc.integer({ min: 1, max: 28 }), fc.integer({ min: 29, max: 32 })),
    second: often(fc.integer({ min: 0, max: 59 }), fc.constantFrom(60, 61)),
    fraction: fc.constantFrom('', '.5', '.123', '.123456', '.999999', '.0000001', '.123456789'),
    zone: often(fc.constantFrom('Z', '-06:00', '+05:45', 'z', '-23:59'), fc.constantFrom('', '+24:00')),
  })
  .map(
    ({ year, month, day, second, fraction, zone }) =>
      `${pad(year, 4)}-${pad(month)}-${pad(day)}T21:37:${pad(second)}${fraction}${zone}`,
  );

const number = often(
  fc.oneof(
    fc.double({ min: -1e15, max: 1e15, noNaN: true, noInteger: true }),
    fc.integer(),
    fc.constantFrom(0, -0, 5e-324, 2 ** 53 - 1, 0.1, 1e-7, 123456789.125),
  ),
  fc.constantFrom(2 ** 53, 1.7976931348623157e308),
);
const key = fc.constantFrom('a', 'b.c', '"', '$', '1', '10', '', '😀', '__proto__', '\u2028');
const anyString = fc.string({ unit: 'grapheme', maxLength: 6 });
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(null, true, false),
    number,
    anyString,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.oneof(key, anyString), tie('value'), { maxKeys: 4 }),
  ),
}));
const properties = often<unknown>(
  fc.dictionary(fc.oneof(key, anyString), value, { maxKeys: 6 }),
  fc.constantFrom(null, [], 'x', { a: '\0' }, { '\ud800': 1 }),
);

const session = fc.record({
  userId: text(users),
  sessionId: text(['s1', 's2']),
  actions: fc.array(
    fc.record({ time: dateTime, type: text(types), properties }, { requiredKeys: ['time', 'type'] }),
    { maxLength: 6 },
  ),
});

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });
const filter = fc.record({
  user: maybe(text(users)),
  type: maybe(text(types)),
  startTime: maybe(dateTime),
  endTime: maybe(fc.oneof(dateTime, fc.constantFrom('2018-06-01', '2019-01-01', '9999-12-31'))),
});

/** What two servers must agree on: all but the time of receipt, the ids, and the ids of requests. */
function comparable({ status, data, errors }: GraphQLAnswer): string {
  return canonical({ status, data: data ?? null, errors: errors ?? null });
}

async function askBoth(query: string, variables: object): Promise<[GraphQLAnswer, GraphQLAnswer]> {
  const [first, second] = await Promise.all(servers.map((server) => server.graphql(query, variables)));
  return [first!, second!];
}

const fields = 'time type properties userId sessionId';
const count = caseCount(120, 1_000);

it(`${count} generated sessions and filters get the same answers from both databases`, async () => {
  const counts = { stored: 0, refused: 0, found: 0, badFilters: 0 };
  await fc.assert(
    fc.asyncProperty(session, async (input) => {
      const [postgres, sqlite] = await askBoth(
        `mutation ($input: RecordSessionInput!) {
          recordSession(input: $input) { recordedCount replayed entries { ${fields} } }
        }`,
        { input },
      );
      expect(comparable(postgres)).toBe(comparable(sqlite));
      if (sqlite.errors) counts.refused++;
      else counts.stored += Number(sqlite.data.recordSession.recordedCount);
    }),
    { numRuns: count, endOnFailure: true },
  );
  await fc.assert(
    fc.asyncProperty(filter, async (variables) => {
      const [postgres, sqlite] = await askBoth(
        `query ($user: String, $type: String, $startTime: DateTime, $endTime: DateTime) {
          logs(user: $user, type: $type, startTime: $startTime, endTime: $endTime) { ${fields} }
        }`,
        variables,
      );
      expect(comparable(postgres)).toBe(comparable(sqlite));
      if (sqlite.errors) counts.badFilters++;
      else counts.found += Number(sqlite.data.logs.length);
    }),
    { numRuns: count, endOnFailure: true },
  );
  // Else nothing much has been compared.
  expect(counts.stored).toBeGreaterThan(count * 0.3);
  expect(counts.refused).toBeGreaterThan(count * 0.05);
  expect(counts.found).toBeGreaterThan(count);
  expect(counts.badFilters).toBeGreaterThan(count * 0.01);
}, 300_000);
