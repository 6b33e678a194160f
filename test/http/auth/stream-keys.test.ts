import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createKeyText } from '../../../src/logs/access/api-key';
import { keyringIntervals } from '../../../src/logs/access/keyring';
import { streamLimits } from '../../../src/http/streams/stream-limits';
import { sendHttp } from '../../support/server/http';
import { startKeyedServer, toStoredKey, type KeyedServer } from '../../support/server/keyed-server';
import { startServer } from '../../support/server/server';
import { createDatabase } from '../../support/database/database';
import { openTestStore } from '../../support/database/store';
import { waitFor } from '../../support/wait-for';
import { connectSocket, openEventStream, openSocket, subscribe, subscription } from '../streams/support';

const origin = 'https://shop.example.com';
const keys = {
  reader: { scopes: ['read'] },
  recorder: { scopes: ['record'] },
  bound: { scopes: ['record', 'read'], userId: 'own' },
  web: { scopes: ['record'], isPublic: true, origins: [origin] },
  expired: { scopes: ['read'], expiresAt: '2026-01-01T00:00:00.000Z' },
  slow: { scopes: ['read'], ratePerSecond: 1 },
} as const;
let server: KeyedServer<keyof typeof keys>;
beforeAll(async () => {
  keyringIntervals.refreshMs = 100;
  streamLimits.checkMs = 50;
  server = await startKeyedServer(keys);
});
afterAll(() => server.stop());

const bearer = (key: keyof typeof keys) => ({ authorization: `Bearer ${server.texts[key]}` });
const query = '{ logTypes { otherTypeCount } }';

/** The code of the error that a key gets for an operation; undefined if it is executed. */
async function codeOf(
  payload: object,
  params: Record<string, unknown>,
  headers = {},
): Promise<string | undefined> {
  const raw = await connectSocket(server.url, params, { headers });
  raw.send({ type: 'subscribe', id: '1', payload });
  const { type, payload: result } = await raw.next();
  raw.socket.close();
  return type === 'error' ? result[0].extensions.code : result.errors?.[0].extensions.code;
}

describe('a WebSocket', () => {
  it.each(['authorization', 'Authorization'])('takes a key in connectionParams as %s', async (name) => {
    expect(await codeOf({ query }, { [name]: bearer('reader').authorization })).toBeUndefined();
  });

  it('takes a key in the header of its handshake', async () => {
    expect(await codeOf({ query }, {}, bearer('reader'))).toBeUndefined();
  });

  it('takes the key of connectionParams if there are both', async () => {
    expect(await codeOf({ query }, bearer('recorder'), bearer('reader'))).toBe('FORBIDDEN');
  });

  it.each([
    ['no key', {}],
    ['an empty one', { authorization: '' }],
    ['one without Bearer', { authorization: createKeyText() }],
    ['an unknown one', { authorization: `Bearer ${createKeyText()}` }],
    ['one that is no text', { authorization: { key: 1 } }],
    ['the name of another setting', { apiKey: createKeyText() }],
  ])('with %s is closed with 4403', async (what, payload) => {
    const raw = await openSocket(server.url);
    raw.send({ type: 'connection_init', payload });
    const reason = what === 'an unknown one' ? /^The key is mistyped/ : /in the payload of connection_init/;
    expect(await raw.closed).toEqual({ code: 4403, reason: expect.stringMatching(reason) });
  });

  it('with an expired key is closed with 4403', async () => {
    const raw = await openSocket(server.url);
    raw.send({ type: 'connection_init', payload: bearer('expired') });
    expect((await raw.closed).code).toBe(4403);
  });

  it.each(['Bearer nothing', 'Basic bm90aGluZw==', `Bearer ${createKeyText()}`])(
    'with the header "%s" gets 401',
    async (authorization) => {
      await expect(openSocket(server.url, { headers: { authorization } })).rejects.toThrow(
        'Unexpected server response: 401',
      );
    },
  );

  it('lets a key do what its scopes allow', async () => {
    expect(await codeOf({ query: subscription }, bearer('reader'))).toBeUndefined();
    expect(await codeOf({ query: subscription }, bearer('recorder'))).toBe('FORBIDDEN');
    const erase = 'mutation { deleteUserData(userId: "u") { deletedCount } }';
    expect(await codeOf({ query: erase }, bearer('reader'))).toBe('FORBIDDEN');
  });

  it('lets a public key record from its own origins only', async () => {
    const raw = await openSocket(server.url);
    raw.send({ type: 'connection_init', payload: bearer('web') });
    expect(await raw.closed).toMatchObject({ code: 4403, reason: expect.stringContaining('web origins') });
    const actions = [{ time: '2026-01-01T00:00:00Z', type: 'VIEW', properties: {} }];
    const variables = { input: { userId: 'public', sessionId: 's', actions } };
    const record =
      'mutation ($input: RecordSessionInput!) { recordSession(input: $input) { recordedCount } }';
    expect(await codeOf({ query: record, variables }, bearer('web'), { origin })).toBeUndefined();
    expect(await codeOf({ query }, bearer('web'), { origin })).toBe('FORBIDDEN');
    expect(await codeOf({ query: subscription }, bearer('web'), { origin })).toBe('FORBIDDEN');
  });

  it('of a public key may send 64 KiB at a time', async () => {
    const raw = await connectSocket(server.url, bearer('web'), { headers: { origin } });
    raw.send({ type: 'ping', payload: { text: 'x'.repeat(66_000) } });
    expect((await raw.closed).code).toBe(1009);
  });

  it('counts each operation as a request', async () => {
    const params = bearer('slow');
    const codes = new Set<string | undefined>();
    const raw = await connectSocket(server.url, params);
    for (let at = 0; at < 5; at++) {
      raw.send({ type: 'subscribe', id: `${at}`, payload: { query: '{ __typename }' } });
      const { type, payload } = await raw.next();
      codes.add(type === 'error' ? payload[0].extensions.code : 'data');
      if (type === 'next') await raw.next();
    }
    expect([...codes]).toContain('RATE_LIMITED');
    raw.socket.close();
  });
});

