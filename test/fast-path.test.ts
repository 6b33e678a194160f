import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createGraphQLServer, type GraphQLServer } from '../src/graphql/server';
import { ServiceUnavailableError } from '../src/logs/errors';
import { createLogManager, type LogManager } from '../src/logs/log-manager';
import { createUnsentAnswers } from '../src/logs/unsent-answers';
import type { LogStore } from '../src/logs/log-store';
import { openSqliteStore, type SqliteStore } from '../src/storage/sqlite/sqlite-store';
import { queries, type Request } from './support/documents';

const typeDefs = readFileSync(join(__dirname, '..', 'schema.graphql'), 'utf8');
const observer = { rejected: () => {}, failed: () => {} };

let store: SqliteStore;
let graphql: GraphQLServer;
let logManager: LogManager;

beforeAll(async () => {
  store = await openSqliteStore(':memory:');
  graphql = await createGraphQLServer(typeDefs, observer);
  logManager = manage(store);
  for (const [at, user] of ['u1', 'u2', 'ü"\\'].entries()) {
    await logManager.recordSession({
      userId: user,
      sessionId: `s${at}`,
      actions: [
        { time: '2018-10-18T21:37:28-06:00', type: 'CLICK', properties: { x: 1, 'a"b': [null] } },
        { time: '2018-10-19T21:37:28.123456Z', type: 'VIEW' },
        { time: '2019-01-01T00:00:00.5Z', type: '€ "\\ \n', properties: { __proto__: 1, '': {} } },
      ],
    });
  }
});
afterAll(async () => {
  await graphql.apollo.stop();
  await store.close();
});

function manage(logStore: LogStore): LogManager {
  return createLogManager({
    store: logStore,
    version: '1',
    maxLogsResult: 9,
    maxRequestBytes: 1_000,
    unsentAnswers: createUnsentAnswers(1_000_000),
    now: () => 1_700_000_000_000_000n,
    onCommit: () => {},
  });
}

/** What Apollo Server answers, which executes with graphql-js. */
async function ask(request: Request, manager = logManager): Promise<string> {
  const { body } = await graphql.apollo.executeOperation(
    { ...request, operationName: request.operationName! },
    { contextValue: { logManager: manager, requestId: 'r' } },
  );
  if (body.kind !== 'single') throw new Error('the answer comes in parts');
  return JSON.stringify(body.singleResult);
}

async function askFastPath(request: Request, manager = logManager): Promise<string | undefined> {
  const context = { logManager: manager, requestId: 'r' };
  const parts = await graphql.fastPath.execute(request, context);
  return parts?.map((part) => part.toString()).join('');
}

/** Asks as often as it takes the fast path to learn an operation. */
async function teach(request: Request): Promise<string> {
  await ask(request);
  return ask(request);
}

test('4,000 generated queries are answered byte for byte as by graphql-js', async () => {
  const counts = { fast: 0, errors: 0 };
  await fc.assert(
    fc.asyncProperty(queries, async (request) => {
      const expected = await teach(request);
      const answer = await askFastPath(request);
      if (expected.includes('"errors":')) {
        counts.errors++;
        expect(answer).toBeUndefined();
      } else if (answer !== undefined) {
        counts.fast++;
        expect(answer).toBe(`${expected}\n`);
      }
    }),
    { numRuns: 4_000 },
  );
  // Otherwise nothing would have been compared.
  expect(counts.fast).toBeGreaterThan(1_200);
  expect(counts.errors).toBeGreaterThan(100);
});

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
  expect(withoutIds(await askFastPath(request))).toBe(withoutIds(`${expected}\n`));
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
  const manager = manage({ ...store, insert: () => Promise.resolve(++inserts) });
  const request = { query: record, variables: { input: wrong }, operationName: undefined };
  expect(await askFastPath(request, manager)).toBeUndefined();
  expect(await ask(request, manager)).toContain('BAD_USER_INPUT');
  expect(inserts).toBe(0);
});

test('a mutation that fails is tried once, and answered with its error', async () => {
  const request = { query: record, variables: { input }, operationName: undefined };
  await teach(request);
  let attempts = 0;
  const manager = manage({
    ...store,
    insert: () => {
      attempts++;
      return Promise.reject(new ServiceUnavailableError('Not now.'));
    },
  });
  const context = { logManager: manager, requestId: 'r' };
  expect(await graphql.fastPath.execute(request, context)).toBeUndefined();
  const { body } = await graphql.apollo.executeOperation(
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
});

test('two mutations in one document are both executed', async () => {
  const query = `mutation ($input: RecordSessionInput!) {
    a: recordSession(input: $input) { entries { id } }
    b: recordSession(input: $input) { entries { id } }
  }`;
  const request = { query, variables: { input }, operationName: undefined };
  const { data } = JSON.parse(await teach(request));
  expect(await askFastPath(request)).toBeUndefined();
  expect(data.b.entries[0].id).not.toBe(data.a.entries[0].id);
});

test('the name of an operation chooses it, and cannot pass for a part of the text', async () => {
  const query = 'query A { __typename } query B { kind: __typename }';
  const request = (operationName: string | undefined) => ({ query, variables: {}, operationName });
  for (const name of ['A', 'B']) {
    expect(await teach(request(name))).not.toContain('errors');
    expect(await askFastPath(request(name))).toBe(`${await ask(request(name))}\n`);
  }
  for (const name of [undefined, '', 'C', 'A:']) {
    expect(await askFastPath(request(name))).toBeUndefined();
  }
  const split = { query: query.slice('query'.length), variables: {}, operationName: 'query' };
  expect(await askFastPath(split)).toBeUndefined();
});
