import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createReadContext } from '../../../src/logs/model/read-context';
import { TooManyBytesError, ServiceUnavailableError } from '../../../src/logs/model/errors';
import { dialect } from '../../support/database/database';
import { queries, type Request } from '../support/documents';
import { createTestServices, maxEntries, openGraphQL, type OpenGraphQL } from '../support/graphql';

let open: OpenGraphQL;

beforeAll(async () => {
  open = await openGraphQL();
  for (const [at, user] of ['u1', 'u2', 'ü"\\'].entries()) {
    await open.services.recorder.recordSession({
      userId: user,
      sessionId: `s${at}`,
      actions: [
        { time: '2018-10-18T21:37:28-06:00', type: 'CLICK', properties: { x: 1, 'a"b': [null] } },
        { time: '2018-10-19T21:37:28.123456Z', type: 'VIEW' },
        {
          time: '2019-01-01T00:00:00.5Z',
          type: '€ "\\ \n',
          properties: { ['__proto__']: 1, '': {} },
        },
      ],
    });
  }
});
afterAll(() => open.close());

/** PostgreSQL puts spaces into the properties, graphql-js does not. */
function compact(answer: string): string {
  return dialect === 'sqlite' ? answer : `${JSON.stringify(JSON.parse(answer))}\n`;
}

/** Asks as often as it takes the fast path to learn an operation. */
async function teach(request: Request): Promise<string> {
  await open.ask(request);
  return open.ask(request);
}

test('4,000 generated queries are answered byte for byte as by graphql-js', async () => {
  const counts = { fast: 0, errors: 0 };
  await fc.assert(
    fc.asyncProperty(queries, async (request) => {
      const expected = await teach(request);
      const answer = await open.askFastPath(request);
      if (expected.includes('"errors":')) {
        counts.errors++;
        expect(answer).toBeUndefined();
      } else if (answer !== undefined) {
        counts.fast++;
        expect(compact(answer)).toBe(`${expected}\n`);
      }
    }),
    { numRuns: 4_000 },
  );
  // Otherwise nothing would have been compared.
  expect(counts.fast).toBeGreaterThan(1_200);
  expect(counts.errors).toBeGreaterThan(100);
}, 240_000);

const record = `mutation M($input: RecordSessionInput!, $all: Boolean! = true) {
  r: recordSession(input: $input) {
    recordedCount replayed __typename
    ... @include(if: $all) { entries { id t: type time properties userId sessionId __typename } }
  }
  __typename @skip(if: true)
}`;
const literal = `mutation ($user: String!, $time: DateTime!) {
  recordSession(input: { userId: $user, sessionId: "s", actions: { time: $time, type: "T" } }) {
    entries { time userId properties receivedAt } recordedCount
  }
}`;
const actions = [
  { time: '2020-01-01T00:00:00Z', type: 'A', properties: { a: [1, { b: '€' }] } },
  { time: '2020-01-01T00:00:00.000001+02:00', type: 'B', properties: null },
];
const input = { userId: 'm', sessionId: 's', actions };

test.each([
  [record, { input }],
  [record, { input, all: false }],
  [record, { input: { ...input, actions: actions[0] } }],
  [record, { input: { ...input, actions: [] } }],
  [literal, { user: 'm', time: '2020-01-01T00:00:00Z' }],
])('a mutation is answered byte for byte as by graphql-js: %#', async (query, variables) => {
  const request = { query, variables, operationName: undefined };
  const withoutIds = (text: string | undefined) => text?.replaceAll(/"id":"\d+"/g, '"id":"?"');
  const expected = await teach(request);
  expect(expected).not.toContain('errors');
  expect(withoutIds(await open.askFastPath(request))).toBe(withoutIds(`${expected}\n`));
});

test.each([
  ['a type that does not fit', { ...input, userId: 7 }],
  ['a missing field', { userId: 'm', sessionId: 's' }],
  ['an unknown field', { ...input, more: 1 }],
  ['an unknown field of an action', { ...input, actions: [{ ...actions[0], __typename: 'A' }] }],
  ['a rule that is broken', { ...input, sessionId: '' }],
  ['null', null],
])('a mutation with %s is left to graphql-js, and stores nothing', async (_name, wrong) => {
  await teach({ query: record, variables: { input }, operationName: undefined });
  let inserts = 0;
  const insertSessions = async () => (inserts++, []);
  const manager = createTestServices({ ...open.store, insertSessions });
  const request = { query: record, variables: { input: wrong }, operationName: undefined };
  expect(await open.askFastPath(request, manager)).toBeUndefined();
  expect(await open.ask(request, manager)).toContain('BAD_USER_INPUT');
  expect(inserts).toBe(0);
});

