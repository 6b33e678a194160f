import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { QueryTimeoutError, RequestGoneError } from '../../../src/logs/model/errors';
import { createDataSource } from '../../../src/storage/postgres/data-source';
import { createPool, type Pool } from '../../../src/storage/postgres/pool';
import { createDatabase, type TestDatabase } from '../../support/database/database';

let database: TestDatabase;
let pool: Pool;

beforeAll(async () => {
  database = await createDatabase();
  const dataSource = createDataSource({ url: database.url, poolSize: 2, statementMs: 60_000 });
  pool = createPool(await dataSource.initialize());
});
afterAll(async () => {
  await pool.close();
  await database.remove();
});

const sleep = 'SELECT pg_sleep(50)';
const countSleeping = async (): Promise<unknown> => {
  const sql = `SELECT count(*)::int AS count FROM pg_stat_activity WHERE state = 'active' AND query = '${sleep}'`;
  return (await pool.read<{ count: number }>({ sql }))[0]!.count;
};

it('a read that takes longer than it may is cancelled', async () => {
  await expect(pool.read({ sql: sleep, maxMs: 100 })).rejects.toThrow(QueryTimeoutError);
  expect(await countSleeping()).toBe(0);
});

it('a read whose request has ended is cancelled', async () => {
  let isGone = false;
  const check = (): void => {
    if (isGone) throw new RequestGoneError();
  };
  const read = pool.read({ sql: sleep, context: { mustBeLatest: true, check } });
  read.catch(() => {});
  while ((await countSleeping()) === 0);
  isGone = true;
  await expect(read).rejects.toThrow(RequestGoneError);
  expect(await countSleeping()).toBe(0);
});

it('a cancel reaches no later statement', async () => {
  const outcomes = { done: 0, cancelled: 0 };
  // Each ends at about the time of its cancel.
  for (let at = 0; at < 60; at++) {
    const seconds = 0.05 + (at % 12) / 1_000;
    await pool.read({ sql: `SELECT pg_sleep(${seconds})`, maxMs: 1 }).then(
      () => outcomes.done++,
      () => outcomes.cancelled++,
    );
    const next = [pool.read({ sql: 'SELECT 1 AS one' }), pool.read({ sql: 'SELECT 1 AS one' })];
    expect(await Promise.all(next)).toEqual([[{ one: 1 }], [{ one: 1 }]]);
  }
  expect(Math.min(outcomes.done, outcomes.cancelled)).toBeGreaterThan(0);
});
