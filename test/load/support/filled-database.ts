import { constants, copyFileSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import sqlite3 from 'sqlite3';
import { dialect } from '../../support/database/database';
import { openTestStore } from '../../support/database/store';
import { report } from '../../support/processes/programs';
import { fillingKey, fillingStatements } from './filling';

export interface FilledDatabase {
  /** The DATABASE_URL of servers. */
  readonly url: string;
  /** The file of SQLite. */
  readonly path: string | undefined;
  remove(): Promise<void>;
}

/**
 * A copy of a database with so many entries: see {@link fillingStatements}. The original is filled once by SQL, with its
 * indexes created afterwards, and is kept for later runs: in the directory for temporary files, or in the PostgreSQL
 * that support/postgres-setup.mjs keeps there.
 */
export function openFilledDatabase(count: number): Promise<FilledDatabase> {
  return dialect === 'sqlite' ? openSqlite(count) : openPostgres(count);
}

async function openSqlite(count: number): Promise<FilledDatabase> {
  const directory = join(tmpdir(), 'log-manager-load');
  mkdirSync(directory, { recursive: true });
  const original = join(directory, `${fillingKey('sqlite', count)}.sqlite`);
  if (!existsSync(original)) {
    const path = `${original}.part`;
    for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
    await (await openTestStore(`sqlite:${path}`)).close();
    await timed(`filling ${original}`, () => fillSqlite(path, count));
    renameSync(path, original);
  }
  const own = mkdtempSync(join(directory, 'run-'));
  const path = join(own, 'test.sqlite');
  copyFileSync(original, path, constants.COPYFILE_FICLONE);
  const remove = async (): Promise<void> => rmSync(own, { recursive: true });
  return { url: `sqlite:${path}`, path, remove };
}

async function fillSqlite(path: string, count: number): Promise<void> {
  const database = new sqlite3.Database(path);
  const all = <Row>(sql: string): Promise<Row[]> =>
    new Promise((resolve, reject) => {
      database.all<Row>(sql, (error, rows) => (error ? reject(error) : resolve(rows)));
    });
  for (const pragma of ['journal_mode = OFF', 'synchronous = OFF', 'cache_size = -1000000']) {
    await all(`PRAGMA ${pragma}`);
  }
  const indexes = await all<{ name: string; sql: string }>(
    `SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL
      AND tbl_name IN ('log_entry', 'session') ORDER BY name LIKE '%session_time' DESC`,
  );
  const [entries, sessions] = fillingStatements('sqlite', count);
  for (const { name } of indexes) await all(`DROP INDEX ${name}`);
  await all(entries!);
  // The index by session serves the summaries.
  for (const [at, { sql }] of indexes.entries()) {
    await all(sql);
    if (at === 0) await all(sessions!);
  }
  await all('PRAGMA journal_mode = WAL');
  await new Promise((resolve) => database.close(resolve));
}

async function openPostgres(count: number): Promise<FilledDatabase> {
  const server = process.env['TEST_POSTGRES_URL']!;
  const original = `filled_${fillingKey('postgres', count)}`;
  const own = `run_${process.pid}_${Date.now()}`;
  const urlOf = (name: string): string => Object.assign(new URL(server), { pathname: name }).href;
  await execute(server, async (all) => {
    // Of runs that were ended.
    const old = await all<{ name: string }>(
      `SELECT datname AS name FROM pg_database WHERE datname ~ '^run_' OR datname ~ '_part$'`,
    );
    for (const { name } of old) await all(`DROP DATABASE ${name} WITH (FORCE)`);
    const found = await all(`SELECT FROM pg_database WHERE datname = '${original}'`);
    if (found.length === 0) {
      const part = `${original}_part`;
      await all(`CREATE DATABASE ${part}`);
      await (await openTestStore(urlOf(part))).close();
      await timed(`filling ${original}`, () => execute(urlOf(part), (own) => fillPostgres(own, count)));
      await all(`ALTER DATABASE ${part} RENAME TO ${original}`);
    }
    await all(`CREATE DATABASE ${own} TEMPLATE ${original} STRATEGY FILE_COPY`);
  });
  const remove = () =>
    execute(server, async (all) => {
      await all(`DROP DATABASE ${own} WITH (FORCE)`);
    });
  return { url: urlOf(own), path: undefined, remove };
}

type All = <Row>(sql: string) => Promise<Row[]>;

async function fillPostgres(all: All, count: number): Promise<void> {
  const indexes = await all<{ name: string; sql: string }>(`
    SELECT indexname AS name, replace(indexdef, ' ON ONLY ', ' ON ') AS sql FROM pg_indexes
    WHERE tablename IN ('log_entry', 'session') AND indexname NOT LIKE '%pkey'`);
  await all(`SET maintenance_work_mem = '512MB'`);
  for (const { name } of indexes) await all(`DROP INDEX ${name}`);
  for (const sql of fillingStatements('postgres', count)) await all(sql);
  for (const { sql } of indexes) await all(sql);
  await all(`SELECT setval('log_entry_id', (${count} / 5000 + 1) * 5000 + 1)`);
  await all('VACUUM (ANALYZE)');
}

async function execute(connectionString: string, work: (all: All) => Promise<void>): Promise<void> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    await work(async (sql) => (await client.query(sql)).rows);
  } finally {
    await client.end();
  }
}

async function timed(what: string, work: () => Promise<void>): Promise<void> {
  const startedAt = performance.now();
  await work();
  report(`${what}: ${((performance.now() - startedAt) / 1_000).toFixed(0)} s`);
}
