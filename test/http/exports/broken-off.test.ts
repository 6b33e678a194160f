import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import type { IncomingMessage } from 'node:http';
import { keyringIntervals } from '../../../src/logs/access/keyring';
import { dialect } from '../../support/database/database';
import { itLong } from '../../support/scale';
import { startKeyedServer, type KeyedServer } from '../../support/server/keyed-server';
import { waitFor } from '../../support/wait-for';
import { open, readAll } from './support';

/** Entries of 32 KiB, more than the buffers of the kernel take for a client that does not read. */
const entryCount = 600;
const fill = {
  sqlite: `WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ${entryCount})
    INSERT INTO log_entry (id, time, type, properties, user_id, session_id, received_at)
    SELECT n, n, 'T', json_object('n', n, 'a', hex(zeroblob(16000))), 'u' || (n > 500), 's', 0 FROM n;
    INSERT INTO session (session_id, user_id, started_at, ended_at, entry_count)
    SELECT session_id, user_id, min(time), max(time), count(*) FROM log_entry GROUP BY 1, 2`,
  postgres: `INSERT INTO log_entry (id, time, type, properties, user_id, session_id, received_at)
    SELECT n, to_timestamp(n / 1e6), 'T', jsonb_build_object('n', n, 'a', repeat('0', 32000)),
      'u' || (n > 500)::int, 's', to_timestamp(0) FROM generate_series(1, ${entryCount}) AS n;
    INSERT INTO session (session_id, user_id, started_at, ended_at, entry_count)
    SELECT session_id, user_id, min(time), max(time), count(*) FROM log_entry GROUP BY 1, 2;
    SELECT nextval('log_entry_id')`,
};

const keys = {
  reader: { scopes: ['read'] },
  other: { scopes: ['read'] },
  bound: { scopes: ['read'], userId: 'u1' },
  recorder: { scopes: ['record'] },
  ndjson: { scopes: ['read'] },
  csv: { scopes: ['read'] },
  admin: { scopes: ['admin'] },
} as const;

let server: KeyedServer<keyof typeof keys>;
let isStopped = false;
beforeAll(async () => {
  jest.replaceProperty(keyringIntervals, 'refreshMs', 20);
  // The first pages, of 64 such entries, exceed the limit.
  server = await startKeyedServer(keys, { MAX_RESPONSE_BYTES: '1000000' });
  await server.database.execute(fill[dialect]);
});
afterAll(async () => {
  if (!isStopped) await server.stop();
});

/** Begins an export, and reads nothing of its body. */
async function begin(key: keyof typeof keys, query = 'format=ndjson'): Promise<IncomingMessage> {
  const response = await open(`${server.url}/logs/?${query}`, {
    authorization: `Bearer ${server.texts[key]}`,
  });
  expect(response.statusCode).toBe(200);
  return response;
}

const numbersOf = (bytes: Buffer): number[] =>
  bytes
    .toString()
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { properties: { n: number } }).properties.n);
const upTo = (count: number) => Array.from({ length: count }, (_, at) => at + 1);

it('large entries are exported in smaller pages', async () => {
  const { bytes, isComplete } = await readAll(await begin('reader'));
  expect([isComplete, numbersOf(bytes)]).toEqual([true, upTo(entryCount)]);
});

it('an export needs a key that may read, and has what the key may see', async () => {
  for (const [key, status] of [
    [undefined, 401],
    ['recorder', 403],
  ] as const) {
    const answer = await server.send('/logs/?format=csv', key);
    expect([answer.status, answer.headers['content-disposition']]).toEqual([status, undefined]);
    expect(answer.body.errors).toHaveLength(1);
  }
  const { bytes } = await readAll(await begin('bound'));
  expect(numbersOf(bytes)).toEqual(upTo(entryCount).slice(500));
  const { bytes: others } = await readAll(await begin('bound', 'format=ndjson&user=u0'));
  expect(others).toHaveLength(0);
});

it('entries that arrive meanwhile are not exported, and erased ones may be missing', async () => {
  const response = await begin('admin');
  const actions = [{ time: '2026-01-01T00:00:00Z', type: 'late', properties: { n: 0 } }];
  const body = JSON.stringify({ userId: 'late', sessionId: 's', actions });
  expect((await server.send('/logs/', 'admin', { method: 'POST', body })).status).toBe(201);
  const erased = await server.ask('admin', `mutation { deleteUserData(userId: "u1") { deletedCount } }`);
  expect(erased.body.data.deleteUserData.deletedCount).toBe(entryCount - 500);
  const { bytes, isComplete } = await readAll(response);
  expect([isComplete, numbersOf(bytes)]).toEqual([true, upTo(500)]);
  const again = await readAll(await begin('admin'));
  expect(numbersOf(again.bytes)).toEqual([...upTo(500), 0]);
});

it.each(['ndjson', 'csv'] as const)(
  'a revoked key ends an export as %s, which its client can tell',
  async (format) => {
    const response = await begin(format, `format=${format}`);
    await server.store.keys.revoke(format, '2026-01-01T00:00:00.000Z');
    await waitFor(async () => (await server.send('/logs/?limit=1', format)).status === 401);
    const { bytes, isComplete } = await readAll(response);
    expect(isComplete).toBe(false);
    const [last = ''] = bytes.toString().trim().split('\n').slice(-1);
    if (format === 'csv') expect(last).not.toContain('errors');
    else expect(JSON.parse(last)).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  },
);

it('a client has four exports at a time, and those of others are none of them', async () => {
  const responses = await Promise.all([1, 2, 3, 4].map(() => begin('reader')));
  const fifth = await server.send('/logs/?format=csv', 'reader');
  expect([fifth.status, fifth.body.errors[0].extensions.code]).toEqual([429, 'RATE_LIMITED']);
  expect(Number(fifth.headers['retry-after'])).toBeGreaterThan(0);
  expect((await server.send('/logs/?format=csv&limit=1', 'other')).status).toBe(200);
  for (const response of responses) response.destroy();
  await waitFor(async () => (await server.send('/logs/?format=csv&limit=1', 'reader')).status === 200);
});

itLong('a server that stops breaks an export off before it drops its connection', async () => {
  const response = await begin('reader');
  isStopped = true;
  const stopping = server.stop();
  await new Promise((resolve) => setTimeout(resolve, 7_100));
  const { isComplete } = await readAll(response);
  expect(isComplete).toBe(false);
  await stopping;
});
