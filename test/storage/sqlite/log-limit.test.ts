import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { statSync, truncateSync, writeFileSync } from 'node:fs';
import { codeOf } from '../../../src/storage/errors';
import { createLogLimit } from '../../../src/storage/sqlite/log-limit';
import type { LogEntryRepository } from '../../../src/logs/log-entry-repository';
import { createSqliteFile, type SqliteFile } from '../../support/database/sqlite-file';
import { openTestStore } from '../../support/database/store';
import { waitFor } from '../../support/wait-for';

const megabyte = 1_048_576;
let file: SqliteFile;
beforeEach(() => {
  file = createSqliteFile();
});
afterEach(() => file.remove());

const logBytes = (): number => statSync(`${file.path}-wal`).size;
const sessionMegabytes = 4;
const largeSession = {
  json: JSON.stringify(['v', 's', [[0, 'T', { text: 'x'.repeat(sessionMegabytes * megabyte) }]], 0, 0]),
  entryCount: 1,
};

describe('the log', () => {
  let store: LogEntryRepository;
  beforeEach(async () => {
    store = await openTestStore(file.url);
    await file.execute(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 30000)
      INSERT INTO log_entry (time, type, user_id, session_id, properties, received_at)
      SELECT i, 'T', 'u', 's', '{"x":1,"y":2}', i FROM n`);
    await file.close();
  });
  afterEach(() => store.close());

  /** Asks expensive reads, one after the other, until the returned function is called. */
  function readAllTheTime(client: string): () => Promise<string[]> {
    let isEnded = false;
    const query = { filter: { userIds: ['u'] }, x: 'x', y: 'y', cell: 1, limit: 10 };
    const codes = (async () => {
      const found: string[] = [];
      while (!isEnded) {
        const read = store.countByCell(query, { mustBeLatest: false, client: () => client });
        await read.catch((error: unknown) => found.push(codeOf(error)));
      }
      return found;
    })();
    return () => {
      isEnded = true;
      return codes;
    };
  }

  const record = () => store.insertSessions([largeSession], 0n);

  it('is truncated between expensive reads when it passes 16 MB', async () => {
    const ends = ['a', 'b'].map(readAllTheTime);
    let codes: string[][];
    try {
      // This read keeps SQLite from overwriting the log from its start.
      await file.execute('BEGIN; SELECT count(*) FROM log_entry');
      while (logBytes() <= 16 * megabyte) await record();
      await file.close();
      // SQLite itself never makes it shorter.
      await waitFor(() => logBytes() < megabyte);
    } finally {
      codes = await Promise.all(ends.map((end) => end()));
    }
    expect(codes).toEqual([[], []]);
    expect(store.logBytes!()).toBe(logBytes());
  });
});

it('a read during which the log grows by 112 MB is ended; one that starts with a long log is not', async () => {
  writeFileSync(`${file.path}-wal`, '');
  const limit = createLogLimit(file.path, async () => false);
  const check = limit.watchRead();
  truncateSync(`${file.path}-wal`, 112 * megabyte);
  check();
  truncateSync(`${file.path}-wal`, 112 * megabyte + 1);
  expect(check).toThrow(expect.objectContaining({ code: 'SERVICE_UNAVAILABLE' }));
  // Another process may keep the log from being truncated.
  expect(limit.watchRead()).not.toThrow();
  await limit.stop();
});
