import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createDatabase, type TestDatabase } from '../support/database/database';
import { startServer, type TestServer } from '../support/server/server';

const maxBytes = 1_000_000;
const entryBytes = 30_000;
const entryCount = 100;
const timeOf = (at: number): string => new Date(Date.UTC(2020, 0, 1) + at * 1_000).toISOString();

let database: TestDatabase;
let server: TestServer;
beforeAll(async () => {
  database = await createDatabase();
  server = await startServer({ DATABASE_URL: database.url, MAX_RESPONSE_BYTES: String(maxBytes) });
  await record('u', entryCount, timeOf);
  await record('same time', 40, () => timeOf(0));
});
afterAll(async () => {
  await server.stop();
  await database.remove();
});

function sessionOf(userId: string, count: number, time = timeOf) {
  const actions = Array.from({ length: count }, (_, at) => ({
    time: time(at),
    type: `T${at}`,
    properties: { text: 'ü'.repeat(entryBytes / 2) },
  }));
  return { userId, sessionId: 's', actions };
}

const record = (...session: Parameters<typeof sessionOf>) =>
  server.graphql('mutation ($s: RecordSessionInput!) { recordSession(input: $s) { replayed } }', {
    s: sessionOf(...session),
  });

describe('logs that take more than MAX_RESPONSE_BYTES', () => {
  const ask = async (fields: string, range: object) => {
    const query = `query ($start: DateTime, $end: DateTime) {
      logs(user: "u", startTime: $start, endTime: $end) { ${fields} }
    }`;
    const { status, body } = await server.rest(
      'POST',
      '/graphql',
      JSON.stringify({ query, variables: range }),
    );
    expect(status).toBe(200);
    return body;
  };

  it.each(['type properties', 'a: type type properties'])(
    'are read in parts by retryEndTime: %s',
    async (fields) => {
      const types: string[] = [];
      const sizes: number[] = [];
      let start: string | undefined;
      let end: string | undefined;
      for (let asked = 0; asked < 20; asked++) {
        const { data, errors } = await ask(fields, { start, end });
        if (errors) {
          const { code, limitBytes, retryEndTime } = errors[0].extensions;
          expect([code, limitBytes]).toEqual(['RESULT_TOO_LARGE', maxBytes]);
          expect(errors[0].message).toContain(`Repeat the query with ${retryEndTime} as the end time`);
          end = retryEndTime;
          continue;
        }
        types.push(...data.logs.map(({ type }: { type: string }) => type));
        sizes.push(Buffer.byteLength(JSON.stringify(data)));
        if (end === undefined) break;
        start = end;
        end = undefined;
      }
      expect(types).toEqual(Array.from({ length: entryCount }, (_, at) => `T${at}`));
      // No entry more would have fitted.
      for (const size of sizes.slice(0, -1)) expect(size + entryBytes + 2_000).toBeGreaterThan(maxBytes);
    },
  );

  it('have none when the entries of one instant are too large, or fit alone', async () => {
    const { body } = await server.rest('GET', `/logs/?user=${encodeURIComponent('same time')}`);
    expect(body.errors[0].extensions).toMatchObject({ limitBytes: maxBytes, retryEndTime: null });
    const part = `logs(user: "u", endTime: "${timeOf(20)}") { properties }`;
    const { errors } = await server.graphql(`{ a: ${part} b: ${part} }`);
    expect(errors![0]!.extensions).toMatchObject({ limitBytes: maxBytes, retryEndTime: null });
  });
});

