import Database from 'better-sqlite3';

/** Opens the migrated file of DATABASE_URL; a commit is on disk when it returns. */
export function openDatabase() {
  const database = new Database(databaseFile());
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  return database;
}

export function databaseFile() {
  return process.env.DATABASE_URL.replace(/^sqlite:/, '');
}
