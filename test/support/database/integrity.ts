import { createReader } from '../../../src/storage/sqlite/data-source';

/**
 * What SQLite finds wrong with a file: nothing, if all is well. With the driver's own SQLite, since another release of it
 * could have defects of its own.
 */
export async function checkIntegrity(path: string): Promise<string[]> {
  const database = await createReader(path, 5_000).initialize();
  try {
    const rows = await database.query<{ integrity_check: string }[]>('PRAGMA integrity_check');
    return rows.map((row) => row.integrity_check).filter((text) => text !== 'ok');
  } finally {
    await database.destroy();
  }
}
