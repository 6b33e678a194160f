import type { Command } from 'commander';
import { check } from '../storage/sqlite/files/check';
import { cancelOnSignal } from './cancel-on-signal';
import { readDatabaseFile } from './database-file';

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
