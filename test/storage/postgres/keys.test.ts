import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createKeyText } from '../../../src/logs/access/api-key';
import { keyringIntervals } from '../../../src/logs/access/keyring';
import type { LogEntryRepository } from '../../../src/logs/log-entry-repository';
import { createDatabase, type TestDatabase } from '../../support/database/database';
import { openTestStore } from '../../support/database/store';
import { createTcpProxy, type TcpProxy } from '../../support/processes/tcp-proxy';
import { sendHttp, type HttpAnswer } from '../../support/server/http';
import { toStoredKey } from '../../support/server/keyed-server';
import { startServer, type TestServer } from '../../support/server/server';
import { waitFor } from '../../support/wait-for';

const text = createKeyText();
let database: TestDatabase;
let store: LogEntryRepository;
let proxy: TcpProxy;
let server: TestServer;

beforeAll(() => {
  // Not 2 s.
  jest.replaceProperty(keyringIntervals, 'refreshMs', 20);
});
afterAll(() => {
  jest.restoreAllMocks();
});
beforeEach(async () => {
  database = await createDatabase();
  store = await openTestStore(database.url);
  await store.keys.insert(toStoredKey(text, { name: 'web' }));
  const url = new URL(database.url);
  proxy = await createTcpProxy({ host: url.hostname, port: Number(url.port) });
  url.port = String(proxy.port);
  server = await startServer({ DATABASE_URL: url.href, DATABASE_POOL_SIZE: '1' });
});
afterEach(async () => {
  await proxy.close();
  await server.stop();
  await store.close();
  await database.remove();
});

const send = (path: string, key = text): Promise<HttpAnswer> =>
  sendHttp(server.url + path, { headers: { authorization: `Bearer ${key}` } });
const viewer = '/graphql?query={viewer{name}}';
const codeOf = ({ body }: HttpAnswer): unknown => body.errors[0].extensions.code;

describe('while PostgreSQL is away', () => {
  it('a known key is let in, and an unknown one is not', async () => {
    expect((await send('/logs/')).status).toBe(200);
    await proxy.close();
    // Readings of the keys fail meanwhile.
    for (let time = 0; time < 20; time++) {
      const read = await send('/logs/');
      expect([read.status, codeOf(read)]).toEqual([503, 'SERVICE_UNAVAILABLE']);
      expect((await send(viewer)).body.data).toEqual({ viewer: { name: 'web' } });
      const unknown = await send('/logs/', createKeyText());
      expect([unknown.status, codeOf(unknown)]).toEqual([401, 'UNAUTHENTICATED']);
    }
    await store.keys.revoke('web', new Date().toISOString());
    await proxy.open();
    await waitFor(async () => (await send(viewer)).status === 401);
  });
});

it('a revoked key ends although reads have every connection of their pool', async () => {
  await database.execute('BEGIN; LOCK TABLE log_entry IN ACCESS EXCLUSIVE MODE');
  let isReadDone = false;
  const slowRead = send('/logs/').finally(() => (isReadDone = true));
  await store.keys.revoke('web', new Date().toISOString());
  await waitFor(async () => (await send(viewer)).status === 401);
  expect(isReadDone).toBe(false);
  await database.execute('ROLLBACK');
  expect((await slowRead).status).toBe(200);
});
