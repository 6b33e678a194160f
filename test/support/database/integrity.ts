import { closeDatabase, openReadOnly, queryAll } from '../../../src/storage/sqlite/files/read-only';

/**
 * What SQLite finds wrong with a file: nothing, if all is well. With the driver's own SQLite, since another release of it
 * could have defects of its own.
 */
export async function checkIntegrity(path: string): Promise<string[]> {
  const database = await openReadOnly(path);
  database.configure('busyTimeout', 5_000);
  try {
    const rows = await queryAll<{ integrity_check: string }>(database, 'PRAGMA integrity_check');
    return rows.map((row) => row.integrity_check).filter((text) => text !== 'ok');
  } finally {
    await closeDatabase(database);
  }
}
