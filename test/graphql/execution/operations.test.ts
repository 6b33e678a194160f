import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { OverloadedError, TooManyBytesError, ServiceUnavailableError } from '../../../src/logs/model/errors';
import { overrideRepository } from '../../support/database/store';
import { createTestServices, openGraphQL, type OpenGraphQL } from '../support/graphql';
import { openPrincipal } from '../../../src/logs/access/principal';

let open: OpenGraphQL;

beforeAll(async () => {
  open = await openGraphQL();
  for (const [at, user] of ['u1', 'u2', 'ü"\\'].entries()) {
    await open.services.recorder.recordSession(
      {
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
      },
      openPrincipal,
    );
  }
});
afterAll(() => open.close());

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
])(
  'a mutation is answered by way of Apollo Server and without it as by graphql-js: %#',
  async (query, variables) => {
    const request = { query, variables, operationName: undefined };
    const withoutIds = (answer: unknown) => JSON.stringify(answer).replaceAll(/"id":"\d+"/g, '"id":"?"');
    const expected = withoutIds(await open.askReference(request));
    expect(expected).not.toContain('errors');
    for (const answer of [await open.ask(request), await open.askKnown(request), await open.ask(request)]) {
      expect(withoutIds(JSON.parse(answer!))).toBe(expected);
    }
  },
);

test.each([
  ['a type that does not fit', { ...input, userId: 7 }],
  ['a missing field', { userId: 'm', sessionId: 's' }],
  ['an unknown field', { ...input, more: 1 }],
  ['an unknown field of an action', { ...input, actions: [{ ...actions[0], __typename: 'A' }] }],
  ['a rule that is broken', { ...input, sessionId: '' }],
  ['null', null],
])('a mutation with %s is refused as a whole, and stores nothing', async (_name, wrong) => {
  await open.ask({ query: record, variables: { input }, operationName: undefined });
  let inserts = 0;
  const insertSessions = async () => (inserts++, []);
  const manager = createTestServices(overrideRepository(open.store, { insertSessions }));
  const request = { query: record, variables: { input: wrong }, operationName: undefined };
  const known = await open.askKnown(request, manager);
  expect(JSON.parse(known!)).toEqual({
    errors: [
      {
        message: expect.any(String),
        extensions: { code: 'BAD_USER_INPUT', retryable: false, violations: [expect.anything()] },
      },
    ],
  });
  expect(await open.ask(request, manager)).toBe(known);
  expect(inserts).toBe(0);
});

const read = { query: '{ r: logs { id } }', variables: {}, operationName: undefined };
test.each([
  ['a mutation', 'insertSessions', { query: record, variables: { input }, operationName: undefined }],
  ['a query', 'findEntries', read],
] as const)('%s that fails is tried once, and answered with its error', async (_, verb, request) => {
  await open.ask(request);
  let attempts = 0;
  const manager = createTestServices(
    overrideRepository(open.store, {
      [verb]: () => {
        attempts++;
        return Promise.reject(new ServiceUnavailableError('Not now.'));
      },
    }),
  );
  const known = await open.askKnown(request, manager);
  expect(JSON.parse(known!)).toMatchObject({
    data: null,
    errors: [{ path: ['r'], message: 'Not now.', extensions: { code: 'SERVICE_UNAVAILABLE' } }],
  });
  expect(attempts).toBe(1);
  expect(await open.ask(request, manager)).toBe(known);
  expect(attempts).toBe(2);
});

const total = '{ totalCount { value } }';
test.each([
  [`{ session(userId: "u1", sessionId: "s0") { entries ${total} } }`, { data: { session: null } }],
  [`{ logsConnection ${total} }`, {}],
])('a read that is refused takes away the data of its field only: %s', async (query, data) => {
  const countEntries = () => Promise.reject(new OverloadedError(2_400));
  const manager = createTestServices(overrideRepository(open.store, { countEntries }));
  const request = { query, variables: {}, operationName: undefined };
  const answer = JSON.parse(await open.ask(request, manager));
  expect(answer).toEqual({ errors: [expect.anything()], ...data });
  expect(answer.errors[0]).toMatchObject({
    message: 'The database is overloaded. Send the request again in 3 s.',
    extensions: { code: 'SERVICE_UNAVAILABLE', retryable: true, retryAfterMs: 2_400 },
  });
  expect(JSON.parse((await open.askKnown(request, manager))!)).toEqual(answer);
});

