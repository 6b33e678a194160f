import sqlite3, { type Database } from 'sqlite3';

/**
 * Opens a file that must exist, to look at it beside the store: nothing can be written.
 * @param name an absolute path, or a URI (https://www.sqlite.org/uri.html)
 */
export function openReadOnly(name: string): Promise<Database> {
  return new Promise((resolve, reject) => {
    const flags = sqlite3.OPEN_READONLY | sqlite3.OPEN_URI;
    const database = new sqlite3.Database(name, flags, (error) => {
      if (error) reject(error);
      else resolve(database);
    });
  });
}

export function queryAll<Row>(
  database: Database,
  sql: string,
  parameters: readonly string[] = [],
): Promise<Row[]> {
  return new Promise((resolve, reject) => {
    database.all<Row>(sql, parameters, (error, rows) => {
      if (error) reject(error);
      else resolve(rows);
    });
  });
}

/** Settles when it is closed. */
export function closeDatabase(database: Database): Promise<void> {
  return new Promise((resolve) => database.close(() => resolve()));
}
