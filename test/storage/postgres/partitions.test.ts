import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { encodeSession } from '../../../src/logs/recording/encode-session';
import type { DataSource } from 'typeorm';
import type { LogFilter } from '../../../src/logs/filtering/log-filter';
import type { LogEntryRepository } from '../../../src/logs/log-entry-repository';
import { createDataSource } from '../../../src/storage/postgres/data-source';
import { postgres } from '../../../src/storage/postgres/dialect';
import { createQueries } from '../../../src/storage/queries';
import { createPool } from '../../../src/storage/postgres/pool';
import { keepPartitions } from '../../../src/storage/postgres/partitions';
import { timeouts } from '../../../src/storage/postgres/timeouts';
import { createDatabase, type TestDatabase } from '../../support/database/database';
import { openTestStore } from '../../support/database/store';

const columns = [{ key: 'id', field: 'id' }] as const;
const everything = { filter: {}, columns, limit: 10_000 };
const context = { mustBeLatest: false };
const { entries: selectEntries } = createQueries(postgres, 1_000_000);

let database: TestDatabase;
let store: LogEntryRepository;
let dataSource: DataSource;

beforeEach(async () => {
  database = await createDatabase();
  store = await openTestStore(database.url);
  dataSource = await createDataSource({ url: database.url, poolSize: 4 }).initialize();
});
afterEach(async () => {
  await dataSource.destroy();
  await store.close();
  await database.remove();
});

const rows = (sql: string, parameters: unknown[] = []) =>
  dataSource.query<Record<string, unknown>[]>(sql, parameters);

async function listPartitions(): Promise<string[]> {
  const found = await rows(
    `SELECT inhrelid::regclass::text AS name FROM pg_inherits
     WHERE inhparent = 'log_entry'::regclass ORDER BY 1`,
  );
  return found.map(({ name }) => String(name));
}

const toMicros = (date: string) => BigInt(Date.parse(date)) * 1_000n;

async function insert(...dates: string[]): Promise<void> {
  const actions = dates.map((time) => ({ time, type: 'T', properties: {} }));
  await store.insertSessions([encodeSession({ userId: 'u', sessionId: 's', actions })], 0n);
}

async function partitionOf(date: string): Promise<unknown> {
  const found = await rows('SELECT tableoid::regclass::text AS name FROM log_entry WHERE time = $1', [date]);
  return found.map(({ name }) => name);
}

const monthOf = (offset: number): string => {
  const now = new Date();
  const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + offset));
  return month.toISOString().slice(0, 7);
};
const tableOf = (month: string): string => `log_entry_${month.replace('-', '_')}`;

/** The nodes of a plan, from the top down. */
function nodesOf(plan: Plan): Plan[] {
  return [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];
}
interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Subplans Removed'?: number;
  readonly Plans?: readonly Plan[];
}

async function explain(filter: LogFilter): Promise<Plan[]> {
  const { sql, values } = selectEntries({ ...everything, filter });
  const [row] = await rows(`EXPLAIN (FORMAT JSON) ${sql}`, [...values]);
  const [{ Plan: plan }] = row!['QUERY PLAN'] as [{ Plan: Plan }];
  return nodesOf(plan);
}

