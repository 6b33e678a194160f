import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import sqlite3 from 'sqlite3';

/** The database that the suites of test/server run on: jest.config.mjs runs them once with each. */
export const dialect = (globalThis as { testDialect?: 'postgres' }).testDialect ?? 'sqlite';

export interface TestDatabase {
  /** The DATABASE_URL of servers that keep their entries here. */
  readonly url: string;
  /** Executes SQL on a connection of its own, as another program would. */
  execute(sql: string): Promise<void>;
  /** Keeps everybody from writing until the function it returns is called. */
  lock(): Promise<() => Promise<void>>;
  /** Closes that connection and removes the database. */
  remove(): Promise<void>;
}

/** An empty database that several servers can use, and that a test can reach into. */
export function createDatabase(kind: 'sqlite' | 'postgres' = dialect): Promise<TestDatabase> {
  return kind === 'sqlite' ? createSqliteDatabase() : createPostgresDatabase();
}

async function createSqliteDatabase(): Promise<TestDatabase> {
  const directory = mkdtempSync(join(tmpdir(), 'log-manager-'));
  const path = join(directory, 'test.sqlite');
  let opened: Promise<sqlite3.Database> | undefined;
  const open = (): Promise<sqlite3.Database> =>
    new Promise((resolve, reject) => {
      const database = new sqlite3.Database(path, (error) => {
        if (error) reject(error);
        else resolve(database);
      });
    });
  const execute = async (sql: string): Promise<void> => {
    opened ??= open();
    const database = await opened;
    await new Promise<void>((resolve, reject) => {
      database.exec(sql, (error) => (error ? reject(error) : resolve()));
    });
  };
  return {
    url: `sqlite:${path}`,
    execute,
    lock: async () => {
      await execute('BEGIN IMMEDIATE');
      return () => execute('ROLLBACK');
    },
    remove: async () => {
      const database = await opened;
      if (database) await new Promise((resolve) => database.close(resolve));
      rmSync(directory, { recursive: true });
    },
  };
}

/** On the server that test/support/postgres-setup.mjs has started. */
async function createPostgresDatabase(): Promise<TestDatabase> {
  const server = process.env['TEST_POSTGRES_URL']!;
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await executeOnce(server, `CREATE DATABASE ${name}`);
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
    remove: async () => {
      await (await opened)?.end();
      await executeOnce(server, `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
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
