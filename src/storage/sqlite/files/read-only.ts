import sqlite3, { type Database } from 'sqlite3';

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
