import type { Command } from 'commander';
import { restore } from '../storage/sqlite/files/restore';
import { cancelOnSignal } from './cancel-on-signal';
import { readDatabaseFile } from './database-file';

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
