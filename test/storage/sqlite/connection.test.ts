import { expect, it, jest } from '@jest/globals';
import { Database } from 'sqlite3';
import { createConnection } from '../../../src/storage/sqlite/connection';
import { createWriter } from '../../../src/storage/sqlite/data-source';
import { createSqliteFile } from '../../support/database/sqlite-file';
import { openTestStore } from '../../support/database/store';

it('statements that leave the cache are finalized after their executions, and before the connection closes', async () => {
  const dataSource = await createWriter(':memory:').initialize();
  const connection = createConnection(dataSource);
  const numbers = Array.from({ length: 50 }, (_, number) => number);
  const read = (number: number) =>
    connection.all<{ number: number }>({ sql: `SELECT ${number} AS number`, parameters: [] });
  for (let round = 0; round < 2; round++) {
    const rows = await Promise.all(numbers.map(read));
    expect(rows).toEqual(numbers.map((number) => [{ number }]));
  }
  const failed = connection.all({ sql: 'SELECT no_column', parameters: [] });
  await expect(failed).rejects.toThrow('no_column');
  expect(await read(1)).toEqual([{ number: 1 }]);
  // SQLite refuses to close a connection that has statements.
  await expect(connection.close()).resolves.toBeUndefined();
});

it('a statement may have a lower limit of its values than the others', async () => {
  const connection = createConnection(await createWriter(':memory:').initialize(), { maxBytes: 1_000 });
  const read = (bytes: number, maxBytes?: number) =>
    connection.all({
      sql: 'SELECT length(zeroblob(CAST(? AS int))) AS bytes',
      parameters: [String(bytes)],
      ...(maxBytes !== undefined && { maxBytes }),
    });
  await expect(read(101, 100)).rejects.toThrow('more than 100 bytes');
  expect(await read(1_000)).toEqual([{ bytes: 1_000 }]);
  expect(await read(100, 100)).toEqual([{ bytes: 100 }]);
  await expect(read(1_001, 2_000)).rejects.toThrow('more than 1000 bytes');
  await connection.close();
});

it('reads have the time limit of QUERY_TIMEOUT_MS in a file, and none in memory', async () => {
  const file = createSqliteFile();
  const setInterval = jest.spyOn(globalThis, 'setInterval');
  const interrupt = jest.spyOn(Database.prototype, 'interrupt');
  const startedAt = performance.now();
  try {
    for (const [url, limits] of [
      [file.url, 1],
      ['sqlite::memory:', 0],
    ] as const) {
      const store = await openTestStore(url, { QUERY_TIMEOUT_MS: '600000' });
      setInterval.mockClear();
      await store.countEntries({}, 1, { mustBeLatest: true });
      expect([url, setInterval.mock.calls.length]).toEqual([url, limits]);
      for (const [look] of setInterval.mock.calls) {
        const now = jest.spyOn(performance, 'now').mockReturnValue(startedAt + 600_000);
        look();
        expect(interrupt).toHaveBeenCalledTimes(0);
        now.mockReturnValue(startedAt + 660_000);
        look();
        expect(interrupt).toHaveBeenCalledTimes(1);
        now.mockRestore();
      }
      await store.close();
    }
  } finally {
    jest.restoreAllMocks();
    await file.remove();
  }
});
