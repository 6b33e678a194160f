import type { Command } from 'commander';
import { describeDatabase } from '../config/config';
import { readExistingDatabase, withRepository } from './open-database';

/** Adds `log-manager feed reset`, also beside a server that uses the database. */
export function addFeedCommand(program: Command): void {
  const feed = program
    .command('feed')
    .summary('refuse the cursors handed out before')
    .description('The feed of the database of DATABASE_URL: logChanges and logRecorded.')
    .helpCommand(false);

  feed
    .command('reset')
    .summary('refuse every cursor handed out before')
    .description(
      'Servers refuse every cursor of the feed handed out before, at once: programs that follow it copy the ' +
        'log anew. Do it after the database was put back to an earlier state by other means than log-manager ' +
        'restore. Nothing is erased.',
    )
    .addHelpText('after', '\nWhen it is needed, see docs/backup.md.')
    .action(async () => {
      const database = readExistingDatabase();
      await withRepository(database, ({ changes }) => changes.renewEpoch());
      console.log(`Cursors of the feed of ${describeDatabase(database)} handed out before are refused.`);
    });
}
