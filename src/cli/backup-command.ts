import type { Command } from 'commander';
import { toConfig, type DatabaseConfig } from '../config/config';
import { readEnvironment } from '../config/environment';
import { backUp, type Backup } from '../storage/sqlite/files/backup';
import { BackupError } from '../storage/sqlite/files/backup-error';

/** What ends a program, unless it is kill -9. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export function addBackupCommand(program: Command): void {
  program
    .command('backup')
    .summary('copy the database, while it is served or not')
    .description(
      'Copies the database of DATABASE_URL, while it is served or not. The copy has every entry that was ' +
        'acknowledged before. It is checked, and on disk, before it gets its name.',
    )
    .argument('<file>', 'the copy, which must not exist yet')
    .addHelpText(
      'after',
      `
For SQLite. docs/backup.md tells how to restore, and about PostgreSQL.`,
    )
    .action(async (target: string) => {
      const startedAt = performance.now();
      const file = fileOf(toConfig(readEnvironment(process.env)).database);
      const backup = await untilSignalled((signal) => backUp({ file, target, signal }));
      console.log(describe(backup, performance.now() - startedAt));
    });
}

/**
 * The file that can be copied from outside of the server.
 * @throws {BackupError} when there is none
 */
function fileOf(database: DatabaseConfig): string {
  if (database.kind === 'postgres') {
    throw new BackupError(
      'DATABASE_URL names a PostgreSQL, which is backed up with its own pg_basebackup or pg_dump: see docs/backup.md.',
    );
  }
  if (database.file === ':memory:') {
    throw new BackupError(
      'DATABASE_URL is sqlite::memory:, a database inside of the server, which nothing else can reach.',
    );
  }
  return database.file;
}

/** The signal that the work gets is of JavaScript's kind; it comes with any of the system's. */
async function untilSignalled<Result>(
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  // Not once: npm hands on what its child gets from the terminal as well, and the second one would kill.
  for (const signal of signals) process.on(signal, abort);
  try {
    return await work(controller.signal);
  } finally {
    for (const signal of signals) process.off(signal, abort);
  }
}

function describe({ path, bytes, entryCount }: Backup, ms: number): string {
  const megabytes = (bytes / 1_000_000).toFixed(1);
  return `Backed up ${entryCount} entries to ${path}: ${megabytes} MB in ${(ms / 1_000).toFixed(1)} s.`;
}
