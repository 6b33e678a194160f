import type { Command } from 'commander';
import type { DatabaseConfig } from '../config/config';
import { backUp, type Backup } from '../storage/sqlite/files/backup';
import { BackupError } from '../storage/sqlite/files/backup-error';
import { readConfigOrExit } from './command';

/** Signals that cancel a backup. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Adds `log-manager backup <file>`. */
export function addBackupCommand(program: Command): void {
  program
    .command('backup')
    .summary('copy the database, also while a server uses it')
    .description(
      'Copies the database of DATABASE_URL, also while a server uses it. The copy contains every entry ' +
        'acknowledged before the command started. It gets its name once it is checked and on disk.',
    )
    .argument('<file>', 'path of the copy; must not exist')
    .addHelpText('after', '\nSQLite only. For PostgreSQL, and how to restore, see docs/backup.md.')
    .action(async (target: string) => {
      const startedAt = performance.now();
      const file = toSqliteFile(readConfigOrExit().database);
      const backup = await cancelOnSignal((signal) => backUp(file, target, signal));
      console.log(describe(backup, performance.now() - startedAt));
    });
}

/** @throws {BackupError} when the database is not a file */
function toSqliteFile(database: DatabaseConfig): string {
  if (database.kind === 'postgres') {
    throw new BackupError(
      'DATABASE_URL is a PostgreSQL database: use pg_basebackup or pg_dump, see docs/backup.md',
    );
  }
  if (database.file === ':memory:') {
    throw new BackupError('DATABASE_URL is sqlite::memory:, which exists only inside the server');
  }
  return database.file;
}

/** Runs `work` with an AbortSignal that is aborted by SIGINT, SIGTERM or SIGHUP. */
async function cancelOnSignal<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  // `on`, not `once`: npm forwards the terminal's signals, and the second one would kill the process.
  for (const signal of signals) process.on(signal, abort);
  try {
    return await work(controller.signal);
  } finally {
    for (const signal of signals) process.off(signal, abort);
  }
}

function describe({ path, bytes, entryCount }: Backup, durationMs: number): string {
  const megabytes = (bytes / 1_000_000).toFixed(1);
  const seconds = (durationMs / 1_000).toFixed(1);
  return `Backed up ${entryCount} entries to ${path}: ${megabytes} MB in ${seconds} s.`;
}
