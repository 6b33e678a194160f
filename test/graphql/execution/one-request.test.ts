import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { QueryTimeoutError } from '../../../src/logs/model/errors';
import type { Services } from '../../../src/logs/services';
import type { Request } from '../support/documents';
import { createTestServices, openGraphQL, type OpenGraphQL } from '../support/graphql';
import { overrideRepository } from '../../support/database/store';
import { openPrincipal } from '../../../src/logs/access/principal';

let open: OpenGraphQL;
const big = 'x'.repeat(1_000);
const actions = Array.from({ length: 8 }, (_, at) => ({
  time: '2018-10-18T21:37:28Z',
  type: `T${at}`,
  properties: { big },
}));
beforeAll(async () => {
  open = await openGraphQL();
  for (const userId of ['u1', 'u2']) {
    await open.services.recorder.recordSession({ userId, sessionId: 's', actions }, openPrincipal);
  }
});
afterAll(() => open.close());

const requestOf = (query: string, variables: Record<string, unknown> = {}): Request => ({
  query,
  variables,
  operationName: undefined,
});

/** The answers by way of Apollo Server and without it. */
async function askBoth(request: Request, manager?: Services, maxBytes?: number) {
  const answer = await open.ask(request, manager, maxBytes);
  return [answer, (await open.askKnown(request, manager, maxBytes))!] as const;
}

const aliases = (count: number, field: string): string =>
  Array.from({ length: count }, (_, at) => `a${at}: ${field}`).join(' ');

describe('the entries of one request', () => {
  // Eight entries of a kilobyte, and as much again for their ids and the like.
  const maxBytes = 20_000;
  const record = `mutation ($input: RecordSessionInput!) { recordSession(input: $input) {`;
  const input = { userId: 'u3', sessionId: 's', actions };

  it.each([
    ['pages', (n: number) => `{ ${aliases(n, 'logsConnection(first: 8) { nodes { properties } }')} }`],
    [
      'edges',
      (n: number) => `{ ${aliases(n, 'logsConnection(first: 8) { edges { node { properties } } }')} }`,
    ],
    [
      'lists of one page',
      (n: number) => `{ logsConnection(first: 8) { ${aliases(n, 'nodes { properties }')} } }`,
    ],
    [
      'edges of one page',
      (n: number) => `{ logsConnection(first: 8) { ${aliases(n, 'edges { cursor node { properties } }')} } }`,
    ],
    [
      'names of a field',
      (n: number) => `{ logsConnection(first: 8) { nodes { ${aliases(n, 'properties')} } } }`,
    ],
    [
      'names of a field of edges',
      (n: number) => `{ logsConnection(first: 8) { edges { node { ${aliases(n, 'properties')} } } } }`,
    ],
    ['logs', (n: number) => `{ ${aliases(n, 'logs(user: "u1") { properties }')} }`],
    ['names of a field of logs', (n: number) => `{ logs(user: "u1") { ${aliases(n, 'properties')} } }`],
    [
      'sessions',
      (n: number) => `{ ${aliases(n, 'sessions(first: 1) { nodes { entries { nodes { properties } } } }')} }`,
    ],
  ])('may be so large together, in %s', async (_name, write) => {
    for (const answer of await askBoth(requestOf(write(2)), undefined, maxBytes)) {
      expect(answer.split(big)).toHaveLength(17);
    }
    for (const answer of await askBoth(requestOf(write(3)), undefined, maxBytes)) {
      expect(JSON.parse(answer)).toMatchObject({
        data: null,
        errors: [{ extensions: { code: 'RESULT_TOO_LARGE', limitBytes: maxBytes } }],
      });
    }
  });

  it.each([
    ['lists', (n: number) => `${record} ${aliases(n, 'entries { properties }')} } }`],
    ['names of a field', (n: number) => `${record} entries { ${aliases(n, 'properties')} } } }`],
  ])('may be so large together, in %s of what it records', async (_name, write) => {
    const insertSessions = async () => [{ firstId: 1, receivedAt: 0n, recordedDigest: undefined }];
    const manager = createTestServices(overrideRepository(open.store, { insertSessions }));
    for (const answer of await askBoth(requestOf(write(2), { input }), manager, maxBytes)) {
      expect(answer.split(big)).toHaveLength(17);
    }
    for (const answer of await askBoth(requestOf(write(3), { input }), manager, maxBytes)) {
      expect(answer).toContain('"RESULT_TOO_LARGE"');
    }
  });

  it('may be many when little is shown of them', async () => {
    for (const fields of ['pageInfo { endCursor }', 'edges { cursor }', 'nodes { id }']) {
      const query = `{ ${aliases(20, `logsConnection(first: 8) { ${fields} }`)} }`;
      for (const answer of await askBoth(requestOf(query), undefined, maxBytes)) {
        expect(answer).not.toContain('"errors"');
      }
    }
  });
});

