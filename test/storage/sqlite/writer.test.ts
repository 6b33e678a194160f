import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { existsSync, readFileSync, renameSync } from 'node:fs';
import {
  OutcomeUnknownError,
  ServiceUnavailableError,
  StorageFullError,
  DatabaseBusyError,
} from '../../../src/logs/model/errors';
import { openWriter, type Writer } from '../../../src/storage/sqlite/writer';
import { createSqliteFile, failNext, type SqliteFile } from '../../support/database/sqlite-file';

const busyTimeoutMs = 600;
/** How long SQLite itself waits: a quarter of that. */
const tryMs = 150;
/** What a busy machine may take beside that. */
const slackMs = 400;

let file: SqliteFile;
let writer: Writer;
let troubles: unknown[];

beforeEach(async () => {
  file = createSqliteFile();
  troubles = [];
  const onWarning = (error: unknown) => troubles.push(error);
  writer = await openWriter({ path: file.path, busyTimeoutMs, onWarning });
  await write('CREATE TABLE note (text NOT NULL UNIQUE)');
});
afterEach(async () => {
  jest.restoreAllMocks();
  await writer.close();
  await file.remove();
});

const write = <Row>(sql: string, to = writer): Promise<Row[]> => to.write<Row>({ sql, parameters: [] });
const readNotes = async (): Promise<string[]> =>
  (await write<{ text: string }>('SELECT text FROM note ORDER BY rowid')).map(({ text }) => text);
const note = (text: string) => write(`INSERT INTO note VALUES ('${text}')`);

/** What a promise is rejected with, and how long that took. */
async function failureOf(work: Promise<unknown>): Promise<{ error: unknown; ms: number }> {
  const startedAt = performance.now();
  const error = await work.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  return { error, ms: performance.now() - startedAt };
}

/** A temporary table is part of a connection: whether it is still the same one. */
const mark = (to = writer) => write('CREATE TEMP TABLE mark (x)', to);
const isMarked = async (to = writer): Promise<boolean> =>
  (await write(`SELECT 1 FROM temp.sqlite_schema WHERE name = 'mark'`, to)).length === 1;

describe('the writer', () => {
  it.each(['SQLITE_IOERR', 'SQLITE_CANTOPEN', 'SQLITE_READONLY'])(
    'opens the file anew after %s, with commits that are durable and deletions that overwrite',
    async (code) => {
      await mark();
      failNext(code);
      const { error } = await failureOf(note('a'));
      const isUnknown = code === 'SQLITE_IOERR';
      expect(error instanceof OutcomeUnknownError).toBe(isUnknown);
      expect(troubles).toMatchObject([{ code }]);
      await note('b');
      expect(await isMarked()).toBe(false);
      expect(await readNotes()).toEqual(['b']);
      expect(await write('PRAGMA synchronous')).toEqual([{ synchronous: 2 }]);
      expect(await write('PRAGMA secure_delete')).toEqual([{ secure_delete: 1 }]);
    },
  );

  it.each(['SQLITE_FULL', 'SQLITE_CONSTRAINT', 'SQLITE_BUSY'])(
    'goes on with the connection after %s',
    async (code) => {
      await mark();
      failNext(code);
      await failureOf(note('a'));
      expect(await isMarked()).toBe(true);
      expect(troubles).toEqual([]);
    },
  );

  it('keeps what is in memory, whatever happens', async () => {
    const inMemory = await openWriter({ path: ':memory:', busyTimeoutMs, onWarning: () => {} });
    await mark(inMemory);
    failNext('SQLITE_IOERR');
    const { error } = await failureOf(write('SELECT 1', inMemory));
    expect(error).toBeInstanceOf(OutcomeUnknownError);
    expect(await isMarked(inMemory)).toBe(true);
    await inMemory.close();
  });

  it('refuses writes while the file cannot be opened, makes no other one, and tries with each write', async () => {
    await note('a');
    const away = `${file.directory}/away`;
    const move = (from: string, to: string): void => {
      for (const suffix of ['', '-wal']) renameSync(from + suffix, to + suffix);
    };
    move(file.path, away);
    failNext('SQLITE_IOERR');
    await failureOf(note('b'));
    for (let at = 0; at < 2; at++) {
      const { error } = await failureOf(note('c'));
      expect(error).toBeInstanceOf(ServiceUnavailableError);
      expect(error).not.toBeInstanceOf(OutcomeUnknownError);
      expect(error).toMatchObject({ cause: { code: 'SQLITE_CANTOPEN' } });
    }
    expect(existsSync(file.path)).toBe(false);
    move(away, file.path);
    await note('d');
    expect(await readNotes()).toEqual(['a', 'd']);
  });

  it('says that there is no room, and that nothing was stored', async () => {
    await write('CREATE TABLE numbered (id integer PRIMARY KEY AUTOINCREMENT)');
    await write(`INSERT INTO numbered VALUES (${2n ** 63n - 1n})`);
    const { error } = await failureOf(write('INSERT INTO numbered DEFAULT VALUES'));
    expect(error).toBeInstanceOf(StorageFullError);
    expect(error).toMatchObject({ cause: { code: 'SQLITE_FULL' } });
  });

  it('overwrites what is deleted, in the file too', async () => {
    await note('needle'.repeat(1_000));
    const checkpoint = 'PRAGMA wal_checkpoint(TRUNCATE)';
    await write(checkpoint);
    expect(readFileSync(file.path).includes('needle')).toBe(true);
    await write('DELETE FROM note');
    await write(checkpoint);
    expect(readFileSync(file.path).includes('needle')).toBe(false);
  });
});

