import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sqlite3 from 'sqlite3';

export interface DatabaseFile {
  readonly path: string;
  /** The DATABASE_URL of a server that keeps its entries here. */
  readonly url: string;
  /** Executes SQL on a connection of its own, as another program would. */
  execute(sql: string): Promise<void>;
  /** Closes that connection and removes the file. */
  remove(): Promise<void>;
}

/** A SQLite file that several servers can use one after the other, and that a test can reach into. */
export function createDatabaseFile(): DatabaseFile {
  const directory = mkdtempSync(join(tmpdir(), 'log-manager-'));
  const path = join(directory, 'test.sqlite');
  let opened: Promise<sqlite3.Database> | undefined;
  const open = (): Promise<sqlite3.Database> =>
    new Promise((resolve, reject) => {
      const database = new sqlite3.Database(path, (error) => {
        if (error) reject(error);
        else resolve(database);
      });
    });
  return {
    path,
    url: `sqlite:${path}`,
    execute: async (sql) => {
      opened ??= open();
      const database = await opened;
      await new Promise<void>((resolve, reject) => {
        database.exec(sql, (error) => (error ? reject(error) : resolve()));
      });
    },
    remove: async () => {
      const database = await opened;
      if (database) await new Promise((resolve) => database.close(resolve));
      rmSync(directory, { recursive: true });
    },
  };
}
