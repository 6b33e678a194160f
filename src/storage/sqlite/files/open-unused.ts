import type { DataSource } from 'typeorm';
import { createWriter } from '../data-source';
import { isBusy } from '../errors';
import { BackupError } from './backup-error';

/** Milliseconds to wait for a process that is about to end. */
const busyTimeoutMs = 1_000;

/**
 * Opens a database that no process uses, and keeps all others out until it is closed. Closing it writes its log into
 * its file and removes the log (https://www.sqlite.org/wal.html#the_wal_file).
 * @throws {BackupError} if another process has the database open
 */
export async function openUnused(path: string): Promise<DataSource> {
  const database = await createWriter(path, busyTimeoutMs, true).initialize();
  try {
    await database.query('PRAGMA locking_mode = EXCLUSIVE');
    await database.query('BEGIN EXCLUSIVE');
    await database.query('COMMIT');
    return database;
  } catch (error) {
    await database.destroy();
    if (!isBusy(error)) throw error;
    throw new BackupError(`${path} is in use: stop every server and program that has it open`, {
      cause: error,
    });
  }
}
