import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createKeyText } from '../../../src/logs/access/api-key';
import { keyringIntervals } from '../../../src/logs/access/keyring';
import type { LogEntryRepository } from '../../../src/logs/log-entry-repository';
import { createDatabase, type TestDatabase } from '../../support/database/database';
import { openTestStore } from '../../support/database/store';
import { keepAlive, sendHttp } from '../../support/server/http';
import { toStoredKey } from '../../support/server/keyed-server';
import { startServer, type TestServer } from '../../support/server/server';
import { waitFor } from '../../support/wait-for';

let database: TestDatabase;
let store: LogEntryRepository;
let server: TestServer;
let passedMs: number;
beforeAll(() => {
  // Not 2 s.
  jest.replaceProperty(keyringIntervals, 'refreshMs', 20);
  const clock = Date.now;
  jest.spyOn(Date, 'now').mockImplementation(() => clock() + passedMs);
});
beforeEach(async () => {
  passedMs = 0;
  database = await createDatabase();
  store = await openTestStore(database.url);
  server = await startServer({ DATABASE_URL: database.url });
});
afterEach(async () => {
  await server.stop();
  await store.close();
  await database.remove();
});
afterAll(() => {
  jest.restoreAllMocks();
});

const text = createKeyText();
const hour = 3_600_000;

/** The status of a request with the key, and of one without a key. */
async function statuses(): Promise<readonly [number, number]> {
  const send = (headers: Record<string, string>) =>
    sendHttp(`${server.url}/logs/`, { headers, agent: keepAlive });
  const answers = await Promise.all([send({ authorization: `Bearer ${text}` }), send({})]);
  return [answers[0].status, answers[1].status];
}

const become = (expected: readonly [number, number]): Promise<void> =>
  waitFor(async () => String(await statuses()) === String(expected));

describe('the first key closes an open server, which stays closed', () => {
  it.each([
    ['is revoked', () => store.keys.revoke('first', new Date().toISOString())],
    ['expires', () => (passedMs = hour)],
  ])('while it serves and after a restart, when the key %s', async (_how, end) => {
    await become([200, 200]);
    const expiresAt = new Date(Date.now() + hour).toISOString();
    await store.keys.insert(toStoredKey(text, { name: 'first', expiresAt }));
    await become([200, 401]);
    await end();
    await become([401, 401]);
    await server.stop();
    server = await startServer({ DATABASE_URL: database.url });
    expect(await statuses()).toEqual([401, 401]);
  });
});

it('a server that others reach starts with a key that has ended, and lets none in', async () => {
  await store.keys.insert(toStoredKey(text, { name: 'old', revokedAt: '2026-01-01T00:00:00.000Z' }));
  await server.stop();
  server = await startServer({ DATABASE_URL: database.url, HOST: '0.0.0.0' });
  expect(await statuses()).toEqual([401, 401]);
});