describe('the partitions', () => {
  it('of a new database are a year of months, three months ahead, and one each for all before and after', async () => {
    const months = Array.from({ length: 16 }, (_, at) => tableOf(monthOf(at - 12)));
    expect(await listPartitions()).toEqual([...months, 'log_entry_default', 'log_entry_past'].sort());
  });

  it('take each entry by its time', async () => {
    const [present, ahead] = [`${monthOf(0)}-01T00:00:00Z`, `${monthOf(3)}-28T23:59:59.999Z`];
    await insert('1970-01-01T00:00:00Z', present, ahead, '9999-12-31T23:59:59.999Z');
    expect(await partitionOf('1970-01-01T00:00:00Z')).toEqual(['log_entry_past']);
    expect(await partitionOf(present)).toEqual([tableOf(monthOf(0))]);
    expect(await partitionOf(ahead)).toEqual([tableOf(monthOf(3))]);
    expect(await partitionOf('9999-12-31T23:59:59.999Z')).toEqual(['log_entry_default']);
  });

  it('of the next months are made ahead of time, once, by ten at once, and take over entries that came too early', async () => {
    const early = `${monthOf(5)}-15T12:00:00Z`;
    await insert(early, `${monthOf(6)}-01T00:00:00Z`);
    expect(await partitionOf(early)).toEqual(['log_entry_default']);
    const [year, month] = monthOf(2).split('-').map(Number);
    const later = new Date(Date.UTC(year!, month! - 1, 15));
    const before = await store.findEntries(everything, context);
    await Promise.all(Array.from({ length: 10 }, () => keepPartitions(dataSource, later)));
    expect(await listPartitions()).toHaveLength(20);
    expect(await partitionOf(early)).toEqual([tableOf(monthOf(5))]);
    expect(await partitionOf(`${monthOf(6)}-01T00:00:00Z`)).toEqual(['log_entry_default']);
    expect(await store.findEntries(everything, context)).toEqual(before);
  });

  it('that an outage has left out are made up for', async () => {
    const [year, month] = monthOf(14).split('-').map(Number);
    await keepPartitions(dataSource, new Date(Date.UTC(year!, month! - 1, 1)));
    expect(await listPartitions()).toHaveLength(16 + 14 + 2);
  });

  it('stay as they are when the clock is set back', async () => {
    const before = await listPartitions();
    await keepPartitions(dataSource, new Date(0));
    expect(await listPartitions()).toEqual(before);
  });

  it('wait for no long reader when they are made', async () => {
    const runner = dataSource.createQueryRunner();
    await runner.startTransaction();
    await runner.query(`SELECT * FROM ${tableOf(monthOf(0))}`);
    const [year, month] = monthOf(1).split('-').map(Number);
    await keepPartitions(dataSource, new Date(Date.UTC(year!, month! - 1)));
    expect(await listPartitions()).toContain(tableOf(monthOf(4)));
    await runner.rollbackTransaction();
    await runner.release();
  });

  it('that get a month while an entry of it waits get that entry, too', async () => {
    const table = tableOf(monthOf(3));
    await dataSource.query(`DROP TABLE ${table}`);
    const runner = dataSource.createQueryRunner();
    await runner.startTransaction();
    await runner.query('LOCK TABLE log_entry_default IN ACCESS EXCLUSIVE MODE');
    const time = `${monthOf(3)}-15T00:00:00Z`;
    const inserted = insert(time);
    await rows(`DO $$ BEGIN
      LOOP
        PERFORM pg_stat_clear_snapshot();
        PERFORM FROM pg_stat_activity
          WHERE datname = current_database() AND wait_event_type = 'Lock';
        EXIT WHEN FOUND;
        PERFORM pg_sleep(0.01);
      END LOOP; END $$`);
    await runner.query(`CREATE TABLE ${table} (LIKE log_entry INCLUDING ALL)`);
    await runner.query(`ALTER TABLE log_entry ATTACH PARTITION ${table}
      FOR VALUES FROM ('${monthOf(3)}-01T00:00:00Z') TO ('${monthOf(4)}-01T00:00:00Z')`);
    await runner.commitTransaction();
    await runner.release();
    await inserted;
    expect(await partitionOf(time)).toEqual([table]);
  });

  it('can be dropped month by month', async () => {
    const old = `${monthOf(-12)}-10T00:00:00Z`;
    await insert(old, `${monthOf(-11)}-10T00:00:00Z`);
    await dataSource.query(`DROP TABLE ${tableOf(monthOf(-12))}`);
    await keepPartitions(dataSource, new Date());
    expect(await listPartitions()).not.toContain(tableOf(monthOf(-12)));
    expect(await partitionOf(old)).toEqual([]);
    const late = `${monthOf(-12)}-11T00:00:00Z`;
    await insert(late);
    expect(await partitionOf(late)).toEqual(['log_entry_default']);
    await dataSource.query('DELETE FROM log_entry_default');
    const list = await store.findEntries(everything, context);
    expect('objects' in list && String(list.objects).match(/"id"/g)).toHaveLength(1);
  });
});

