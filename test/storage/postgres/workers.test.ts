import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createDataSource } from '../../../src/storage/postgres/data-source';
import { createPool, type Pool } from '../../../src/storage/postgres/pool';
import { createDatabase, type TestDatabase } from '../../support/database/database';

let database: TestDatabase;
let pool: Pool;

beforeAll(async () => {
  database = await createDatabase();
  pool = createPool(await createDataSource({ url: database.url, poolSize: 1 }).initialize());
});
afterAll(async () => {
  await pool.close();
  await database.remove();
});

const workers = async (mayUseWorkers?: boolean): Promise<string> => {
  const sql = `SELECT current_setting('max_parallel_workers_per_gather') AS workers`;
  const query = mayUseWorkers === undefined ? { sql } : { sql, mayUseWorkers };
  const [row] = await pool.read<{ workers: string }>(query);
  return row!.workers;
};

it('a read has the workers of the server, or none', async () => {
  const usual = await workers();
  expect(Number(usual)).toBeGreaterThan(0);
  expect(await workers(true)).toBe(usual);
  expect(await workers(false)).toBe('0');
  expect(await workers(false)).toBe('0');
  expect(await workers(true)).toBe(usual);
});
