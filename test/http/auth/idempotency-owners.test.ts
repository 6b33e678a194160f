import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startKeyedServer, type KeyedServer } from '../../support/server/keyed-server';
import { page } from './support/probe';

const keys = {
  server: { scopes: ['record', 'read'] },
  server2: { scopes: ['record', 'read'] },
  ann: { scopes: ['record', 'read'], userId: 'ann' },
  ann2: { scopes: ['record'], userId: 'ann' },
  ben: { scopes: ['record', 'read'], userId: 'ben' },
  public: { scopes: ['record'], isPublic: true, origins: [page] },
  public2: { scopes: ['record'], isPublic: true, origins: [page] },
} as const;
type KeyName = keyof typeof keys;

let server: KeyedServer<KeyName>;
beforeAll(async () => {
  server = await startKeyedServer(keys);
});
afterAll(() => server.stop());

const time = '2026-01-01T00:00:00Z';

/** What a sender is told: recorded now, recorded before, or the code of an error. */
async function send(key: KeyName, userId: string, idempotencyKey: string, type = 'T'): Promise<string> {
  const body = JSON.stringify({ userId, sessionId: 's', actions: [{ time, type }], idempotencyKey });
  const answer = await server.send('/logs/', key, { method: 'POST', headers: { origin: page }, body });
  if (answer.status !== 201) return answer.body.errors[0].extensions.code as string;
  return answer.headers['idempotent-replayed'] === 'true' ? 'before' : 'now';
}

it('a session recorded before there were keys is known to keys without a user, and to no other', async () => {
  // Computed by the release before: SHA-256 of `made before`, and of ["ann","s",[[1767225600000000,"T",{}]]].
  const key = 'NKDWBMpmxuK-cpjYoXEdqCkRJze7qEmsuTMV4i--fHE';
  const digest = '4siaiWOtqQbivn4TcR-hRu2sBA4lOVltV-MmtxIvryQ';
  const rows = '[1767225600000000,"T",{}]';
  const json = `["ann","s",[${rows}],1767225600000000,1767225600000000,"${key}","${digest}"]`;
  // Retention deletes old keys.
  const receivedAt = BigInt(Date.now()) * 1_000n;
  await server.store.insertSessions([{ json, entryCount: 1, idempotency: { key, digest } }], receivedAt);
  expect(await send('server', 'ann', 'made before')).toBe('before');
  expect(await send('server2', 'ann', 'made before', 'other')).toBe('IDEMPOTENCY_KEY_REUSED');
  expect(await send('ann', 'ann', 'made before')).toBe('now');
  expect(await send('public', 'ann', 'made before')).toBe('now');
});

it('an idempotency key belongs to the user of the key', async () => {
  expect(await send('ann', 'ann', 'k')).toBe('now');
  expect(await send('ann2', 'ann', 'k')).toBe('before');
  expect(await send('ann2', 'ann', 'k', 'other')).toBe('IDEMPOTENCY_KEY_REUSED');
  expect(await send('ben', 'ben', 'k', 'other')).toBe('now');
  expect(await send('ben', 'ben', 'k', 'other')).toBe('before');
  expect(await send('server', 'ann', 'k', 'third')).toBe('now');
  expect(await send('ann', 'ann', 'k')).toBe('before');
});

it('an idempotency key of a public key belongs to one content, and tells nothing of others', async () => {
  expect(await send('public', 'ann', 'p')).toBe('now');
  expect(await send('public', 'ann', 'p')).toBe('before');
  expect(await send('public', 'ann', 'p', 'other')).toBe('now');
  expect(await send('public', 'ben', 'p')).toBe('now');
  expect(await send('public2', 'ann', 'p')).toBe('now');
  expect(await send('server', 'ann', 'p', 'third')).toBe('now');
});

it('two texts of user and idempotency key are not taken for each other', async () => {
  expect(await send('ann', 'ann', 'x')).toBe('now');
  for (const key of ['annx', 'ann:x', 'ann x', '"ann"x'])
    expect(await send('server', 'ann', key)).toBe('now');
});
