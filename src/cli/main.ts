#!/usr/bin/env node
import '../thread-pool';
import { readVersion } from '../package-root';
import { StartError } from '../storage/start-error';
import { BackupError } from '../storage/sqlite/files/backup-error';
import { CommandError, createCommand } from './command';
import { addBackupCommand, addCheckCommand, addRestoreCommand } from './database-commands';
import { addFeedCommand } from './feed-command';
import { addKeysCommand } from './keys-command';
import { addTailCommand } from './tail-command';

const program = createCommand('log-manager', readVersion())
  .description('Maintains the database of a Log Manager server, and follows what a server records.')
  .helpCommand(false)
  .showHelpAfterError('Try --help.')
  .addHelpText(
    'after',
    `
Reads the same environment variables as the server: docs/configuration.md.
Exit codes: 0 success, 1 failure, 2 wrong arguments or settings.`,
  );
addBackupCommand(program);
addRestoreCommand(program);
addCheckCommand(program);
addKeysCommand(program);
addFeedCommand(program);
addTailCommand(program);
program.parseAsync().catch((error: unknown) => {
  const isExplained = [BackupError, CommandError, StartError].some((Explained) => error instanceof Explained);
  console.error(isExplained ? `error: ${(error as Error).message}` : error);
  process.exitCode = error instanceof CommandError ? error.exitCode : 1;
});