const read = { query: '{ r: logs { id } }', variables: {}, operationName: undefined };
test.each([
  [
    'a mutation',
    'insertSessions',
    { query: record, variables: { input }, operationName: undefined },
  ],
  ['a query', 'findEntries', read],
] as const)(
  '%s that fails is tried once, and answered with its error',
  async (_, verb, request) => {
    await teach(request);
    let attempts = 0;
    const manager = createTestServices({
      ...open.store,
      [verb]: () => {
        attempts++;
        return Promise.reject(new ServiceUnavailableError('Not now.'));
      },
    });
    const context = {
      ...manager,
      readContext: createReadContext({ mustBeLatest: false, maxEntries }),
      requestId: 'r',
    };
    expect(await open.server.fastPath.execute(request, context)).toBeUndefined();
    const { body } = await open.server.apollo.executeOperation(
      { query: request.query, variables: request.variables },
      { contextValue: context },
    );
    expect(body).toMatchObject({
      singleResult: {
        data: null,
        errors: [{ path: ['r'], message: 'Not now.', extensions: { code: 'SERVICE_UNAVAILABLE' } }],
      },
    });
    expect(attempts).toBe(1);
  },
);

test('a query that fails asks for each of its fields once, and is answered as by graphql-js', async () => {
  const query = `query ($user: String) {
    a: logs(type: "VIEW") { type } __typename b: logs(user: $user) { id } c: logs { time }
  }`;
  const request = { query, variables: { user: 'u1' }, operationName: undefined };
  await teach(request);
  const asked: unknown[] = [];
  const manager = createTestServices({
    ...open.store,
    findEntries: async ({ user, type }) => {
      asked.push(user ?? type);
      await new Promise(setImmediate);
      if (user === 'u1') throw new ServiceUnavailableError('Not now.');
      await new Promise((resolve) => setTimeout(resolve, 20));
      if (!type) throw new TooManyBytesError(7);
      return { objects: '' };
    },
  });
  const expected = await open.ask(request, manager);
  expect(JSON.parse(expected)).toMatchObject({ errors: [{ path: ['b'] }], data: null });
  asked.length = 0;
  const context = {
    ...manager,
    readContext: createReadContext({ mustBeLatest: false, maxEntries }),
    requestId: 'r',
  };
  expect(await open.server.fastPath.execute(request, context)).toBeUndefined();
  const { body } = await open.server.apollo.executeOperation(
    { query, variables: request.variables },
    { contextValue: context },
  );
  expect(JSON.stringify(body.kind === 'single' && body.singleResult)).toBe(expected);
  expect(asked).toEqual(['VIEW', 'u1', undefined]);
});

test('two mutations in one document are both executed', async () => {
  const query = `mutation ($input: RecordSessionInput!) {
    a: recordSession(input: $input) { entries { id } }
    b: recordSession(input: $input) { entries { id } }
  }`;
  const request = { query, variables: { input }, operationName: undefined };
  const { data } = JSON.parse(await teach(request));
  expect(await open.askFastPath(request)).toBeUndefined();
  expect(data.b.entries[0].id).not.toBe(data.a.entries[0].id);
});

test('the name of an operation chooses it, and cannot pass for a part of the text', async () => {
  const query = 'query A { __typename } query B { kind: __typename }';
  const request = (operationName: string | undefined) => ({ query, variables: {}, operationName });
  for (const name of ['A', 'B']) {
    expect(await teach(request(name))).not.toContain('errors');
    expect(await open.askFastPath(request(name))).toBe(`${await open.ask(request(name))}\n`);
  }
  for (const name of [undefined, '', 'C', 'A:']) {
    expect(await open.askFastPath(request(name))).toBeUndefined();
  }
  const split = { query: query.slice('query'.length), variables: {}, operationName: 'query' };
  expect(await open.askFastPath(split)).toBeUndefined();
});