describe('dropping months', () => {
  beforeEach(() => {
    jest.replaceProperty(timeouts, 'dropRetryMs', 1 as never);
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  const endTime = toMicros(`${monthOf(-2)}-15T00:00:00Z`);
  const monthsLeft = async () => (await listPartitions()).filter((name) => /_\d\d$/.test(name));
  const expectedLeft = Array.from({ length: 6 }, (_, at) => tableOf(monthOf(at - 2))).sort();
  const untilWaiting = (event: string, count: number) =>
    rows(`DO $$ BEGIN
      LOOP
        PERFORM pg_stat_clear_snapshot();
        EXIT WHEN (SELECT count(*) FROM pg_stat_activity
          WHERE datname = current_database() AND wait_event = '${event}') = ${count};
        PERFORM pg_sleep(0.01);
      END LOOP; END $$`);

  it('cancels reads that would prevent it, which are then executed again', async () => {
    await rows('CREATE TABLE slowness AS SELECT 60 AS seconds');
    const readers = createDataSource({ url: database.url, poolSize: 2, isReadOnly: true });
    const reads = createPool(await readers.initialize());
    try {
      const sql =
        'SELECT pg_sleep(seconds), seconds FROM slowness, (SELECT count(*) FROM log_entry) AS entries';
      const reading = [reads.read({ sql }), reads.read({ sql })];
      await untilWaiting('PgSleep', 2);
      await rows('UPDATE slowness SET seconds = 0');
      await store.dropExpired(endTime);
      expect(await monthsLeft()).toEqual(expectedLeft);
      expect(await Promise.all(reading)).toMatchObject([[{ seconds: 0 }], [{ seconds: 0 }]]);
    } finally {
      await reads.close();
    }
  });

  it('leaves other programs and a locked month alone', async () => {
    const runner = dataSource.createQueryRunner();
    await runner.query(`SET application_name = 'psql'`);
    await runner.startTransaction();
    await runner.query(`SELECT FROM ${tableOf(monthOf(-5))}`);
    await store.dropExpired(endTime);
    expect(await monthsLeft()).toEqual([tableOf(monthOf(-5)), ...expectedLeft].sort());
    await runner.query('SELECT FROM log_entry');
    await store.dropExpired(endTime);
    await runner.commitTransaction();
    await runner.release();
    await store.dropExpired(endTime);
    expect(await monthsLeft()).toEqual(expectedLeft);
  });
});

it('a store has at most DATABASE_POOL_SIZE + 5 connections, under any load', async () => {
  const before = await rows('SELECT pid FROM pg_stat_activity WHERE datname = current_database()');
  const known = before.map((row) => Number(row['pid']));
  const small = await openTestStore(database.url, { DATABASE_POOL_SIZE: '3' });
  try {
    const session = (at: number) => encodeSession({ userId: `u${at}`, sessionId: 's', actions: [] });
    let isDone = false;
    const load = Promise.all(
      Array.from({ length: 60 }, async (_, at) => {
        while (!isDone) {
          if (at % 4 === 0) await small.insertSessions([session(at)], 0n);
          else if (at % 4 === 1) await small.ping();
          else if (at % 4 === 2) await small.countEntries({}, 10, context);
          else await small.findEntries(everything, context);
        }
      }),
    );
    let most = 0;
    for (let at = 0; at < 20; at++) {
      const sql = `SELECT count(*)::int AS count FROM pg_stat_activity WHERE datname = current_database()
        AND pid <> ALL ($1)`;
      const [{ count }] = (await rows(sql, [known])) as [{ count: number }];
      most = Math.max(most, count);
    }
    isDone = true;
    await load;
    expect(most).toBe(8);
  } finally {
    await small.close();
  }
});

describe('a query', () => {
  const range = (start: string, end: string): LogFilter => ({
    startTime: toMicros(start),
    endTime: toMicros(end),
  });
  const tablesOf = (plan: readonly Plan[]): string[] => plan.flatMap((node) => node['Relation Name'] ?? []);

  it('with a time range touches only the months of that range', async () => {
    const [first, second, third] = [-3, -2, -1].map(monthOf) as [string, string, string];
    const within = range(`${first}-05T00:00:00Z`, `${first}-06T00:00:00Z`);
    expect(tablesOf(await explain(within))).toEqual([tableOf(first)]);
    const across = range(`${first}-25T00:00:00Z`, `${second}-02T00:00:00Z`);
    expect(tablesOf(await explain(across)).sort()).toEqual([tableOf(first), tableOf(second)]);
    const exclusive = range(`${second}-01T00:00:00Z`, `${third}-01T00:00:00Z`);
    expect(tablesOf(await explain({ ...exclusive, userIds: ['u'] }))).toEqual([tableOf(second)]);
    expect(tablesOf(await explain({})).length).toBe(18);
  });

  it('that is prepared touches only the months of the range it is executed with', async () => {
    const filter = range(`${monthOf(-3)}-05T00:00:00Z`, `${monthOf(-3)}-06T00:00:00Z`);
    const { sql, values } = selectEntries({ ...everything, filter });
    const runner = dataSource.createQueryRunner();
    await runner.query('SET plan_cache_mode = force_generic_plan');
    await runner.query(`PREPARE kept AS ${sql}`);
    const [row] = (await runner.query(
      `EXPLAIN (FORMAT JSON) EXECUTE kept (${values.map((value) => `'${String(value)}'`).join(', ')})`,
    )) as [Record<string, unknown>];
    await runner.release();
    const [{ Plan: plan }] = row['QUERY PLAN'] as [{ Plan: Plan }];
    const nodes = nodesOf(plan);
    expect(tablesOf(nodes)).toEqual([tableOf(monthOf(-3))]);
    expect(nodes.flatMap((node) => node['Subplans Removed'] ?? [])).toEqual([17]);
  });

  describe('on a month of 30,000 entries', () => {
    beforeEach(async () => {
      await dataSource.query(
        `INSERT INTO log_entry (id, time, type, properties, user_id, session_id, received_at)
         SELECT n, $1::timestamptz + n * interval '1 minute', 'type-' || n % 200, '{}',
           'user-' || n % 1000, 'session-' || n % 5000, now() FROM generate_series(1, 30000) AS n`,
        [`${monthOf(-3)}-01T00:00:00Z`],
      );
      await dataSource.query('ANALYZE log_entry');
    });

    it('by user, by type, by session or by time has an index to it', async () => {
      const month = range(`${monthOf(-3)}-01T00:00:00Z`, `${monthOf(-2)}-01T00:00:00Z`);
      const indexesOf = (plan: readonly Plan[]) => plan.flatMap((node) => node['Index Name'] ?? []);
      const table = tableOf(monthOf(-3));
      expect(indexesOf(await explain({ ...month, userIds: ['user-7'] }))).toEqual([
        `${table}_user_id_time_id_idx`,
      ]);
      expect(indexesOf(await explain({ ...month, types: ['type-7'] }))).toEqual([
        `${table}_type_time_id_idx`,
      ]);
      const hour = range(`${monthOf(-3)}-05T00:00:00Z`, `${monthOf(-3)}-05T01:00:00Z`);
      expect(indexesOf(await explain(hour))).toEqual([`${table}_pkey`]);
      expect(indexesOf(await explain({ ...month, sessionIds: ['session-7'] }))).toEqual([
        `${table}_session_id_time_id_idx`,
      ]);
      for (const query of [month, { ...month, userIds: ['user-7'] }, { ...month, types: ['type-7'] }]) {
        const types = (await explain(query)).map((node) => node['Node Type']);
        expect(types).not.toContain('Seq Scan');
      }
    });
  });
});