describe('a subscription of a key that is bound to a user', () => {
  const record = (userId: string) =>
    server.send('/logs/', 'recorder', {
      method: 'POST',
      body: JSON.stringify({
        userId,
        sessionId: `s-${userId}`,
        actions: [{ time: '2026-01-01T00:00:00Z', type: `OF_${userId}`, properties: {} }],
      }),
    });

  it('shows its user only', async () => {
    const raw = await connectSocket(server.url, bearer('bound'));
    await subscribe(raw);
    const stream = await openEventStream(server.url, subscription, { headers: bearer('bound') });
    await stream.next();
    await record('other');
    await record('own');
    const typesOf = (data: { logRecorded: { entries: { type: string }[] } }) =>
      data.logRecorded.entries.map(({ type }) => type);
    const seen: string[] = [];
    while (seen.length === 0) seen.push(...typesOf((await raw.next()).payload.data));
    while (seen.length === 1) seen.push(...typesOf(JSON.parse((await stream.next())!.data!).data));
    expect(seen).toEqual(['OF_own', 'OF_own']);
    raw.socket.close();
    stream.close();
  });
});

describe('an event stream', () => {
  it.each([
    ['no key', {}],
    ['an unknown key', { authorization: `Bearer ${createKeyText()}` }],
  ])('with %s gets 401', async (_what, headers: Record<string, string>) => {
    const stream = await openEventStream(server.url, subscription, { headers });
    expect(stream.response.statusCode).toBe(401);
    stream.close();
  });

  it('lets a key do what its scopes allow', async () => {
    const stream = await openEventStream(server.url, subscription, { headers: bearer('recorder') });
    expect((await stream.next())!.data).toContain('"code":"FORBIDDEN"');
  });
});

describe('an open stream', () => {
  it.each(['ending', 'revoked'])('whose key is %s ends', async (name) => {
    const text = createKeyText();
    const expiresAt = name === 'ending' ? new Date(Date.now() + 2_000).toISOString() : null;
    await server.store.keys.insert(toStoredKey(text, { name, expiresAt }));
    const headers = { authorization: `Bearer ${text}` };
    // Once the server has read the keys anew.
    await waitFor(
      async () => (await sendHttp(`${server.url}/graphql?query={__typename}`, { headers })).status === 200,
    );
    const idle = await connectSocket(server.url, headers);
    const raw = await connectSocket(server.url, headers);
    await subscribe(raw);
    const stream = await openEventStream(server.url, subscription, { headers });
    await stream.next();
    if (name === 'revoked') await server.store.keys.revoke(name, new Date().toISOString());
    expect((await idle.closed).code).toBe(4403);
    expect(await raw.closed).toEqual({ code: 4403, reason: expect.stringContaining('revoked or expired') });
    let event = await stream.next();
    while (!event!.data!.includes('errors')) event = await stream.next();
    expect(event!.data).toContain('"code":"UNAUTHENTICATED"');
    expect(await stream.next()).toEqual({ event: 'complete', data: '' });
    expect(await stream.next()).toBeUndefined();
  });

  it('of an open server ends when the first key is made', async () => {
    const database = await createDatabase();
    const open = await startServer({ DATABASE_URL: database.url });
    const raw = await connectSocket(open.url);
    const stream = await openEventStream(open.url, subscription);
    await stream.next();
    const store = await openTestStore(database.url);
    await store.keys.insert(toStoredKey(createKeyText(), { name: 'first' }));
    expect((await raw.closed).code).toBe(4403);
    while ((await stream.next()) !== undefined);
    expect((await sendHttp(`${open.url}/graphql?query={__typename}`)).status).toBe(401);
    await store.close();
    await open.stop();
    await database.remove();
  });
});
