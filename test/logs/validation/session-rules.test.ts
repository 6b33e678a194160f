import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { canonical, doors, rangeDoors, raw, toJson, type Door } from '../../support/server/doors';
import {
  action,
  nestArrays,
  nestObjects,
  refused,
  session,
  time,
  withProperties,
} from '../support/refused-sessions';
import { startServer, type TestServer } from '../../support/server/server';

const maximal = {
  userId: '😀'.repeat(256),
  sessionId: 'x'.repeat(256),
  actions: [
    { time, type: '😀'.repeat(200), properties: { a: 'x'.repeat(32_760) } },
    { time, type: 'é'.repeat(200), properties: { a: 'é'.repeat(16_380) } },
    { time, type: 'a', properties: nestObjects(31) },
    { time, type: 'b', properties: { a: nestArrays(30) } },
  ],
};

/** Each as the JSON that is sent, and the JSON that comes back when that is another. */
const unchanged: readonly (readonly [name: string, sent: unknown, back?: string])[] = [
  ['emoji and joined emoji', { a: '😀👩‍👩‍👧‍👦🏳️‍🌈', b: ['🇩🇪'] }],
  ['right-to-left text and marks', { a: 'שלום עולם', b: 'مرحبا', c: '\u202eabc\u202c\u200f' }],
  ['denormalised text and noncharacters', { a: 'e\u0301', b: '\ufeff\uffff\ufffe\u{10ffff}' }],
  ['control characters and separators', { a: '\u0001\u001f\u007f\t\n\r\u2028\u2029"\\/' }],
  ['keys of prototypes', JSON.parse('{"__proto__":{"__proto__":[1]},"constructor":1,"toString":null}')],
  ['negative zeros, as zeros', { a: raw('-0.0'), b: [raw('-0')] }, '{"a":0,"b":[0]}'],
  ['floats of 15 digits', { a: 0.123456789012345, b: -1.23456789012345e-300, c: 12345678901234.5 }],
  ['doubles that take 17 digits', { a: 0.1 + 0.2, b: 5e-324, c: 2.2250738585072014e-308 }],
  ['the greatest and the least integer', { a: 2 ** 53 - 1, b: -(2 ** 53 - 1) }],
  ['numbers written otherwise', { a: raw('1.0'), b: raw('1E2') }, '{"a":1,"b":100}'],
  [
    'numbers with more digits than a double has, rounded',
    { a: raw('0.1234567890123456789'), b: raw('9007199254740990.9'), c: raw('1e-323'), d: raw('0e-400') },
    '{"a":0.12345678901234568,"b":9007199254740991,"c":1e-323,"d":0}',
  ],
  ['null, false, empty lists and objects', { a: null, b: false, c: [], d: {}, e: [null], f: '' }],
  ['null, as no properties', null, '{}'],
];

let server: TestServer;
/** Is sent only what must be refused, so that it should never hold anything. */
let strict: TestServer;
beforeAll(async () => {
  server = await startServer();
  strict = await startServer();
});
afterAll(async () => {
  await server.stop();
  await strict.stop();
});
const storedIds = async (): Promise<unknown> => (await strict.graphql('{ logs { id } }')).data.logs;

