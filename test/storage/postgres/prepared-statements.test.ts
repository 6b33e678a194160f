import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createDataSource } from '../../../src/storage/postgres/data-source';
import { postgres } from '../../../src/storage/postgres/dialect';
import { createPool, maxPrepared, type Pool, type Query } from '../../../src/storage/postgres/pool';
import { createQueries } from '../../../src/storage/queries';
import { createDatabase, type TestDatabase } from '../../support/database/database';

let database: TestDatabase;
let pools: Pool[];
beforeEach(async () => {
  database = await createDatabase();
  pools = [];
});
afterEach(async () => {
  await Promise.all(pools.map((pool) => pool.close()));
  await database.remove();
});

/** A pool of one connection. */
async function open(isReadOnly = true): Promise<Pool> {
  const pool = createPool(
    await createDataSource({ url: database.url, poolSize: 1, isReadOnly }).initialize(),
  );
  pools.push(pool);
  return pool;
}

interface Prepared {
  readonly name: string;
  readonly statement: string;
  readonly generic: number;
}

const prepared: Query = {
  sql: `SELECT name, statement, generic_plans::int AS generic FROM pg_prepared_statements`,
};

describe('prepared statements', () => {
  it('are named by their SQL, so that a name has one meaning in all processes', async () => {
    const namesOf = async (statements: string[]): Promise<Map<string, string>> => {
      const pool = await open();
      for (const sql of statements) await pool.read({ sql });
      const rows = await pool.read<Prepared>(prepared);
      return new Map(rows.map(({ statement, name }) => [statement, name]));
    };
    const first = await namesOf(['SELECT 1', 'SELECT 2']);
    const second = await namesOf(['SELECT 2', 'SELECT 1']);
    expect(first.get('SELECT 1')).toMatch(/^log_manager_[0-9a-f]{40}$/);
    expect(first.get('SELECT 1')).not.toBe(first.get('SELECT 2'));
    for (const sql of ['SELECT 1', 'SELECT 2']) expect(first.get(sql)).toBe(second.get(sql));
  });

  it.each([true, false])(
    'are bounded: the least recently used is closed (read-only: %s)',
    async (isReadOnly) => {
      const pool = await open(isReadOnly);
      for (let at = 0; at < maxPrepared + 20; at++) {
        expect(await pool.read({ sql: `SELECT ${at} AS n` })).toEqual([{ n: at }]);
        await pool.read({ sql: `SELECT 'often' AS n` });
      }
      const rows = await pool.read<Prepared>(prepared);
      expect(rows).toHaveLength(maxPrepared);
      const statements = rows.map(({ statement }) => statement);
      expect(statements).toContain(`SELECT 'often' AS n`);
      expect(statements).not.toContain('SELECT 0 AS n');
      // Prepared again.
      expect(await pool.read({ sql: 'SELECT 0 AS n' })).toEqual([{ n: 0 }]);
    },
  );

  it('of reads are planned with their values, however often they are executed', async () => {
    const pool = await open();
    const queries = createQueries(postgres, 1_000);
    const page = {
      columns: [{ key: 'type', field: 'type' }],
      limit: 10,
      order: 'TIME_ASC',
      first: 10,
      after: undefined,
    } as const;
    for (let at = 0; at < 8; at++) {
      const [userIds, types, sessionIds] = [[`u${at}`], ['t'], [`s${at}`]];
      const times = { startTime: BigInt(at), endTime: 9n };
      for (const filter of [{ userIds }, { userIds, types }, { types }, { sessionIds }, times]) {
        await pool.read(queries.entries({ ...page, filter }));
        await pool.read(queries.page({ ...page, filter }));
        await pool.read(queries.entryTimes({ ...page, filter }));
      }
    }
    const rows = await pool.read<Prepared>(prepared);
    expect(rows.length).toBeGreaterThanOrEqual(15);
    // Without parameters there is only one plan.
    expect(rows.filter(({ statement, generic }) => generic > 0 && statement.includes('$1'))).toEqual([]);
  });
});
