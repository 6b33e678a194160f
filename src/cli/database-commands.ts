import { resolve } from 'node:path';
import type { Command } from 'commander';
import { backUp, type Backup } from '../storage/sqlite/files/backup';
import { BackupError } from '../storage/sqlite/files/backup-error';
import { check } from '../storage/sqlite/files/check';
import { restore } from '../storage/sqlite/files/restore';
import { cancelOnSignal, readConfigOrExit } from './command';

/** Adds `log-manager backup <file>`. */
export function addBackupCommand(program: Command): void {
  program
    .command('backup')
    .summary('copy the database, also while a server uses it')
    .description(
      'Copies the database of DATABASE_URL, also while a server uses it. The copy contains every entry ' +
        'acknowledged before the command started. The copy is named <file>.partial until it is complete.',
    )
    .argument('<file>', 'path of the copy; must not exist')
    .addHelpText('after', '\nSQLite only. For PostgreSQL, and how to restore, see docs/backup.md.')
    .action(async (target: string) => {
      const startedAt = performance.now();
      const file = readDatabaseFile();
      const backup = await cancelOnSignal((signal) => backUp(file, target, signal));
      console.log(describe(backup, performance.now() - startedAt));
    });
}

function describe({ path, bytes, entryCount }: Backup, durationMs: number): string {
  const megabytes = (bytes / 1_000_000).toFixed(1);
  const seconds = (durationMs / 1_000).toFixed(1);
  return `Backed up ${entryCount} entries to ${path}: ${megabytes} MB in ${seconds} s.`;
}

/** Adds `log-manager restore <backup>`. */
export function addRestoreCommand(program: Command): void {
  program
    .command('restore')
    .summary('replace the database by a backup')
    .description(
      'Replaces the database of DATABASE_URL by a copy of a backup. Stop the server first: a database in use is ' +
        'refused. The replaced database is kept beside it, under a dated name.',
    )
    .argument('<backup>', 'a file that log-manager backup made')
    .addHelpText('after', '\nSQLite only. What to do before clients connect again, see docs/backup.md.')
    .action(async (backup: string) => {
      const file = readDatabaseFile();
      const { path, entryCount, replaced } = await cancelOnSignal((signal) => restore(file, backup, signal));
      console.log(`Restored ${entryCount} entries from ${backup} to ${path}.`);
      if (replaced !== undefined) console.log(`The database before it is ${replaced}.`);
    });
}

/** Adds `log-manager check`. */
export function addCheckCommand(program: Command): void {
  program
    .command('check')
    .summary('look for damage in the database, also while a server uses it')
    .description(
      'Looks for damage in the database of DATABASE_URL, and compares the number of entries of each session ' +
        'with its summary. The database is not changed; a server may use it meanwhile.',
    )
    .addHelpText('after', '\nSQLite only. What it finds and what it cannot find, see docs/operations.md.')
    .action(async () => {
      const file = readDatabaseFile();
      const entryCount = await cancelOnSignal((signal) => check(file, signal));
      console.log(`Checked ${entryCount} entries in ${file}: no damage found.`);
    });
}

/**
 * Reads the settings, and returns the absolute path of the SQLite file.
 * @throws {BackupError} when the database is not a file
 */
function readDatabaseFile(): string {
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
