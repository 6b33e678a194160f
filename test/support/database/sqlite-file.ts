import { jest } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sqlite3 from 'sqlite3';

/** A place for a SQLite file, and for connections to it as other programs would have them. */
export interface SqliteFile {
  readonly directory: string;
  readonly path: string;
  readonly url: string;
  /** Executes SQL on a connection that stays open until it is closed. */
  execute(sql: string): Promise<void>;
  /** Closes that connection. */
  close(): Promise<void>;
  /** Closes it and removes everything. */
  remove(): Promise<void>;
}

export function createSqliteFile(): SqliteFile {
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
  const close = async (): Promise<void> => {
    const database = await opened;
    opened = undefined;
    if (database) await new Promise((resolve) => database.close(resolve));
  };
  return {
    directory,
    path,
    url: `sqlite:${path}`,
    execute: async (sql) => {
      const database = await (opened ??= open());
      await new Promise<void>((resolve, reject) => {
        database.exec(sql, (error) => (error ? reject(error) : resolve()));
      });
    },
    close,
    remove: async () => {
      await close();
      rmSync(directory, { recursive: true });
    },
  };
}

/** Makes SQLite fail with this code when it executes the next statement; until `jest.restoreAllMocks`. */
export function failNext(code: string): void {
  jest.spyOn(sqlite3.Statement.prototype, 'all').mockImplementationOnce(function (
    this: sqlite3.Statement,
    ...args: unknown[]
  ) {
    const callback = args.at(-1) as (error: Error) => void;
    setImmediate(() => callback(Object.assign(new Error(`${code}: injected`), { code })));
    return this;
  } as never);
}
