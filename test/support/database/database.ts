import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { isAll } from '../scale';
import { createSqliteFile } from './sqlite-file';
import { openTestStore } from './store';

/** The database that the suites of test/server run on: jest.config.mjs runs them once with each. */
export const dialect = (globalThis as { testDialect?: 'postgres' }).testDialect ?? 'sqlite';

/** Cases that never reach a database: all run on SQLite, and one in `npm test` on PostgreSQL. */
export function withoutDatabase<Case>(cases: readonly Case[]): readonly Case[] {
  return dialect === 'sqlite' || isAll ? cases : cases.slice(0, 1);
}

export interface TestDatabase {
  /** The DATABASE_URL of servers that keep their entries here. */
  readonly url: string;
  /** Executes SQL on a connection of its own, as another program would. */
  execute(sql: string): Promise<void>;
  /** Keeps everybody from writing until the function it returns is called. */
  lock(): Promise<() => Promise<void>>;
  /** Makes writes fail as they do on a full disk, until the function it returns is called. */
  fill(): Promise<() => Promise<void>>;
  /** Closes that connection and removes the database. */
  remove(): Promise<void>;
}

/** A database without entries that several servers can use, and that a test can reach into. */
export function createDatabase(kind: 'sqlite' | 'postgres' = dialect): Promise<TestDatabase> {
  return kind === 'sqlite' ? createSqliteDatabase() : createPostgresDatabase(findTemplate);
}

/** A database without tables. */
export function createEmptyDatabase(): Promise<TestDatabase> {
  return dialect === 'sqlite' ? createSqliteDatabase() : createPostgresDatabase(async () => 'template1');
}

async function createSqliteDatabase(): Promise<TestDatabase> {
  const { url, execute, remove } = createSqliteFile();
  return {
    url,
    execute,
    lock: async () => {
      await execute('BEGIN IMMEDIATE');
      return () => execute('ROLLBACK');
    },
    fill: async () => {
      // https://www.sqlite.org/autoinc.html: behind the greatest id there is no other one, which is SQLITE_FULL.
      const empty = `DELETE FROM sqlite_sequence WHERE name = 'log_entry'`;
      await execute(`${empty}; INSERT INTO sqlite_sequence VALUES ('log_entry', ${2n ** 63n - 1n})`);
      return () => execute(empty);
    },
    remove,
  };
}

/** On the server that test/support/database/postgres-setup.mjs has started. */
async function createPostgresDatabase(chooseTemplate: () => Promise<string>): Promise<TestDatabase> {
  const server = process.env['TEST_POSTGRES_URL']!;
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const template = await chooseTemplate();
  await executeOnce(server, `CREATE DATABASE ${name} TEMPLATE ${template}`);
  const url = new URL(server);
  url.pathname = name;
  let opened: Promise<Client> | undefined;
  const open = async (): Promise<Client> => {
    const client = new Client({ connectionString: url.href });
    client.on('error', () => {});
    await client.connect();
    return client;
  };
  const execute = async (sql: string): Promise<void> => {
    opened ??= open();
    await (await opened).query(sql);
  };
  return {
    url: url.href,
    execute,
    lock: async () => {
      await execute('BEGIN; LOCK TABLE log_entry IN EXCLUSIVE MODE');
      return () => execute('ROLLBACK');
    },
    fill: async () => {
      await execute(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
          RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full';
        END $$;
        CREATE TRIGGER refuse BEFORE INSERT ON log_entry FOR EACH STATEMENT EXECUTE FUNCTION refuse()`);
      return () => execute('DROP FUNCTION refuse CASCADE');
    },
    remove: async () => {
      await (await opened)?.end();
      await executeOnce(server, `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

/** Settles when the feed has what is committed: on PostgreSQL, when no earlier transaction of the cluster is open. */
export async function untilReadable({ url, execute }: TestDatabase): Promise<void> {
  if (url.startsWith('sqlite:')) return;
  await execute(`DO $$ DECLARE wanted xid8 := pg_snapshot_xmax(pg_current_snapshot()); BEGIN
    WHILE pg_snapshot_xmin(pg_current_snapshot()) < wanted LOOP PERFORM pg_sleep(0.002); END LOOP; END $$`);
}

let template: Promise<string> | undefined;

/** A migrated database: copying it takes a tenth of the time of migrating an empty one. */
function findTemplate(): Promise<string> {
  return (template ??= createTemplate());
}

/** The first worker of a run creates it; the others wait for its lock. */
async function createTemplate(): Promise<string> {
  const name = 'migrated';
  const server = process.env['TEST_POSTGRES_URL']!;
  const client = new Client({ connectionString: server });
  await client.connect();
  try {
    await client.query(`SELECT pg_advisory_lock(1)`);
    const { rowCount } = await client.query(`SELECT FROM pg_database WHERE datname = '${name}'`);
    if (rowCount === 0) {
      await client.query(`DROP DATABASE IF EXISTS ${name}_partly`);
      await client.query(`CREATE DATABASE ${name}_partly`);
      const url = new URL(server);
      url.pathname = `${name}_partly`;
      await (await openTestStore(url.href)).close();
      await client.query(`ALTER DATABASE ${name}_partly RENAME TO ${name}`);
    }
    return name;
  } finally {
    await client.end();
  }
}

async function executeOnce(connectionString: string, sql: string): Promise<void> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
