import { resolve } from 'node:path';
import { BackupError } from '../storage/sqlite/files/backup-error';
import { readConfigOrExit } from './command';

/**
 * Reads the settings, and returns the absolute path of the SQLite file.
 * @throws {BackupError} when the database is not a file
 */
export function readDatabaseFile(): string {
  const { database } = readConfigOrExit();
  if (database.kind === 'postgres') {
    throw new BackupError(
      'DATABASE_URL is a PostgreSQL database: use pg_basebackup, pg_dump and pg_restore, see docs/backup.md',
    );
  }
  if (database.file === ':memory:') {
    throw new BackupError('DATABASE_URL is sqlite::memory:, which exists only inside the server');
  }
  return resolve(database.file);
}
