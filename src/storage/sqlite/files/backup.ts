import { statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { codeOf } from '../../errors';
import { createAtomicFile } from './atomic-file';
import { BackupError } from './backup-error';
import { closeDatabase, openReadOnly, queryAll } from './read-only';

/** Milliseconds to wait for another process's lock: one that starts or stops holds it for a moment. */
const busyTimeoutMs = 5_000;

/** Milliseconds between interrupts: an interrupt has no effect on a statement that has not started yet. */
const interruptMs = 100;

export interface Backup {
  /** Absolute path. */
  readonly path: string;
  readonly bytes: number;
  readonly entryCount: number;
}

/** Executes a statement and returns its rows. */
type Execute = <Row>(sql: string, ...parameters: string[]) => Promise<Row[]>;

/**
 * Copies a database while servers write to it, checks the copy, and syncs it. The copy is the state at one
 * instant after the call, without deleted content.
 * @param target path of the backup, which must not exist
 * @param signal ends the work and removes the partial backup
 * @throws {BackupError} if there is no backup
 */
export async function backUp(file: string, target: string, signal: AbortSignal): Promise<Backup> {
  const source = resolve(file);
  const path = resolve(target);
  try {
    if (!statSync(source, { throwIfNoEntry: false })?.isFile()) {
      throw new BackupError(
        `DATABASE_URL: there is no database ${source}. A relative path is relative to the working directory.`,
      );
    }
    return await createAtomicFile(path, signal, async (partial) => {
      // On a full disk, SQLite does not remove its journal.
      await copy(source, partial, signal).finally(() => rm(`${partial}-journal`, { force: true }));
      const entryCount = await checkCopy(partial, signal);
      return { path, bytes: statSync(partial).size, entryCount };
    });
  } catch (error) {
    if (signal.aborted) throw new BackupError('interrupted before the backup was made', { cause: error });
    // An error without a code of the system or of SQLite is a bug.
    if (error instanceof BackupError || codeOf(error) === '') throw error;
    const { message } = error as Error;
    throw new BackupError(`no backup of ${source} (DATABASE_URL) was made: ${message}`, { cause: error });
  }
}

/**
 * One read transaction, which does not block writes (https://www.sqlite.org/lang_vacuum.html#vacuuminto).
 * SQLite's backup API starts again whenever another process writes.
 */
async function copy(source: string, partial: string, signal: AbortSignal): Promise<void> {
  await withDatabase(source, signal, async (execute) => {
    const tables = await execute(`SELECT 1 FROM sqlite_schema WHERE name = 'log_entry'`);
    if (tables.length === 0) {
      throw new BackupError(`DATABASE_URL: ${source} is not a database of Log Manager`);
    }
    await execute('VACUUM INTO ?', partial);
  });
}

/**
 * Checks the copy and counts its entries. 2,000,000 entries take 1.6 s, and 17 s with integrity_check, which
 * also compares indexes with tables (https://www.sqlite.org/pragma.html#pragma_quick_check).
 */
export async function checkCopy(partial: string, signal: AbortSignal): Promise<number> {
  return withDatabase(partial, signal, async (execute) => {
    const [problem] = await execute<{ quick_check: string }>('PRAGMA quick_check(1)');
    if (problem?.quick_check !== 'ok') {
      throw new BackupError(`the copy is damaged, and the original may be: ${problem?.quick_check}`);
    }
    const [row] = await execute<{ count: number }>('SELECT count(*) AS count FROM log_entry');
    return row!.count;
  });
}

/** Calls `work` with a read-only connection. */
async function withDatabase<Result>(
  file: string,
  signal: AbortSignal,
  work: (execute: Execute) => Promise<Result>,
): Promise<Result> {
  const database = await openReadOnly(file);
  database.configure('busyTimeout', busyTimeoutMs);
  const timer = setInterval(() => {
    if (signal.aborted) database.interrupt();
  }, interruptMs);
  try {
    return await work((sql, ...parameters) => {
      signal.throwIfAborted();
      return queryAll<never>(database, sql, ...parameters);
    });
  } finally {
    clearInterval(timer);
    await closeDatabase(database);
  }
}
