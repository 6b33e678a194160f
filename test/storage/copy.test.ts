import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Client } from 'pg';
import sqlite3 from 'sqlite3';
import { createKeyText } from '../../src/logs/access/api-key';
import type { KeyStore } from '../../src/logs/access/key-store';
import { createReader } from '../../src/storage/sqlite/data-source';
import { createDatabase, type TestDatabase } from '../support/database/database';
import { canonical } from '../support/server/doors';
import { sendHttp } from '../support/server/http';
import { toStoredKey } from '../support/server/keyed-server';
import { startServer } from '../support/server/server';
import { openTestStore } from '../support/database/store';
import { itLong } from '../support/scale';
import { readWebSessions, recordAll } from '../support/server/web-sessions';

const script = join(__dirname, '..', '..', 'scripts', 'copy-to-postgres.mjs');
const logs = '{ logs { id time type properties userId sessionId receivedAt } }';
const odd = {
  userId: '😀 "\\',
  sessionId: 's',
  actions: [
    { time: '9999-12-31T23:59:59.999999Z', type: '€', properties: { '': [0.1, -0, 1e-7, null] } },
    { time: '1970-01-01T00:00:00.000001Z', type: 'T', properties: { ['__proto__']: { a: true } } },
  ],
};

const recordSession = `mutation ($input: RecordSessionInput!) {
  recordSession(input: $input) { replayed entries { id receivedAt } }
}`;
const keyed = {
  userId: 'keyed',
  sessionId: 's',
  actions: [{ time: '2026-01-01T00:00:00.000001Z', type: 'T' }],
  idempotencyKey: 'key',
};
/** Recorded under a key, then erased; it has the greatest ids. */
const erased = {
  ...keyed,
  userId: 'erased',
  actions: Array(5_000).fill(keyed.actions[0]) as unknown[],
  idempotencyKey: 'erased',
};

/** Tables and sequences that are not copied, with the reason. */
const notCopied: Readonly<Record<string, string>> = {
  migrations: 'each database has migrations of its own',
  migrations_id_seq: 'belongs to migrations',
  sqlite_sequence: 'the ids: log_entry_id on PostgreSQL',
  feed: 'each database has an epoch of its own',
  erasure: 'consumers of the new epoch have no copy of what was erased',
};

const [shopKey, lostKey] = [createKeyText(), createKeyText()];
/** Keys that have a value in every column between them; `lost` is revoked after an interrupted copy. */
const keys = [
  toStoredKey(shopKey, { name: 'Shop', userId: 'keyed', expiresAt: '9999-01-01T00:00:00.000Z' }),
  toStoredKey(lostKey, { name: 'lost', scopes: ['admin'], lastUsedAt: '2026-01-02T00:00:00.000Z' }),
  toStoredKey(createKeyText(), { name: 'old', revokedAt: '2026-01-03T00:00:00.000Z' }),
  toStoredKey(createKeyText(), {
    ...{ name: 'page', scopes: ['record'], isPublic: true, ratePerSecond: 7 },
    origins: ['https://a.example', 'https://b.example'],
  }),
];

const adminKey = 'a'.repeat(32);

let directory: string;
let file: string;
let database: TestDatabase;
let before: string;
let recorded: unknown;
let lastId: number;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'log-manager-'));
  file = join(directory, 'old.sqlite');
  database = await createDatabase();
  const server = await startServer({ DATABASE_URL: `sqlite:${file}` });
  await recordAll(server, [...readWebSessions(), odd], 8);
  recorded = (await server.graphql(recordSession, { input: keyed })).data.recordSession.entries;
  const { data } = await server.graphql(recordSession, { input: erased });
  lastId = Number(data.recordSession.entries.at(-1).id);
  await server.graphql('mutation { deleteUserData(userId: "erased") { deletedCount } }');
  before = canonical((await server.graphql(logs)).data);
  await server.stop();
  await changeKeys(async (store) => {
    for (const key of keys) await store.insert(key);
  });
});
afterAll(async () => {
  await database.remove();
  rmSync(directory, { recursive: true });
});

async function changeKeys(work: (store: KeyStore) => Promise<unknown>): Promise<void> {
  const store = await openTestStore(`sqlite:${file}`);
  await work(store.keys);
  await store.close();
}

const copy = () => promisify(execFile)(process.execPath, [script, file, database.url]);

