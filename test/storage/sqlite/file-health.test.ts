import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { copyFileSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import sqlite3 from 'sqlite3';
import type { LogEntryRepository } from '../../../src/logs/log-entry-repository';
import { DatabaseFaultError, OutcomeUnknownError } from '../../../src/logs/model/errors';
import { createGroupCommit } from '../../../src/logs/recording/group-commit';
import { createSqliteFile, failNext, type SqliteFile } from '../../support/database/sqlite-file';
import { startServerProcess } from '../../support/processes/server-process';
import { openTestStore } from '../../support/database/store';

let file: SqliteFile;
let store: LogEntryRepository;
beforeEach(async () => {
  file = createSqliteFile();
  store = await openTestStore(file.url);
});
afterEach(async () => {
  jest.restoreAllMocks();
  await store.close();
  await file.remove();
});

const session = { json: '["u","s",[[0,"T",{"n":1}]],0,0]', entryCount: 1 };
const insert = () => store.insertSessions([session], 0n);
const erase = () =>
  store.eraseEntries({ sessions: [{ userId: 'u', sessionId: 's' }], endTime: 9n, limit: 9 });
const query = { filter: {}, columns: [{ key: 'properties', field: 'properties' }], limit: 10 } as const;
const read = () => store.findEntries(query, { mustBeLatest: false });
const suffixes = ['', '-wal', '-shm'];

/** A copy of another database, which gets the name of this one. */
function replaceByOther(): void {
  writeFileSync(`${file.path}.other`, 'another program');
  renameSync(`${file.path}.other`, file.path);
}

describe('files that change under the server', () => {
  it.each([
    ['the database is removed', () => rmSync(file.path)],
    ['all files are removed', () => suffixes.forEach((suffix) => rmSync(file.path + suffix))],
    ['the log is removed', () => rmSync(`${file.path}-wal`)],
    ['another file is moved over the database', replaceByOther],
    [
      'a copy replaces the database',
      () => {
        copyFileSync(file.path, `${file.path}.copy`);
        renameSync(`${file.path}.copy`, file.path);
      },
    ],
    ['the directory is moved', () => renameSync(file.directory, `${file.directory}.moved`)],
  ])('acknowledge nothing: %s', async (what, change) => {
    await insert();
    const during = insert();
    change();
    await expect(during).rejects.toThrow(OutcomeUnknownError);
    await expect(insert()).rejects.toThrow(DatabaseFaultError);
    await expect(erase()).rejects.toThrow(DatabaseFaultError);
    const { cause } = (await store.ping().catch((error: unknown) => error)) as Error;
    expect(String(cause)).toMatch(/was opened as device:inode \d+:\d+/);
    // Reads of the opened files go on.
    expect(await read()).toHaveProperty('objects');
    if (what === 'the directory is moved') renameSync(`${file.directory}.moved`, file.directory);
  });

  it('store again as soon as the files are back, without a restart', async () => {
    renameSync(file.path, `${file.path}.away`);
    await expect(store.ping()).rejects.toThrow(DatabaseFaultError);
    await expect(insert()).rejects.toThrow(DatabaseFaultError);
    renameSync(`${file.path}.away`, file.path);
    await insert();
    await store.ping();
  });

  it('leave a file that took the name as it is, after erasing and after an I/O error too', async () => {
    await insert();
    replaceByOther();
    await expect(erase()).rejects.toThrow(DatabaseFaultError);
    await expect(store.scrub()).rejects.toMatchObject({ cause: expect.any(DatabaseFaultError) });
    renameSync(file.path, `${file.path}.other`);
    rmSync(`${file.path}-wal`);
    failNext('SQLITE_IOERR');
    await insert().catch(() => {});
    await expect(insert()).rejects.toThrow(DatabaseFaultError);
    expect(readFileSync(`${file.path}.other`, 'utf8')).toBe('another program');
  });
});

describe('damage that SQLite reports', () => {
  it.each(['SQLITE_CORRUPT', 'SQLITE_NOTADB'])(
    'in a read refuses everything from then on: %s',
    async (code) => {
      await insert();
      failNext(code);
      await expect(read()).rejects.toThrow(DatabaseFaultError);
      for (const call of [read, insert, erase, () => store.ping()]) {
        await expect(call()).rejects.toThrow(DatabaseFaultError);
      }
      await expect(read()).rejects.toMatchObject({ cause: { code } });
    },
  );

  it('in a commit refuses the whole batch with one statement', async () => {
    const commit = createGroupCommit({
      insertSessions: store.insertSessions,
      now: () => 0n,
      maxCommits: 1,
      maxBatchEntries: 100,
      maxBatchLength: 10_000,
      maxPendingLength: 100_000,
      maxWaitMs: 1_000,
      onCommit: () => {},
      onBug: () => {},
    });
    failNext('SQLITE_CORRUPT');
    const results = await Promise.allSettled([1, 2, 3, 4].map(() => commit.add(session)));
    expect(results.map(({ status }) => status)).toEqual(Array(4).fill('rejected'));
    expect(sqlite3.Statement.prototype.all).toHaveBeenCalledTimes(1);
    await expect(read()).rejects.toThrow(DatabaseFaultError);
  });

  it('is a page of the file that holds something else', async () => {
    await insert();
    await file.execute('PRAGMA wal_checkpoint(TRUNCATE)');
    const bytes = readFileSync(file.path);
    writeFileSync(file.path, bytes.fill(0xa5, 4_096));
    await expect(read()).rejects.toThrow(DatabaseFaultError);
    await expect(store.ping()).rejects.toThrow(DatabaseFaultError);
  });

  const filter = { properties: [{ path: ['n'], predicate: { kind: 'exists', expected: true } }] };

  it('is JSON that a filter cannot read, but not JSON that is only returned', async () => {
    await insert();
    await file.execute(`UPDATE log_entry SET properties = '{"n":'`);
    const { objects } = (await read()) as { objects: Buffer };
    expect(() => JSON.parse(`[${objects.toString()}]`) as unknown).toThrow(SyntaxError);
    await store.ping();
    const filtered = { ...query, filter } as never;
    await expect(store.findEntries(filtered, { mustBeLatest: false })).rejects.toThrow(DatabaseFaultError);
    await expect(store.ping()).rejects.toThrow(DatabaseFaultError);
  });
});

it('a server whose file is moved is not ready, refuses writes and logs an error, until it is back', async () => {
  const path = `${file.path}.served`;
  const server = await startServerProcess({ DATABASE_URL: `sqlite:${path}` });
  const record = () =>
    server.graphql(`mutation { recordSession(input: { userId: "u", sessionId: "s",
      actions: { time: "2026-01-01T00:00:00Z", type: "T" } }) { recordedCount } }`);
  const readiness = async () => (await fetch(`${server.url}/readyz`)).json();
  try {
    renameSync(path, `${path}.away`);
    const unready = (await readiness()) as { errors: { extensions: object }[] };
    expect(unready.errors[0]!.extensions).toMatchObject({ reason: 'database_files_replaced' });
    const { body } = await record();
    expect(body.errors[0].extensions).toEqual({ code: 'SERVICE_UNAVAILABLE', retryable: true });
    renameSync(`${path}.away`, path);
    expect(await readiness()).toEqual({ status: 'ok' });
    expect((await record()).body.data.recordSession.recordedCount).toBe(1);
  } finally {
    await server.end();
  }
  const errors = server.log().filter(({ level }) => level === 'error' || level === 'fatal');
  expect(errors.map(({ msg }) => msg)).toEqual(['database ping failed', 'request failed']);
});
