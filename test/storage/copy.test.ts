import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createDatabase, type TestDatabase } from '../support/database/database';
import { canonical } from '../support/server/doors';
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

let directory: string;
let file: string;
let database: TestDatabase;
let before: string;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'log-manager-'));
  file = join(directory, 'old.sqlite');
  database = await createDatabase();
  const server = await startServer({ DATABASE_URL: `sqlite:${file}` });
  await recordAll(server, [...readWebSessions(), odd], 8);
  before = canonical((await server.graphql(logs)).data);
  await server.stop();
});
afterAll(async () => {
  await database.remove();
  rmSync(directory, { recursive: true });
});

const copy = () => promisify(execFile)(process.execPath, [script, file, database.url]);

it('a SQLite store that is copied, in two goes, reads the same from PostgreSQL, and goes on there', async () => {
  expect((await copy()).stdout).toContain('Copied: 6002 entries.');
  // As if it had been interrupted after the first batch.
  await database.execute(`DELETE FROM log_entry WHERE id > 5000;
    ALTER SEQUENCE log_entry_id RESTART`);
  expect((await copy()).stdout).toContain('Copied: 6002 entries.');

  const server = await startServer({ DATABASE_URL: database.url });
  try {
    expect(canonical((await server.graphql(logs)).data)).toBe(before);
    const { data } = await server.graphql(
      `mutation { recordSession(input: { userId: "new", sessionId: "s",
        actions: [{ time: "2026-01-01T00:00:00Z", type: "T" }] }) { entries { id } } }`,
    );
    expect(Number(data.recordSession.entries[0].id)).toBeGreaterThan(6_002);
  } finally {
    await server.stop();
  }
  await expect(copy()).rejects.toMatchObject({
    stderr: expect.stringContaining('copy into a new database'),
  });
});

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
