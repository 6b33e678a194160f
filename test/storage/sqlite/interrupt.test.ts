import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { open, openSync } from 'node:fs';
import { join } from 'node:path';
import { Database, Statement } from 'sqlite3';
import { QueryTimeoutError, RequestGoneError } from '../../../src/logs/model/errors';
import { createConnection, oneOff, type Connection } from '../../../src/storage/sqlite/connection';
import { createReader } from '../../../src/storage/sqlite/data-source';
import { createSqliteFile, type SqliteFile } from '../../support/database/sqlite-file';
import { openTestStore } from '../../support/database/store';

const interrupt = jest.spyOn(Database.prototype, 'interrupt');
let file: SqliteFile;
let connection: Connection;

beforeEach(async () => {
  interrupt.mockClear();
  file = createSqliteFile();
  await file.execute('CREATE TABLE t (x)');
  connection = createConnection(await createReader(file.path, 1_000).initialize(), { timeoutMs: 20 });
});
afterEach(async () => {
  await connection.close();
  await file.remove();
});

/** Takes seconds for 20 million numbers. */
const count = (numbers: number) =>
  oneOff(
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT ${numbers}) SELECT count(*) AS i FROM n`,
  );

/** Gives every thread of libuv's pool a task that ends when the returned function is called. */
function occupyThreads(): () => void {
  const fifo = join(file.directory, 'fifo');
  execFileSync('mkfifo', [fifo]);
  for (let at = 0; at < 16; at++) open(fifo, 'r', () => {});
  return () => void openSync(fifo, 'w');
}

it('a statement whose time has passed before a thread executes it is interrupted then', async () => {
  const release = occupyThreads();
  const read = connection.all(count(20_000_000));
  const sent = new Promise<void>((resolve) => {
    interrupt.mockImplementationOnce(function (this: Database) {
      resolve();
      return Database.prototype.interrupt.call(this);
    });
  });
  await sent;
  release();
  await expect(read).rejects.toBeInstanceOf(QueryTimeoutError);
});

it('a read ends when its client has gone, and the interrupt reaches no later statement', async () => {
  const patient = createConnection(await createReader(file.path, 1_000).initialize(), { timeoutMs: 60_000 });
  let isGone = false;
  const check = (): void => {
    if (isGone) throw new RequestGoneError();
  };
  const read = patient.all(count(20_000_000), { check });
  isGone = true;
  await expect(read).rejects.toBeInstanceOf(RequestGoneError);
  const sent = interrupt.mock.calls.length;
  expect(sent).toBeGreaterThan(0);
  expect(await patient.all(count(1_000_000))).toEqual([{ i: 1_000_000 }]);
  expect(interrupt).toHaveBeenCalledTimes(sent);
  await patient.close();
});

it('a read of a store ends when its client has gone', async () => {
  const other = createSqliteFile();
  const store = await openTestStore(other.url);
  await other.execute(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 400000)
    INSERT INTO log_entry (time, type, user_id, session_id, properties, received_at)
    SELECT i, 'T', 'u', 's', '{"x":1,"y":2}', i FROM n`);
  const execute = jest.spyOn(Statement.prototype, 'all');
  const check = (): void => {
    if (execute.mock.calls.length > 0) throw new RequestGoneError();
  };
  const query = { filter: { userIds: ['u'] }, x: 'x', y: 'y', cell: 1, limit: 10 };
  const read = store.countByCell(query, { mustBeLatest: false, check });
  await expect(read).rejects.toBeInstanceOf(RequestGoneError);
  expect(interrupt).toHaveBeenCalled();
  await store.close();
  await other.remove();
});
