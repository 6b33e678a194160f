import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sqlite3 from 'sqlite3';
import { onCleanUp } from '../../support/children';

/** Where a server keeps its entries. */
export interface SqliteFile {
  readonly directory: string;
  readonly path: string;
  /** The DATABASE_URL. */
  readonly url: string;
}

/** In a directory of its own, which goes when the suite ends. */
export function newSqliteFile(): SqliteFile {
  const directory = mkdtempSync(join(tmpdir(), 'log-manager-durability-'));
  onCleanUp(async () => rmSync(directory, { recursive: true, force: true }));
  return sqliteFileIn(directory);
}

export function sqliteFileIn(directory: string): SqliteFile {
  const path = join(directory, 'test.sqlite');
  return { directory, path, url: `sqlite:${path}` };
}

/**
 * What SQLite finds wrong with a file: nothing, if all is well. With the driver's own SQLite, since another release of it
 * could have defects of its own.
 */
export async function checkIntegrity(path: string): Promise<string[]> {
  const database = await new Promise<sqlite3.Database>((resolve, reject) => {
    const opened = new sqlite3.Database(path, sqlite3.OPEN_READONLY, (error) => {
      if (error) reject(error);
      else resolve(opened);
    });
  });
  database.configure('busyTimeout', 5_000);
  try {
    const rows = await new Promise<{ integrity_check: string }[]>((resolve, reject) => {
      database.all<{ integrity_check: string }>('PRAGMA integrity_check', (error, found) => {
        if (error) reject(error);
        else resolve(found);
      });
    });
    return rows.map((row) => row.integrity_check).filter((text) => text !== 'ok');
  } finally {
    await new Promise((resolve) => database.close(resolve));
  }
}
