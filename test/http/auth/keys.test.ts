import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createKeyText } from '../../../src/logs/access/api-key';
import { startKeyedServer, toStoredKey, type KeyedServer } from '../../support/server/keyed-server';
import { waitFor } from '../../support/wait-for';

const page = 'https://shop.example';
const adminKey = 'a secret of the operator'.replaceAll(' ', '-').padEnd(32, '!');
const keys = {
  reader: { scopes: ['read'] },
  revoked: { scopes: ['admin'], revokedAt: '2026-01-02T00:00:00.000Z' },
  expired: { scopes: ['admin'], expiresAt: '2026-01-02T00:00:00.000Z' },
  slow: { scopes: ['read'], ratePerSecond: 1 },
  public: { scopes: ['record'], isPublic: true, origins: [page] },
  bound: { scopes: ['record', 'read'], origins: [page] },
  ann: { scopes: ['record', 'read'], userId: 'ann' },
  ben: { scopes: ['record', 'read'], userId: 'ben' },
} as const;

let server: KeyedServer<keyof typeof keys>;
beforeAll(async () => {
  server = await startKeyedServer(keys, { ADMIN_KEY: `${adminKey},${adminKey}2` });
});
afterAll(() => server.stop());

const viewer = '{ viewer { name scopes userId expiresAt } serverInfo { openAccess } }';
const sessionOf = (userId: string, count = 1) => ({
  userId,
  sessionId: 's',
  actions: Array.from({ length: count }, () => ({ time: '2026-01-01T00:00:00Z', type: 'T' })),
});
const post = (body: unknown, headers: Record<string, string> = {}) => ({
  method: 'POST',
  body: typeof body === 'string' ? body : JSON.stringify(body),
  headers,
});
const codeOf = ({ body }: { body: { errors: { extensions: { code: string } }[] } }) =>
  body.errors[0]!.extensions.code;

describe('a key', () => {
  it('tells its bearer who it is', async () => {
    const { body } = await server.ask('ann', viewer);
    expect(body.data).toEqual({
      viewer: { name: 'ann', scopes: ['RECORD', 'READ'], userId: 'ann', expiresAt: null },
      serverInfo: { openAccess: false },
    });
  });

  it.each(['revoked', 'expired'] as const)('that is %s is refused', async (key) => {
    const answer = await server.ask(key, viewer);
    expect([answer.status, codeOf(answer)]).toEqual([401, 'UNAUTHENTICATED']);
    expect(answer.headers['www-authenticate']).toBe('Bearer');
  });

  it.each([adminKey, `${adminKey}2`])('of the environment has every scope', async (text) => {
    const { body } = await server.send('/graphql', undefined, {
      ...post({ query: viewer }, { authorization: `Bearer ${text}` }),
    });
    expect(body.data.viewer.scopes).toEqual(['RECORD', 'READ', 'ERASE', 'ADMIN']);
  });

  it.each([
    ['Bearer KEY', 200],
    ['bearer KEY', 200],
    ['Bearer   KEY  ', 200],
    ['BEARER KEY', 200],
    ['Bearer', 401],
    ['Bearer ', 401],
    ['Bearer KEY KEY', 401],
    ['BearerKEY', 401],
    ['Basic KEY', 401],
    ['KEY', 401],
  ])('in a header of the form %s gets %i', async (form, status) => {
    const authorization = form.replaceAll('KEY', server.texts.reader);
    expect((await server.send('/logs/', undefined, { headers: { authorization } })).status).toBe(status);
  });

  it('that is made or revoked counts within 5 seconds', async () => {
    const text = createKeyText();
    const headers = { authorization: `Bearer ${text}` };
    const statusIs = async (status: number) =>
      (await server.send('/logs/', undefined, { headers })).status === status;
    expect(await statusIs(401)).toBe(true);
    await server.store.keys.insert(toStoredKey(text, { name: 'new' }));
    await waitFor(() => statusIs(200));
    expect(await server.store.keys.revoke('new', new Date().toISOString())).toBe(true);
    await waitFor(() => statusIs(401));
  });

  it('with a rate is refused beyond it, and told when to send again', async () => {
    expect((await server.ask('slow', viewer)).status).toBe(200);
    const answer = await server.ask('slow', viewer);
    expect([answer.status, codeOf(answer)]).toEqual([429, 'RATE_LIMITED']);
    expect(answer.headers['retry-after']).toBe('1');
  });

  it('with origins is taken from pages of these only', async () => {
    for (const [origin, status] of [
      [page, 200],
      ['https://other.example', 403],
    ] as const) {
      expect((await server.send('/logs/', 'bound', { headers: { origin } })).status).toBe(status);
    }
    expect((await server.send('/logs/', 'bound')).status).toBe(403);
  });

  it('of one user never meets the idempotency key of another', async () => {
    const headers = { 'idempotency-key': 'same' };
    for (const user of ['ann', 'ben'] as const) {
      const answer = await server.send('/logs/', user, post(sessionOf(user), headers));
      expect([answer.status, answer.headers['idempotent-replayed']]).toEqual([201, undefined]);
      const again = await server.send('/logs/', user, post(sessionOf(user), headers));
      expect([again.status, again.headers['idempotent-replayed']]).toEqual([201, 'true']);
    }
  });

  it('shows /metrics to admins, and to programs of this machine that no proxy forwards', async () => {
    expect((await server.send('/metrics', undefined)).status).toBe(200);
    const headers = { 'x-forwarded-for': '192.0.2.1' };
    expect((await server.send('/metrics', undefined, { headers })).status).toBe(401);
    expect((await server.send('/metrics', 'reader', { headers })).status).toBe(403);
    const authorization = `Bearer ${adminKey}`;
    expect(
      (await server.send('/metrics', undefined, { headers: { ...headers, authorization } })).status,
    ).toBe(200);
  });
});