it('a SQLite store that is copied, in two goes, reads the same from PostgreSQL, and goes on there', async () => {
  expect((await copy()).stdout).toContain('Copied: 6003 entries.');
  // As if it had been interrupted after the first batch.
  await database.execute(`DELETE FROM log_entry WHERE id > 5000;
    DELETE FROM idempotency_key WHERE key > (SELECT min(key) FROM idempotency_key);
    DELETE FROM api_key WHERE name = 'old';
    ALTER SEQUENCE log_entry_id RESTART`);
  await changeKeys((store) => store.revoke('lost', '2026-01-04T00:00:00.000Z'));
  expect((await copy()).stdout).toContain('Copied: 6003 entries.');
  await expectSameState();

  const server = await startServer({ DATABASE_URL: database.url, ADMIN_KEY: adminKey });
  const send = async (key: string | undefined, query: string, variables = {}) => {
    const headers: Record<string, string> = key === undefined ? {} : { authorization: `Bearer ${key}` };
    const body = JSON.stringify({ query, variables });
    const answer = await sendHttp(`${server.url}/graphql`, { method: 'POST', body, headers });
    return { status: answer.status, ...answer.body };
  };
  try {
    expect(canonical((await send(adminKey, logs)).data)).toBe(before);
    const changes = '{ logChanges { entries { id } cursor hasMore } }';
    const { entries } = (await send(adminKey, changes)).data.logChanges;
    expect(entries.map(({ id }: { id: string }) => Number(id))).toEqual(
      Array.from({ length: 1_000 }, (_, at) => at + 1),
    );
    for (const key of [undefined, lostKey]) expect((await send(key, logs)).status).toBe(401);
    const own = (await send(shopKey, '{ logs { userId } }')).data.logs;
    expect(own).toEqual([{ userId: 'keyed' }]);
    const again = await send(adminKey, recordSession, { input: keyed });
    expect(again.data.recordSession).toEqual({ replayed: true, entries: recorded });
    const changed = { ...keyed, sessionId: 'other' };
    const { errors } = await send(adminKey, recordSession, { input: changed });
    expect(errors![0]!.extensions.code).toBe('IDEMPOTENCY_KEY_REUSED');
    const erasedAgain = await send(adminKey, recordSession, { input: erased });
    expect(erasedAgain.data.recordSession.replayed).toBe(true);
    const { data } = await send(adminKey, recordSession, { input: { ...keyed, idempotencyKey: 'new' } });
    expect(Number(data.recordSession.entries[0].id)).toBeGreaterThan(lastId);
  } finally {
    await server.stop();
  }
  await expect(copy()).rejects.toMatchObject({
    stderr: expect.stringContaining('copy into a new database'),
  });
});

/** Walks both schemas, so that a table or sequence added later fails until it is copied, or listed above. */
async function expectSameState(): Promise<void> {
  const source = await createReader(file, 5_000).initialize();
  const target = new Client({ connectionString: database.url });
  await target.connect();
  try {
    const isCopied = ({ name }: { name: string }): boolean => !Object.hasOwn(notCopied, name);
    const tables = await source.query<{ name: string }[]>(
      `SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`,
    );
    const relations = await target.query<{ name: string; kind: string }>(
      `SELECT relname AS name, relkind AS kind FROM pg_class
        WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'S')
          AND NOT relispartition ORDER BY relname COLLATE "C"`,
    );
    const copied = relations.rows.filter(isCopied);
    expect(copied.filter(({ kind }) => kind === 'S')).toEqual([{ name: 'log_entry_id', kind: 'S' }]);
    const names = tables.filter(isCopied).map(({ name }) => name);
    expect(copied.filter(({ kind }) => kind !== 'S').map(({ name }) => name)).toEqual(names);
    for (const name of names) {
      const { fields } = await target.query(`SELECT * FROM ${name} LIMIT 0`);
      const columns = await source.query<{ name: string }[]>(`PRAGMA table_info(${name})`);
      const timestamptz = 1184;
      const toText = (values: readonly (string | null)[]): string =>
        canonical(values.map((value) => (value?.startsWith('{') ? JSON.parse(value) : value)));
      const list = columns.map((column) =>
        fields.find((field) => field.name === column.name)!.dataTypeID === timestamptz
          ? `(extract(epoch FROM ${column.name}) * 1000000)::bigint::text`
          : `${column.name}::text`,
      );
      const text = `SELECT ${list.join(', ')} FROM ${name}`;
      const found = await target.query<(string | null)[]>({ text, rowMode: 'array' });
      const texts = columns.map((column) => `CAST(${column.name} AS text) AS ${column.name}`);
      const rows = await source.query<Record<string, string | null>[]>(
        `SELECT ${texts.join(', ')} FROM ${name}`,
      );
      expect(rows.length).toBeGreaterThan(0);
      expect(found.rows.map(toText).sort()).toEqual(rows.map((row) => toText(Object.values(row))).sort());
    }
  } finally {
    await target.end();
    await source.destroy();
  }
}

