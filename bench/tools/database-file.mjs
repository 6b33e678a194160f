import 'reflect-metadata';
import { openSqliteStore } from '../../dist/src/storage/sqlite/sqlite-store.js';

/** Makes a SQLite file with the table and the indexes of Log Manager, by its own migrations. */
export async function createDatabaseFile(file) {
  const store = await openSqliteStore(file);
  await store.close();
}
