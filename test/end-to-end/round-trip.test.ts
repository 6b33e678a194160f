import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonical, doors, rangeDoors } from '../support/server/doors';
import { startServer, type TestServer } from '../support/server/server';
import { caseCount } from '../support/scale';

interface Entry {
  readonly time: string;
  readonly type: string;
  readonly properties?: unknown;
}

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

/** Any Unicode text but U+0000. */
const text = (maxLength: number, minLength = 0) =>
  fc
    .string({
      unit: fc.oneof(
        fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
        fc.constantFrom('😀', 'é', ' ', '"', '\\', 'ש', '\u2028'),
      ),
      minLength,
      maxLength,
    })
    .map((drawn) => drawn.replaceAll('\0', '0'));
const key = fc.oneof(
  { weight: 6, arbitrary: text(8) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('__proto__', 'constructor', 'toString', 'length', '0', '$a.b[0]'),
  },
);

/** Keys are defined, not assigned: to an object literal's `__proto__` that would do something else. */
function toObject(pairs: readonly (readonly [string, unknown])[]): object {
  const object = {};
  for (const [name, value] of pairs) {
    Object.defineProperty(object, name, { value, enumerable: true, configurable: true });
  }
  return object;
}

const { object: properties } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 8, depthSize: 'medium' },
    fc.oneof(
      text(20),
      fc
        .double({ noNaN: true, noDefaultInfinity: true })
        .filter((x) => !Number.isInteger(x) || Number.isSafeInteger(x)),
      fc.maxSafeInteger(),
      fc.boolean(),
      fc.constant(null),
    ),
    fc.array(tie('value'), { maxLength: 4 }),
    tie('object'),
  ),
  object: fc
    .uniqueArray(fc.tuple(key, tie('value')), { maxLength: 5, selector: ([name]) => name })
    .map(toObject),
}));

const count = caseCount(200, 2_000);

const action = fc.record(
  {
    time: fc.integer({ min: 0, max: Date.UTC(9999, 11, 31) }).map((time) => new Date(time).toISOString()),
    type: text(20, 1),
    properties: fc.option(properties, { freq: 10 }),
  },
  { requiredKeys: ['time', 'type'] },
);
const sessions = fc.record({
  userId: text(20, 1),
  sessionId: text(20, 1),
  actions: fc.array(action, { maxLength: 5 }),
});

it(`${count} random sessions come back from GraphQL and REST as they were sent`, async () => {
  const drawn = fc.sample(sessions, { numRuns: count, seed: 42 });
  // Each user is unique, so that logs gives the entries of one session.
  const queue = drawn.map((session, at) => ({ ...session, userId: `${session.userId}${at}` })).entries();
  let entryCount = 0;
  const work = async (): Promise<void> => {
    for (const [at, sent] of queue) {
      const { userId, sessionId } = sent;
      const expected = sent.actions.map(({ time, type, properties }) => ({
        ...{ time, type, userId, sessionId },
        // As JSON writes it, which has no -0.
        properties: JSON.parse(JSON.stringify(properties ?? {})) as unknown,
      }));
      const recorded = await doors[1 + (at % 2)]!.record(server, sent);
      expect(recorded.error).toBeUndefined();
      expect(canonical(recorded.entries)).toBe(canonical(expected));

      const sorted = expected.sort((a: Entry, b: Entry) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
      const read = await rangeDoors[1 + ((at >> 1) % 3)]!.logs(server, { user: userId });
      expect(canonical(read.entries)).toBe(canonical(sorted));
      entryCount += sorted.length;
    }
  };
  await Promise.all(Array.from({ length: 16 }, work));
  const { data } = await server.graphql('{ logs { id } }');
  expect(data.logs).toHaveLength(entryCount);
  expect(entryCount).toBeGreaterThan(count * 1.5);
});
