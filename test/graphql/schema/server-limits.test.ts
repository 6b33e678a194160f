import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startServer, type GraphQLAnswer, type TestServer } from '../../support/server/server';

let server: TestServer;
let limits: Record<string, number>;
beforeAll(async () => {
  server = await startServer({
    QUERY_TIMEOUT_MS: '4321',
    MAX_LOGS_RESULT: '7',
    MAX_REQUEST_BYTES: '400000',
    MAX_RESPONSE_BYTES: '1000000',
  });
  const fields = await server.graphql('{ __type(name: "ServerLimits") { fields { name } } }');
  const names = fields.data.__type.fields.map(({ name }: { name: string }) => name).join(' ');
  limits = (await server.graphql(`{ serverInfo { limits { ${names} } } }`)).data.serverInfo.limits;
});
afterAll(() => server.stop());

const time = '2018-10-19T03:37:28Z';
const record = (input: object): Promise<GraphQLAnswer> =>
  server.graphql('mutation ($s: RecordSessionInput!) { recordSession(input: $s) { replayed } }', {
    s: { userId: 'u', sessionId: 's', actions: [], ...input },
  });
const act = (action: object): Promise<GraphQLAnswer> => record({ actions: [{ time, type: 'T', ...action }] });
const padded = (query: string, length: number): string => query.padEnd(length, ' ');
const nested = (depth: number): object => (depth === 1 ? {} : { a: nested(depth - 1) });
const document = '{ serverInfo { version } }';
const times = <Item>(count: number, item: Item): Item[] => Array.from({ length: count }, () => item);

/** A request that is as large as `size` says, by the limit. */
const requests: Readonly<Record<string, (size: number) => Promise<GraphQLAnswer>>> = {
  maxRequestBytes: async (size) => {
    const body = JSON.stringify({ query: document }).padEnd(size, ' ');
    const { status, body: answer } = await server.rest('POST', '/graphql', body);
    return { status, ...answer };
  },
  maxActionsPerSession: (size) => record({ actions: times(size, { time, type: 'T' }) }),
  maxPropertiesBytes: (size) => act({ properties: { a: 'x'.repeat(size - '{"a":""}'.length) } }),
  maxPropertiesDepth: (size) => act({ properties: nested(size) }),
  maxIdLength: (size) => record({ userId: '𝒰'.repeat(size) }),
  maxTypeLength: (size) => act({ type: '𝒰'.repeat(size) }),
  maxLogsResult: async (size) => {
    await record({ userId: `user of ${size}`, actions: times(size, { time, type: 'T' }) });
    return server.graphql(`{ logs(user: "user of ${size}") { id } }`);
  },
  maxResponseBytes: async (size) => {
    const count = 40;
    const query = `{ logsConnection(filter: { userIds: "${size}" }) { nodes { properties } } }`;
    const empty = JSON.stringify({ data: { logsConnection: { nodes: [] } } }).length + 1;
    const entry = '{"properties":{"a":""}},\n'.length;
    const left = size - empty - (count * entry - 2);
    const lengths = times(count, Math.floor(left / count)).map((length, at) =>
      at < left % count ? length + 1 : length,
    );
    for (const part of [
      lengths.slice(0, 10),
      lengths.slice(10, 20),
      lengths.slice(20, 30),
      lengths.slice(30),
    ]) {
      const actions = part.map((length) => ({ time, type: 'T', properties: { a: 'x'.repeat(length) } }));
      await record({ userId: String(size), actions });
    }
    const answer = await server.graphql(query);
    if (answer.errors) expect(answer.errors[0]!.extensions).toMatchObject({ limitBytes: size - 1 });
    return answer;
  },
  maxPageSize: (size) => server.graphql(`{ logsConnection(first: ${size}) { nodes { id } } }`),
  maxQueryCost: (size) => {
    const counts = Math.floor(size / 10_000);
    const rest = size - counts * 10_000;
    const aliases = Array.from({ length: counts }, (_, at) => `a${at}: logs(user: "nobody") { id }`).join(
      ' ',
    );
    return server.graphql(`{ ${aliases} ${rest > 0 ? 'sessions(first: 1) { nodes { userId } }' : ''} }`);
  },
  maxDocumentLength: (size) => server.graphql(padded(document, size)),
  maxIdempotencyKeyLength: (size) => record({ idempotencyKey: '𝒰'.repeat(size) }),
  maxFilterItems: (size) =>
    server.graphql('query ($ids: [String!]) { logsConnection(filter: { userIds: $ids }) { nodes { id } } }', {
      ids: times(size, 'u'),
    }),
};

describe('serverInfo', () => {
  it('shows the limits of the settings', () => {
    expect(limits).toMatchObject({
      queryTimeoutMs: 4_321,
      maxLogsResult: 7,
      maxRequestBytes: 400_000,
      maxResponseBytes: 1_000_000,
    });
    expect(Object.keys(limits).sort()).toEqual([...Object.keys(requests), 'queryTimeoutMs'].sort());
  });

  it.each(Object.keys(requests))('shows %s, and no more is accepted', async (name) => {
    const atLimit = await requests[name]!(limits[name]!);
    expect(atLimit.errors).toBeUndefined();
    expect((await requests[name]!(limits[name]! + 1)).errors).toHaveLength(1);
  });
});

describe('Session.id', () => {
  it('is the same for the same session, and no other session has it', async () => {
    for (const [userId, sessionId] of [
      ['a', 'b'],
      ['b', 'a'],
      ['a","', 'b'],
      ['a', '","b'],
      ['é', '😀'],
    ] as const) {
      await record({ userId, sessionId, actions: [{ time, type: 'T' }] });
    }
    const { data } = await server.graphql(
      '{ sessions { nodes { id userId sessionId } edges { node { id } } } }',
    );
    const { nodes, edges } = data.sessions;
    const ids = nodes.map(({ id }: { id: string }) => id);
    expect(ids.length).toBeGreaterThanOrEqual(5);
    expect(new Set(ids).size).toBe(ids.length);
    expect(edges.map(({ node }: { node: { id: string } }) => node.id)).toEqual(ids);
    for (const { id, userId, sessionId } of nodes) {
      const one = await server.graphql(
        'query ($userId: String!, $sessionId: String!) { session(userId: $userId, sessionId: $sessionId) { id } }',
        { userId, sessionId },
      );
      expect(one.data.session.id).toBe(id);
    }
  });
});