describe('a mutation whose answer would exceed MAX_RESPONSE_BYTES', () => {
  const countOf = async (userId: string): Promise<number> => {
    const query = `{ sessions(filter: { userIds: ["${userId}"] }) { nodes { entryCount } } }`;
    const { data } = await server.graphql(query);
    return data.sessions.nodes[0]?.entryCount ?? 0;
  };
  const refusal = { errors: [{ extensions: { code: 'RESULT_TOO_LARGE', limitBytes: maxBytes } }] };

  it.each([
    ['of one list', 40, 'r: recordSession(input: $s) { entries { properties } }'],
    [
      'of two lists',
      20,
      'r: recordSession(input: $s) { entries { properties } again: entries { a: properties } }',
    ],
    [
      'of two names',
      20,
      'r: recordSession(input: $s) { ...F } } fragment F on RecordSessionPayload { entries { a: properties b: properties }',
    ],
    [
      'of two sessions',
      20,
      'a: recordSession(input: $s) { entries { properties } } b: recordSession(input: $s) { entries { properties } }',
    ],
  ])('%s stores nothing', async (_name, count, fields) => {
    const userId = `refused ${fields.length}`;
    const request = {
      query: `mutation ($s: RecordSessionInput!) { ${fields} }`,
      variables: { s: sessionOf(userId, count) },
    };
    // First by way of Apollo Server, then without it.
    for (let asked = 0; asked < 2; asked++) {
      const { status, body } = await server.rest('POST', '/graphql', JSON.stringify(request));
      expect([status, body]).toMatchObject([400, refusal]);
      expect(body).not.toHaveProperty('data');
    }
    expect(await countOf(userId)).toBe(0);
    const stored = { ...request, variables: { s: sessionOf(userId, count / 2) } };
    const { body } = await server.rest('POST', '/graphql', JSON.stringify(stored));
    expect(body.errors).toBeUndefined();
    expect(await countOf(userId)).toBeGreaterThan(0);
  });

  it('is refused before the commit, or answered, also where it barely fits', async () => {
    const query =
      'mutation ($s: RecordSessionInput!) { recordSession(input: $s) { entries { properties } } }';
    const outcomes = new Set<string>();
    // An entry takes 24 bytes more than its text.
    for (const length of [175, 176, 177, 178, 179]) {
      const userId = `edge ${length}`;
      const action = { time: timeOf(0), type: 'T', properties: { p: 'x'.repeat(length) } };
      const s = { userId, sessionId: 's', actions: Array.from({ length: 5_000 }, () => action) };
      const { errors } = await server.graphql(query, { s });
      outcomes.add(`${errors ? 'refused' : 'answered'}, ${await countOf(userId)} stored`);
    }
    expect([...outcomes]).toEqual(['answered, 5000 stored', 'refused, 0 stored']);
  });

  it('stores nothing by REST', async () => {
    const { status, body } = await server.rest('POST', '/logs/', JSON.stringify(sessionOf('rest', 40)));
    expect([status, body]).toMatchObject([400, refusal]);
    expect(await countOf('rest')).toBe(0);
  });

  it('is not what a session with too many actions is told', async () => {
    const session = { userId: 'many', sessionId: 's', actions: Array.from({ length: 100_000 }, () => ({})) };
    const { status, body } = await server.rest('POST', '/logs/', JSON.stringify(session));
    expect([status, body.errors[0].message]).toEqual([
      400,
      'actions must hold at most 5000 actions, not 100000',
    ]);
  });
});

it('all lists of an answer count, not only those of entries', async () => {
  const actions = Array.from({ length: 5_000 }, (_, at) => ({
    time: timeOf(at * 60),
    type: `${'t'.repeat(190)}${at % 50}`,
  }));
  const s = { userId: 'counts', sessionId: 's', actions };
  await server.graphql('mutation ($s: RecordSessionInput!) { recordSession(input: $s) { replayed } }', { s });
  const range = `startTime: "${timeOf(0)}", endTime: "${timeOf(1_000 * 60)}"`;
  const groups = Array.from({ length: 10 }, (_, at) => `k${at}: key`).join(' ');
  const histogram = `logHistogram(filter: { userIds: ["counts"], ${range} }, interval: MINUTE, groupBy: TYPE, topGroups: 50) {
    buckets { groups { ${groups} } }
  }`;
  const { data, errors } = await server.graphql(`{ ${histogram} }`);
  expect(data).toBeNull();
  expect(errors).toMatchObject(refusalOf('logHistogram'));
});

const refusalOf = (field: string) => [
  { path: [field, 'buckets'], extensions: { code: 'RESULT_TOO_LARGE', limitBytes: maxBytes } },
];

it('sessions that take more than MAX_RESPONSE_BYTES are refused', async () => {
  const sessionId = 'x'.repeat(256);
  const actions = [{ time: timeOf(0), type: 'T' }];
  const recorded = await Promise.all(
    Array.from({ length: 100 }, (_, at) =>
      server.rest('POST', '/logs/', { userId: `${at}`.padEnd(256, 'x'), sessionId, actions }),
    ),
  );
  expect(new Set(recorded.map(({ status }) => status))).toEqual(new Set([201]));
  const ask = (count: number) => {
    const ids = Array.from({ length: count }, (_, at) => `id${at}: id`);
    return server.graphql(`{ sessions(first: 100) { nodes { ${ids.join(' ')} } } }`);
  };
  const fitting = await ask(12);
  expect(fitting.data.sessions.nodes).toHaveLength(100);
  const { data, errors } = await ask(16);
  expect(data).toBeNull();
  expect(errors![0]!.extensions).toMatchObject({ code: 'RESULT_TOO_LARGE', limitBytes: maxBytes });
});

it('an answer is the same when its document is new and when it is known, and shows large entries whole', async () => {
  const query = `query Known { logsConnection(filter: { userIds: ["u"] }, first: 20) {
    edges { cursor node { type properties } } pageInfo { hasNextPage }
  } }`;
  const ask = () => server.rest('POST', '/graphql', JSON.stringify({ query }));
  const [first, second] = [await ask(), await ask()];
  expect(first.status).toBe(200);
  expect(second.body).toEqual(first.body);
  const { edges, pageInfo } = first.body.data.logsConnection;
  expect(pageInfo.hasNextPage).toBe(true);
  const { actions } = sessionOf('u', 20);
  const nodes = actions.map(({ type, properties }) => ({ type, properties }));
  expect(edges.map(({ node }: { node: object }) => node)).toEqual(nodes);
  expect(new Set(edges.map(({ cursor }: { cursor: string }) => cursor)).size).toBe(20);
});
