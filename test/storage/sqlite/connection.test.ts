import { expect, it, jest } from '@jest/globals';
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

it('reads have the time limit of QUERY_TIMEOUT_MS in a file, and none in memory', async () => {
  const file = createSqliteFile();
  const setTimeout = jest.spyOn(globalThis, 'setTimeout');
  try {
    for (const [url, isLimited] of [
      [file.url, true],
      ['sqlite::memory:', false],
    ] as const) {
      const store = await openTestStore(url, { QUERY_TIMEOUT_MS: '12345' });
      setTimeout.mockClear();
      await store.countEntries({}, 1, { mustBeLatest: true });
      await store.close();
      expect([url, setTimeout.mock.calls.some(([, ms]) => ms === 12_345)]).toEqual([url, isLimited]);
    }
  } finally {
    setTimeout.mockRestore();
    await file.remove();
  }
});
