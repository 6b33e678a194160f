import { readFileSync } from 'node:fs';
import Database from 'better-sqlite3';

const ddl = readFileSync(new URL('log-entry.sql', import.meta.url), 'utf8');

/** The file that DATABASE_URL names, created with the table in it; a commit is on disk when it returns. */
export function openDatabase() {
  const database = new Database(databaseFile());
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.exec(ddl);
  return database;
}

export function databaseFile() {
  return process.env.DATABASE_URL.replace(/^sqlite:/, '');
}