describe('a page', () => {
  it.each([
    ['pageInfo { endCursor hasNextPage }', []],
    ['edges { cursor __typename }', []],
    ['nodes { __typename }', []],
    ['nodes { type } pageInfo { endCursor }', ['type']],
    ['pageInfo { endCursor } edges { cursor node { properties id } }', ['properties', 'id']],
    ['nodes { id type } edges { node { time } }', ['id', 'time', 'type']],
    ['nodes { ...A } ... { edges { node { ...A ...B } } }', ['type', 'time', 'userId']],
    ['nodes { id time @skip(if: true) type @include(if: $no) }', ['id']],
  ])('is read once, with no more columns than %s shows', async (fields, expected) => {
    const asked: unknown[] = [];
    const manager = createTestServices(
      overrideRepository(open.store, {
        findPage(query, context) {
          asked.push(query.columns.flatMap((column) => ('field' in column ? [column.field] : [])));
          return open.store.findPage(query, context);
        },
      }),
    );
    const query = `query ($no: Boolean = false) {
      logsConnection(first: 3) { __typename @include(if: $no) ${fields} }
    }
    ${fields.includes('...A') ? 'fragment A on LogEntry { t: type ...B } fragment B on LogEntry { time userId }' : ''}`;
    const answer = await open.ask(requestOf(query), manager);
    expect(answer).not.toContain('"errors"');
    expect(asked).toEqual([expected]);
  });
});

describe('what fails', () => {
  let asked: string[];
  beforeEach(() => {
    asked = [];
  });
  const fail = (name: string) => async (): Promise<never> => {
    asked.push(name);
    await new Promise(setImmediate);
    throw new QueryTimeoutError();
  };

  it.each([
    ['{ logsConnection { nodes { id } } }', ['page']],
    ['{ logsConnection { pageInfo { endCursor } nodes { id } edges { cursor } } }', ['page']],
    ['{ logsConnection { nodes { id } edges { node { type } } } }', ['page']],
    ['{ logsConnection { totalCount { value } } }', ['count']],
    ['{ logsConnection { nodes { id } totalCount(upTo: 5) { value } } }', ['page', 'count']],
    [
      '{ logsConnection { a: totalCount { value } b: totalCount { exact } c: totalCount(upTo: 7) { value } } }',
      ['count', 'count'],
    ],
    ['{ session(userId: "u1", sessionId: "s") { userId entries { nodes { id } } } }', ['page']],
    [
      '{ session(userId: "u1", sessionId: "s") { a: entries { totalCount { value } } b: entries { nodes { id } } } }',
      ['page', 'count'],
    ],
    ['{ sessions(first: 1) { nodes { entries { edges { cursor } } } } }', ['page']],
  ])('is asked of the database once: %s', async (query, expected) => {
    const request = requestOf(query);
    const manager = createTestServices(
      overrideRepository(open.store, {
        findPage: fail('page'),
        countEntries: fail('count'),
      }),
    );
    const [first, known] = await askBoth(request, manager);
    expect(first).toContain('"QUERY_TIMEOUT"');
    expect(known).toBe(first);
    const both = [...expected, ...expected].sort();
    expect(asked.sort()).toEqual(both);
  });
});
