import { statSync } from 'node:fs';
import sqlite3, { type Database } from 'sqlite3';
import { BackupError } from './backup-error';

/** Milliseconds to wait for another process's lock: one that starts or stops holds it for a moment. */
const busyTimeoutMs = 5_000;

/** Milliseconds between interrupts: an interrupt has no effect on a statement that has not started yet. */
const interruptMs = 100;

/** Executes a statement and returns its rows. */
type Execute = <Row>(sql: string, ...parameters: string[]) => Promise<Row[]>;

/**
 * Calls `work` with a read-only connection to a database of Log Manager.
 * @param signal interrupts the statement in progress
 * @throws {BackupError} if there is none at this path
 */
export async function withDatabase<Result>(
  path: string,
  signal: AbortSignal,
  work: (execute: Execute) => Promise<Result>,
): Promise<Result> {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) {
    throw new BackupError(
      `DATABASE_URL: there is no database ${path}. A relative path is relative to the working directory.`,
    );
  }
  const database = await openReadOnly(path);
  database.configure('busyTimeout', busyTimeoutMs);
  const timer = setInterval(() => {
    if (signal.aborted) database.interrupt();
  }, interruptMs);
  const execute: Execute = (sql, ...parameters) => {
    signal.throwIfAborted();
    return queryAll<never>(database, sql, ...parameters);
  };
  try {
    const tables = await execute(`SELECT 1 FROM sqlite_schema WHERE name = 'log_entry'`);
    if (tables.length === 0) {
      throw new BackupError(`DATABASE_URL: ${path} is not a database of Log Manager`);
    }
    return await work(execute);
  } finally {
    clearInterval(timer);
    await closeDatabase(database);
  }
}

/**
 * Opens an existing file, read-only and without TypeORM.
 * @param name an absolute path, or a URI (https://www.sqlite.org/uri.html)
 */
export function openReadOnly(name: string): Promise<Database> {
  return openExisting(name, sqlite3.OPEN_READONLY | sqlite3.OPEN_URI);
}

/** @param flags of sqlite3_open_v2 (https://www.sqlite.org/c3ref/open.html) */
export function openExisting(name: string, flags: number): Promise<Database> {
  return new Promise((resolve, reject) => {
    const database = new sqlite3.Database(name, flags, (error) =>
      error ? reject(error) : resolve(database),
    );
  });
}

export function queryAll<Row>(database: Database, sql: string, ...parameters: string[]): Promise<Row[]> {
  return new Promise((resolve, reject) => {
    database.all<Row>(sql, parameters, (error, rows) => (error ? reject(error) : resolve(rows)));
  });
}

/** Settles when the database is closed. */
export function closeDatabase(database: Database): Promise<void> {
  return new Promise((resolve) => database.close(() => resolve()));
}