describe('a public key', () => {
  const beacon = (body: object, origin = page) =>
    server.send('/logs/', undefined, post(body, { origin, 'content-type': 'text/plain;charset=UTF-8' }));

  it('records in the body of a beacon, and sees no entries', async () => {
    const answer = await beacon({ key: server.texts.public, ...sessionOf('u', 3) });
    expect([answer.status, answer.body, answer.headers['recorded-count']]).toEqual([201, [], '3']);
  });

  it('records by GraphQL in a body of text/plain', async () => {
    const query = 'mutation ($input: RecordSessionInput!) { recordSession(input: $input) { recordedCount } }';
    const body = { key: server.texts.public, query, variables: { input: sessionOf('u') } };
    const headers = { origin: page, 'content-type': 'text/plain' };
    const answer = await server.send('/graphql', undefined, post(body, headers));
    expect(answer.body).toEqual({ data: { recordSession: { recordedCount: 1 } } });
  });

  it.each([
    [
      'from another page',
      () => beacon({ key: server.texts.public, ...sessionOf('u') }, 'https://x.example'),
      403,
    ],
    ['without its key', () => beacon(sessionOf('u')), 401],
    ['with a key that is not public', () => beacon({ key: server.texts.ann, ...sessionOf('ann') }), 401],
    ['with 101 actions', () => beacon({ key: server.texts.public, ...sessionOf('u', 101) }), 400],
    [
      'of more than 64 KiB',
      () => beacon({ key: server.texts.public, ...sessionOf('u'), x: 'x'.repeat(65_536) }),
      413,
    ],
  ])('is refused %s', async (_name, send, status) => {
    expect((await send()).status).toBe(status);
  });

  it('reads and erases nothing', async () => {
    const headers = { origin: page };
    for (const path of ['/logs/', '/graphql?query={logs{id}}']) {
      expect((await server.send(path, 'public', { headers })).status).toBe(403);
    }
  });
});
