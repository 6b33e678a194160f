import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createSqliteFile, type SqliteFile } from '../support/database/sqlite-file';
import { openTestStore } from '../support/database/store';
import { runCommand } from '../support/processes/command';

let file: SqliteFile;
beforeEach(async () => {
  file = createSqliteFile();
  const store = await openTestStore(file.url);
  for (const user of ['a', 'b']) {
    const json = `["${user}","s",[[0,"T",{}],[1,"T",{}]],0,1]`;
    await store.insertSessions([{ json, entryCount: 2 }], 0n);
  }
  await store.close();
});
afterEach(() => file.remove());

const check = (url = file.url) => runCommand(['check'], { DATABASE_URL: url });

it('finds no damage in a database that is used meanwhile', async () => {
  const store = await openTestStore(file.url);
  const stdout = `Checked 4 entries in ${file.path}: no damage found.\n`;
  expect(await check()).toEqual({ exitCode: 0, stdout, stderr: '' });
  await store.close();
});

it.each([
  [`DELETE FROM log_entry WHERE id = 1`, '1 sessions have another number of entries or'],
  [`DELETE FROM session`, '2 sessions have another number of entries or'],
  [`DELETE FROM log_entry WHERE user_id = 'a'`, '1 sessions have another number of entries or'],
  [
    `UPDATE session SET started_at = -1 WHERE user_id = 'a'`,
    '1 sessions have another number of entries or another start',
  ],
  [`UPDATE log_entry SET properties = '{' WHERE id < 4`, '3 entries have properties that are not JSON'],
  [`UPDATE log_entry SET time = 'x' WHERE id = 1`, '1 entries have properties that are not JSON, or a time'],
  [`UPDATE sqlite_sequence SET seq = 3 WHERE name = 'log_entry'`, '1 entries have an id that will be used'],
])('finds what %s leaves', async (sql, problem) => {
  await file.execute(sql);
  await file.close();
  const { exitCode, stderr } = await check();
  expect(exitCode).toBe(1);
  expect(stderr).toContain(`error: ${file.path} is damaged:\n  ${problem}`);
});

it('finds damaged pages, and an index that does not fit its table', async () => {
  await file.execute(`PRAGMA writable_schema = ON;
    UPDATE sqlite_schema SET sql = replace(sql, '"session_id", "time"', '"time", "session_id"')
      WHERE name = 'log_entry_session_time'`);
  await file.close();
  expect((await check()).stderr).toMatch(/is damaged:\n {2}row 1 missing from index/);
  writeFileSync(file.path, readFileSync(file.path).fill(0xa5, 4_096));
  const { exitCode, stderr } = await check();
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/SQLITE_CORRUPT|is damaged/);
});

it('refuses what is no database of Log Manager, and creates nothing', async () => {
  const missing = `${file.path}.missing`;
  expect((await check(`sqlite:${missing}`)).stderr).toMatch(/^error: DATABASE_URL: there is no database /);
  expect(existsSync(missing)).toBe(false);
  expect((await check('sqlite::memory:')).exitCode).toBe(1);
  expect((await check('postgres://localhost/x')).exitCode).toBe(1);
});