describe.each(doors)('as $name', (door) => {
  const { name, prefix, record } = door;

  // Rows of one length: Jest would hand a callback to a test that takes more than its row holds.
  const rows = refused
    .map(([what, sent, path, part, code]) => [what, sent, path, part, code] as const)
    .filter((row) => name !== 'literal' || row[4] !== 'cannot be written');
  it.each(rows)('refuses %s, and stores nothing', async (_what, sent, path, part, literalCode) => {
    const before = await storedIds();
    const { error } = await record(strict, sent);
    expect(await storedIds()).toEqual(before);
    if (name === 'literal' && literalCode) {
      expect(error?.extensions.code).toBe(literalCode);
    } else {
      expect(error?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', retryable: false });
      const message = expect.stringContaining(part);
      expect(error!.extensions.violations).toEqual([{ path: prefix + path, message }]);
    }
  });

  it('accepts what is exactly at the limits', async () => {
    expect(await roundTrip(door, maximal)).toBe(canonical(maximal.actions));
  });

  // A document with more is refused with the advice to send variables.
  const mostActions = name === 'literal' ? 500 : 5_000;
  it(`accepts ${mostActions} actions`, async () => {
    const actions = Array<object>(mostActions).fill(action);
    const sent = { ...session, userId: `many ${name}`, actions };
    expect((await record(server, sent)).entries).toHaveLength(mostActions);
  });

  it.each([5_001, 12_000])('refuses %d actions', async (count) => {
    const sent = { ...session, userId: '', actions: Array(count).fill(action) };
    const { error } = await record(strict, sent);
    if (name === 'literal') {
      expect(error!.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
      expect(error!.message).toMatch(/ Send data as variables\.$/);
      return;
    }
    expect(error!.extensions.violations).toEqual([
      { path: `${prefix}userId`, message: expect.any(String) },
      { path: `${prefix}actions`, message: `must hold at most 5000 actions, not ${count}` },
    ]);
  });

  it('accepts no actions', async () => {
    expect(await record(server, { ...session, actions: [] })).toEqual({ entries: [] });
  });

  it('takes absent properties for none', async () => {
    const sent = { ...session, userId: `absent ${name}` };
    expect(await roundTrip(door, sent)).toBe(canonical([{ ...action, properties: {} }]));
  });

  it.each(unchanged)('gives back unchanged: %s', async (what, properties, back = toJson(properties)) => {
    const sent = { ...withProperties(properties), userId: `${what} ${name}` };
    const expected: unknown = JSON.parse(back);
    expect(await roundTrip(door, sent)).toBe(canonical([{ ...action, properties: expected }]));
  });
});

describe('numbers and equal keys, as the schema says', () => {
  const [literal, ...json] = doors as [Door, ...Door[]];
  const tooSmall = ['1e-400', '-1e-400', '2e-324', `0.${'0'.repeat(400)}1`, '0.5E-9999'];

  it.each(tooSmall)('refuses %.20s in a literal, and takes it for 0 in JSON', async (number) => {
    const sent = { ...withProperties({ a: [raw(number)] }), userId: `small ${tooSmall.indexOf(number)}` };
    const { error } = await literal.record(strict, sent);
    const path = 'input.actions[0].properties.a[0]';
    const message = expect.stringContaining('5e-324');
    expect(error!.extensions).toMatchObject({ code: 'BAD_USER_INPUT', violations: [{ path, message }] });
    for (const door of json) {
      const own = { ...sent, userId: `${sent.userId} ${door.name}` };
      expect(await roundTrip(door, own)).toBe(canonical([{ ...action, properties: { a: [0] } }]));
    }
  });

  it.each(['equals: 1e-400', 'in: [1, -1e-400]', 'gt: 1e-400', 'lte: -1e-400', 'gte: 1e400'])(
    'refuses %s in a filter',
    async (is) => {
      const filter = `{ userIds: ["u"], properties: [{ path: ["a"], is: { ${is} } }] }`;
      const documents = [
        `{ logsConnection(filter: ${filter}) { nodes { id } } }`,
        `{ logTypes(filter: ${filter}) { types { type } } }`,
        `query ($filter: LogFilter = ${filter}) { logsConnection(filter: $filter) { nodes { id } } }`,
        // Introspection is executed over another schema.
        `{ __type(name: "Query") { name } logsConnection(filter: ${filter}) { totalCount { value } } }`,
        `query ($filter: LogFilter = ${filter}) {
          __schema { queryType { name } } logsConnection(filter: $filter) { totalCount { value } } }`,
      ];
      for (const document of documents) {
        const { errors } = await strict.graphql(document);
        expect(errors![0]!.extensions.code).toBe('BAD_USER_INPUT');
        const { path } = errors![0]!.extensions.violations![0]!;
        expect(path).toMatch(/^filter\.properties\[0\]\.is\./);
      }
    },
  );

  it('takes the last of equal keys in JSON', async () => {
    const sent = `{"userId":"first","userId":"last","sessionId":"s","actions":[],"actions":[{"time":"${time}",
      "type":"S","type":"T","properties":{"a":1,"b":{"c":1,"c":2},"a":2}}]}`;
    const rest = await server.rest('POST', '/logs/', sent);
    const query = `mutation ($input: RecordSessionInput!) {
      recordSession(input: $input) { entries { time type properties userId sessionId } } }`;
    const text = `{"query":"{ logs { id } }","query":${JSON.stringify(query)},"variables":{"input":${sent}}}`;
    const { body } = await server.rest('POST', '/graphql', text);
    const properties = { a: 2, b: { c: 2 } };
    const entry = { time, type: 'T', properties, userId: 'last', sessionId: 's' };
    expect([rest.body, body.data.recordSession.entries]).toEqual([[entry], [entry]]);
  });

  it.each(['properties: { a: 1, a: 2 }', 'properties: { a: { b: 1, b: 2 } }', 'type: "U"'])(
    'refuses equal keys in a literal: %s',
    async (field) => {
      const { errors } = await strict.graphql(`mutation { recordSession(input: { userId: "u", sessionId: "s",
        actions: [{ time: "${time}", type: "T", ${field} }] }) { recordedCount } }`);
      expect(errors![0]!.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
    },
  );
});

it.each(doors.filter(({ name }) => name !== 'literal'))(
  'lists every violation at once, wrong types too, as $name',
  async ({ prefix, record }) => {
    const actions = [
      {
        time: 'now',
        type: '',
        properties: { a: ['\0', raw('1e400')], b: raw('9007199254740993') },
      },
      { time: 12, type: 12, properties: 12, extra: 12 },
      'x',
    ];
    const { error } = await record(server, { userId: 12, sessionId: '', extra: 1, actions });
    expect(error!.extensions.violations!.map(({ path }) => path).sort()).toEqual(
      [
        ...['userId', 'sessionId', 'extra', 'actions[0].time', 'actions[0].type', 'actions[2]'],
        ...['a[0]', 'a[1]', 'b'].map((path) => `actions[0].properties.${path}`),
        ...['time', 'type', 'properties', 'extra'].map((path) => `actions[1].${path}`),
      ]
        .map((path) => prefix + path)
        .sort(),
    );
  },
);

it.each(doors)('lists every violation of the rules at once as $name', async ({ prefix, record }) => {
  const actions = Array(60).fill({ time: '', type: '', properties: { a: raw('1e400') } });
  const { error } = await record(server, { userId: '', sessionId: '', actions });
  const paths = actions.flatMap((_action, at) =>
    ['time', 'type', 'properties.a'].map((field) => `${prefix}actions[${at}].${field}`),
  );
  const expected = [`${prefix}userId`, `${prefix}sessionId`, ...paths].sort();
  expect(error!.extensions.violations!.map(({ path }) => path).sort()).toEqual(expected);
});

/** What comes back at once, which must be what every way of reading gives: time, type and properties. */
async function roundTrip({ record }: Door, sent: { userId: string }): Promise<string> {
  const { entries, error } = await record(server, sent);
  if (error) throw new Error(JSON.stringify(error));
  const shown = (list: { time: string; type: string; properties: object }[]): string =>
    canonical(list.map(({ time, type, properties }) => ({ time, type, properties })));
  for (const { logs } of rangeDoors) {
    // The three doors may record for one user.
    const read = (await logs(server, { user: sent.userId })).entries;
    expect(shown(read.slice(-entries.length))).toBe(shown(entries));
  }
  return shown(entries);
}