itLong('a file that is served, or has changed since an interrupted copy, is not copied', async () => {
  const path = join(directory, 'changing.sqlite');
  const target = await createDatabase();
  const run = (file: string, url = target.url) => promisify(execFile)(process.execPath, [script, file, url]);
  const failure = (stderr: unknown) => ({ stderr });
  const server = await startServer({ DATABASE_URL: `sqlite:${path}` });
  try {
    await server.graphql(recordSession, { input: keyed });
    await expect(run(path)).rejects.toMatchObject(failure(expect.stringContaining('is in use: stop')));
  } finally {
    await server.stop();
  }
  try {
    const store = await openTestStore(`sqlite:${path}`);
    const position = await store.changes.noteErasure({ userId: 'u', sessionId: undefined, erasedAt: 0n });
    await store.close();
    await expect(run(path)).rejects.toMatchObject(failure(expect.stringContaining('did not complete')));
    const again = await openTestStore(`sqlite:${path}`);
    await again.changes.finishErasure(position, true);
    await again.close();
    expect((await run(path)).stdout).toContain('Copied: 1 entries.');
    // As if a key had expired, and another one been recorded.
    await target.execute('UPDATE idempotency_key SET first_id = 2; ALTER SEQUENCE log_entry_id RESTART');
    const changed = expect.stringContaining('changed since an interrupted copy');
    await expect(run(path)).rejects.toMatchObject(failure(changed));

    const missing = new URL(target.url);
    missing.pathname = 'missing';
    const oneLine = expect.stringMatching(/^error: The database does not exist.*\n$/);
    await expect(run(path, missing.href)).rejects.toMatchObject(failure(oneLine));
    await expect(run(script)).rejects.toMatchObject(failure(expect.stringMatching(/^error: .*\n$/)));
  } finally {
    await target.remove();
  }
});

itLong(
  'an old file, without idempotency keys, whose entries are all erased, leaves no id to give out again',
  async () => {
    const old = join(directory, 'empty.sqlite');
    const source = await openTestStore(`sqlite:${old}`);
    const actions = Array<string>(5_000).fill('[0,"T",{}]').join(',');
    const session = { json: `["u","s",[${actions}],0,0]`, entryCount: 5_000, idempotency: undefined };
    for (let at = 0; at < 3; at++) await source.insertSessions([session], 0n);
    await source.eraseEntries({
      sessions: [{ userId: 'u', sessionId: 's' }],
      ...{ endTime: 1n, limit: 15_000 },
    });
    await source.close();
    const file = new sqlite3.Database(old);
    await new Promise((resolve) => file.exec('DROP TABLE idempotency_key; DROP TABLE api_key', resolve));
    await new Promise((resolve) => file.close(resolve));
    const target = await createDatabase();
    try {
      const { stdout } = await promisify(execFile)(process.execPath, [script, old, target.url]);
      expect(stdout).toContain('Copied: 0 entries.');
      const store = await openTestStore(target.url);
      const [receipt] = await store.insertSessions([session], 0n);
      await store.close();
      expect(receipt!.firstId).toBeGreaterThan(15_000);
    } finally {
      await target.remove();
    }
  },
);

itLong(
  'entries whose properties are large are copied in batches that PostgreSQL takes',
  async () => {
    const large = join(directory, 'large.sqlite');
    const source = await openTestStore(`sqlite:${large}`);
    // In PostgreSQL's form six times as large: together, more than a statement takes.
    const properties = JSON.stringify({ list: Array<number>(16_300).fill(1) });
    const actions = Array<string>(100).fill(`[0,"T",${properties}]`).join(',');
    for (let at = 0; at < 14; at++) {
      await source.insertSessions([{ json: `["u","s",[${actions}],0,0]`, entryCount: 100 }], 0n);
    }
    await source.close();
    const target = await createDatabase();
    try {
      const { stdout } = await promisify(execFile)(process.execPath, [script, large, target.url]);
      expect(stdout).toContain('Copied: 1400 entries.');
    } finally {
      await target.remove();
    }
  },
  180_000,
);
