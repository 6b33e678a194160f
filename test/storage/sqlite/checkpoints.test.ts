import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import fs, { closeSync, existsSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import sqlite3 from 'sqlite3';
import { OutcomeUnknownError } from '../../../src/logs/model/errors';
import { openWriter, type Writer } from '../../../src/storage/sqlite/writer';
import { createSqliteFile, failNext, type SqliteFile } from '../../support/database/sqlite-file';
import { waitFor } from '../../support/wait-for';

const pageBytes = 4_096;
let file: SqliteFile;
let writer: Writer;
let warnings: unknown[];

beforeEach(async () => {
  file = createSqliteFile();
  warnings = [];
  const onWarning = (error: unknown) => warnings.push(error);
  writer = await openWriter({ path: file.path, busyTimeoutMs: 600, onWarning });
  await write('CREATE TABLE page (content BLOB)');
});
afterEach(async () => {
  jest.restoreAllMocks();
  await writer.close();
  await file.remove();
});

const write = <Row>(sql: string): Promise<Row[]> => writer.write<Row>({ sql, parameters: [] });
/** Commits some 100 pages. */
const commitPages = () =>
  write(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 100)
  INSERT INTO page SELECT zeroblob(4000) FROM n`);
const commitPage = () => write('INSERT INTO page VALUES (zeroblob(4000))');
const commitMany = async (count: number): Promise<void> => {
  for (let at = 0; at < count; at++) await commitPages();
};
const pagesIn = (path: string): number => Math.floor(statSync(path).size / pageBytes);
const logPages = (): number => pagesIn(`${file.path}-wal`);
const copiedPages = (): number => readFileSync(`${file.path}-shm`).readUInt32LE(96);
const truncateLog = () => writer.exclusive((connection) => writer.checkpoint(connection, 'TRUNCATE'));

/** Lets a part of the log be copied, and not overwritten, since another connection reads until `file.close`. */
async function copyPartly(): Promise<void> {
  await commitPages();
  await file.execute('BEGIN; SELECT count(*) FROM page');
  await waitFor(async () => {
    await commitPage();
    return copiedPages() > 0;
  });
  // When the copy has ended.
  await writer.exclusive((connection) => writer.checkpoint(connection, 'PASSIVE'));
  expect(copiedPages()).toBeLessThan(logPages());
}

/** Does something else when a checkpoint of the writer's file starts; `start` starts it. */
function onCheckpoint(instead: (start: () => void, callback: (error: Error) => void) => void): () => number {
  const { prepare } = sqlite3.Database.prototype;
  let count = 0;
  jest.spyOn(sqlite3.Database.prototype, 'prepare').mockImplementation(function (
    this: sqlite3.Database,
    ...args: Parameters<typeof prepare>
  ) {
    const statement = prepare.apply(this, args);
    if (args[0] === 'PRAGMA wal_checkpoint(PASSIVE)') {
      const { all } = statement;
      statement.all = ((...given: unknown[]) => {
        count++;
        instead(() => all.apply(statement, given as never), given.at(-1) as (error: Error) => void);
        return statement;
      }) as typeof all;
    }
    return statement;
  } as typeof prepare);
  return () => count;
}

it('SQLite is a version without the WAL-reset bug (https://www.sqlite.org/wal.html#walresetbug)', async () => {
  const [row] = await write<{ version: string }>('SELECT sqlite_version() AS version');
  const [, minor, patch] = row!.version.split('.').map(Number) as [number, number, number];
  expect(minor * 100 + patch).toBeGreaterThanOrEqual(5103);
});

describe('the log', () => {
  it('is copied into the database while more is committed', async () => {
    let copyPages: (() => void) | undefined;
    onCheckpoint((start) => (copyPages = start));
    await commitMany(3);
    await waitFor(() => copyPages !== undefined);
    await commitMany(3);
    expect(pagesIn(file.path)).toBeLessThan(100);
    expect(logPages()).toBeGreaterThan(600);
    copyPages!();
    await waitFor(() => pagesIn(file.path) > 600);
  });

  it('is overwritten from its start before it has 16 MB', async () => {
    await commitMany(100);
    expect(logPages()).toBeGreaterThan(100);
    expect(logPages()).toBeLessThan(3_000);
    expect(await write('SELECT count(*) AS count FROM page')).toEqual([{ count: 10_000 }]);
    expect(warnings).toEqual([]);
  });

  it('is copied again a second after that failed, with one warning', async () => {
    const count = onCheckpoint((_start, callback) => callback(new Error('SQLITE_IOERR: injected')));
    let now = Math.floor(performance.now());
    jest.spyOn(performance, 'now').mockImplementation(() => now);
    await commitMany(3);
    await waitFor(() => warnings.length === 1);
    now += 999;
    await commitMany(3);
    expect(count()).toBe(1);
    now += 1;
    await commitPage();
    await waitFor(() => count() === 2);
    jest.restoreAllMocks();
    expect(pagesIn(file.path)).toBeLessThan(100);
    await waitFor(async () => {
      await commitPage();
      return pagesIn(file.path) > 500;
    });
    expect(warnings).toHaveLength(1);
  });

  it('is copied whole after a failed sync, since the system may have lost what was copied before', async () => {
    await copyPartly();
    const lost = openSync(file.path, 'r+');
    writeSync(lost, Buffer.alloc(50 * pageBytes), 0, 50 * pageBytes, 40 * pageBytes);
    closeSync(lost);
    const count = onCheckpoint((_start, callback) => callback(new Error('SQLITE_IOERR: injected')));
    await waitFor(async () => {
      await commitPage();
      return count() === 1;
    });
    jest.restoreAllMocks();
    await file.close();
    expect(await truncateLog()).toBe(true);
    await writer.close();
    writer = await openWriter({ path: file.path, busyTimeoutMs: 600, onWarning: () => {} });
    expect(await write('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
  });

  it('is neither copied nor emptied while the index cannot be written, and writes go on', async () => {
    await copyPartly();
    failNext('SQLITE_IOERR');
    const write = jest.spyOn(fs, 'writeSync').mockImplementation(() => {
      throw new Error('EIO: injected');
    });
    await expect(commitPage()).rejects.toBeInstanceOf(OutcomeUnknownError);
    const copied = copiedPages();
    await expect(truncateLog()).rejects.toThrow('EIO');
    await commitMany(3);
    await waitFor(() => warnings.length === 2);
    expect(copiedPages()).toBe(copied);
    write.mockRestore();
    await file.close();
    expect(await truncateLog()).toBe(true);
  });

  it('holds commits when it becomes long during a copy', async () => {
    onCheckpoint((start) => setTimeout(start, 200));
    await commitMany(60);
    expect(logPages()).toBeLessThan(3_000);
  });

  it('is copied whole after an I/O error of the writer', async () => {
    await copyPartly();
    failNext('SQLITE_IOERR');
    await expect(commitPage()).rejects.toThrow();
    expect(copiedPages()).toBe(0);
  });

  it('is truncated when it is not being copied', async () => {
    let end: (() => void) | undefined;
    onCheckpoint((start) => (end = start));
    await commitMany(3);
    await waitFor(() => end !== undefined);
    const truncated = truncateLog();
    const isPending = Symbol('pending');
    const wait = new Promise((resolve) => setTimeout(resolve, 50, isPending));
    const first = await Promise.race([truncated, wait]);
    end!();
    expect(first).toBe(isPending);
    expect(await truncated).toBe(true);
    expect(logPages()).toBe(0);
  });

  it('is complete in the database when it is closed while it is copied', async () => {
    onCheckpoint((start) => setTimeout(start, 50));
    await commitMany(3);
    await writer.close();
    expect(existsSync(`${file.path}-wal`)).toBe(false);
    expect(pagesIn(file.path)).toBeGreaterThan(300);
    writer = await openWriter({ path: file.path, busyTimeoutMs: 600, onWarning: () => {} });
    expect(await write('SELECT count(*) AS count FROM page')).toEqual([{ count: 300 }]);
  });

  it('is not copied again and again while a read keeps it', async () => {
    const count = onCheckpoint((start) => start());
    await file.execute('BEGIN; SELECT count(*) FROM page');
    for (let at = 0; at < 50; at++) await commitPage();
    await commitMany(2);
    for (let at = 0; at < 50; at++) await commitPage();
    expect(count()).toBeLessThan(5);
    expect(count()).toBeGreaterThan(0);
    await file.execute('COMMIT');
  });
});
