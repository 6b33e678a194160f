import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { OutcomeUnknownError } from '../../../src/logs/model/errors';
import { createSqliteFile, failNext, type SqliteFile } from '../../support/database/sqlite-file';
import { openTestStore } from '../../support/database/store';

let file: SqliteFile;
beforeEach(() => {
  file = createSqliteFile();
});
afterEach(async () => {
  jest.restoreAllMocks();
  await file.remove();
});

const session = { json: '["u","s",[[0,"T",{}]],0,0]', entryCount: 1 };
/** Each new log has other salts (https://www.sqlite.org/fileformat2.html#the_write_ahead_log). */
const saltsOf = (path: string) => readFileSync(`${path}-wal`).toString('hex', 16, 24);

describe('the log of a store', () => {
  it('is the same, and its index too, when the file is opened anew after a failed commit', async () => {
    const store = await openTestStore(file.url);
    await store.insertSessions([session], 0n);
    const salts = saltsOf(file.path);
    failNext('SQLITE_IOERR');
    await expect(store.insertSessions([session], 0n)).rejects.toBeInstanceOf(OutcomeUnknownError);
    await store.insertSessions([session], 0n);
    expect(saltsOf(file.path)).toBe(salts);
    await store.close();
  });

  it('that a killed process has left is moved into the database at start', async () => {
    const store = await openTestStore(file.url);
    await store.insertSessions([session], 0n);
    const killed = `${file.directory}/killed.sqlite`;
    for (const suffix of ['', '-wal']) {
      writeFileSync(killed + suffix, readFileSync(file.path + suffix));
    }
    await store.close();
    expect(statSync(`${killed}-wal`).size).toBeGreaterThan(0);
    const next = await openTestStore(`sqlite:${killed}`);
    expect(statSync(`${killed}-wal`).size).toBe(0);
    await expect(next.insertSessions([session], 0n)).resolves.toMatchObject([{ firstId: 2 }]);
    await next.close();
  });
});