describe('work on the writer', () => {
  it('has the connection alone: what is written meanwhile is not part of its transaction', async () => {
    const work = writer.exclusive(async (connection) => {
      await connection.all({ sql: 'BEGIN IMMEDIATE', parameters: [] });
      await connection.all({ sql: `INSERT INTO note VALUES ('lost')`, parameters: [] });
      await new Promise((resolve) => setTimeout(resolve, 50));
      throw new Error('no more');
    });
    const [{ error }] = await Promise.all([failureOf(work), note('kept')]);
    expect(error).toMatchObject({ message: 'no more' });
    expect(await readNotes()).toEqual(['kept']);
  });

  it('is done in the order in which it came', async () => {
    const order: string[] = [];
    await Promise.all([
      writer.exclusive(async () => void order.push('a')),
      note('b').then(() => order.push('b')),
      writer.exclusive(async () => void order.push('c')),
    ]);
    expect(order).toEqual(['a', 'b', 'c']);
  });

  it('is refused when its turn does not come in time', async () => {
    const hanging = writer.exclusive(
      () => new Promise((resolve) => setTimeout(resolve, busyTimeoutMs + 300)),
    );
    const { error, ms } = await failureOf(note('a'));
    await hanging;
    expect(error).toBeInstanceOf(ServiceUnavailableError);
    expect(ms).toBeLessThan(busyTimeoutMs + slackMs);
    expect(await readNotes()).toEqual([]);
  });
});

describe('while another process holds the lock', () => {
  const insert = (text: string) =>
    writer.exclusive((connection) =>
      connection.all({ sql: `INSERT INTO note VALUES ('${text}')`, parameters: [] }),
    );

  it('a write is tried once, for a part of the time', async () => {
    await file.execute('BEGIN IMMEDIATE');
    const { error, ms } = await failureOf(note('a'));
    await file.execute('ROLLBACK');
    expect(error).toBeInstanceOf(DatabaseBusyError);
    expect(ms).toBeLessThan(tryMs + slackMs);
  });

  it('work waits for it', async () => {
    await file.execute('BEGIN IMMEDIATE');
    const work = insert('a');
    await new Promise((resolve) => setTimeout(resolve, 2 * tryMs));
    await file.execute('ROLLBACK');
    await work;
    expect(await readNotes()).toEqual(['a']);
  });

  it('work is given up in time, and lets others have their turn until then', async () => {
    await file.execute('BEGIN IMMEDIATE');
    const startedAt = performance.now();
    const work = failureOf(insert('a'));
    await failureOf(note('b'));
    expect(performance.now() - startedAt).toBeLessThan(2 * tryMs + slackMs);
    const { error, ms } = await work;
    await file.execute('ROLLBACK');
    expect(error).toBeInstanceOf(DatabaseBusyError);
    expect(ms).toBeGreaterThan(busyTimeoutMs - 2 * tryMs);
    expect(ms).toBeLessThan(busyTimeoutMs + slackMs);
    expect(await readNotes()).toEqual([]);
  });
});