test('a request that was refused is not executed while it would be refused again', async () => {
  const query = `query ($first: Int) { logsConnection(first: $first) ${total} }`;
  let asked = 0;
  let refusal: OverloadedError | undefined = new OverloadedError(1_500);
  const manager = createTestServices(
    overrideRepository(open.store, {
      findRefusal: () => refusal,
      countEntries: () => {
        asked++;
        return refusal ? Promise.reject(refusal) : Promise.resolve(7);
      },
    }),
  );
  const ask = async (first: number) =>
    JSON.parse(await open.ask({ query, variables: { first }, operationName: undefined }, manager));
  const error = {
    message: refusal.message,
    extensions: { code: 'SERVICE_UNAVAILABLE', retryAfterMs: 1_500 },
  };
  for (const [first, count] of [
    [1, 1],
    [1, 1],
    [2, 2],
    [2, 2],
  ] as const) {
    const answer = await ask(first);
    expect(answer).toMatchObject({ errors: [error] });
    expect([Object.keys(answer), asked]).toEqual([['errors'], count]);
  }
  refusal = undefined;
  expect(await ask(1)).toEqual({ data: { logsConnection: { totalCount: { value: 7 } } } });
});

test('a query that fails asks for each of its fields once', async () => {
  const query = `query ($user: String) {
    a: logs(type: "VIEW") { type } __typename b: logs(user: $user) { id } c: logs { time }
  }`;
  const request = { query, variables: { user: 'u1' }, operationName: undefined };
  const asked: unknown[] = [];
  const manager = createTestServices(
    overrideRepository(open.store, {
      findEntries: async ({ filter: { userIds: [user] = [], types: [type] = [] } }) => {
        asked.push(user ?? type);
        await new Promise(setImmediate);
        if (user === 'u1') throw new ServiceUnavailableError('Not now.');
        await new Promise((resolve) => setTimeout(resolve, 20));
        if (!type) throw new TooManyBytesError(7);
        return { objects: '' };
      },
    }),
  );
  const answer = await open.ask(request, manager);
  expect(JSON.parse(answer)).toMatchObject({ errors: [{ path: ['b'] }], data: null });
  expect(await open.askKnown(request, manager)).toBe(answer);
  expect(asked).toEqual(['VIEW', 'u1', undefined, 'VIEW', 'u1', undefined]);
});

test('two mutations in one document are both executed', async () => {
  const query = `mutation ($input: RecordSessionInput!) {
    a: recordSession(input: $input) { entries { id } }
    b: recordSession(input: $input) { entries { id } }
  }`;
  const request = { query, variables: { input }, operationName: undefined };
  for (const answer of [await open.ask(request), await open.askKnown(request)]) {
    const { data } = JSON.parse(answer!) as {
      data: Record<'a' | 'b', { entries: { id: string }[] }>;
    };
    expect(data.b.entries[0]!.id).not.toBe(data.a.entries[0]!.id);
  }
});

test('the name of an operation chooses it, and cannot pass for a part of the text', async () => {
  const query = 'query A { __typename } query B { kind: __typename }';
  const request = (operationName: string | undefined) => ({ query, variables: {}, operationName });
  for (const name of ['A', 'B']) {
    const answer = await open.ask(request(name));
    expect(answer).not.toContain('errors');
    expect(await open.askKnown(request(name))).toBe(answer);
  }
  for (const name of [undefined, '', 'C', 'A:']) {
    expect(await open.askKnown(request(name))).toBeUndefined();
  }
  const split = { query: query.slice('query'.length), variables: {}, operationName: 'query' };
  expect(await open.askKnown(split)).toBeUndefined();
});
