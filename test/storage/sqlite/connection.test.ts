import { expect, it } from '@jest/globals';
import { createConnection } from '../../../src/storage/sqlite/connection';
import { createWriter } from '../../../src/storage/sqlite/data-source';

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
