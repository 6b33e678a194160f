import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createDataSource } from '../../../src/storage/postgres/data-source';
import { createPool, type Pool } from '../../../src/storage/postgres/pool';
import { createDatabase, type TestDatabase } from '../../support/database/database';

const poolSize = 2;

let database: TestDatabase;
let pool: Pool;

beforeAll(async () => {
  database = await createDatabase();
  pool = createPool(await createDataSource({ url: database.url, poolSize }).initialize());
});
afterAll(async () => {
  await pool.close();
  await database.remove();
});

it('a client with many reads keeps no other one waiting', async () => {
  const done: string[] = [];
  const read = async (name: string): Promise<void> => {
    const context = { mustBeLatest: true, client: () => name };
    await pool.read({ sql: 'SELECT pg_sleep(0.01)', context });
    done.push(name);
  };
  const many = Array.from({ length: 100 }, () => read('many'));
  await new Promise(setImmediate);
  await Promise.all([read('one'), read('another')]);
  // Those in progress, and one of the same turn.
  expect(done.filter((name) => name === 'many').length).toBeLessThanOrEqual(2 * poolSize);
  await Promise.all(many);
});
