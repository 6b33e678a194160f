import type { Command } from 'commander';
import { backUp, type Backup } from '../storage/sqlite/files/backup';
import { cancelOnSignal } from './cancel-on-signal';
import { readDatabaseFile } from './database-file';

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
