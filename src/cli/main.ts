#!/usr/bin/env node
import { readVersion } from '../package-root';
import { BackupError } from '../storage/sqlite/files/backup-error';
import { createCommand } from './command';
import { addBackupCommand, addCheckCommand, addRestoreCommand } from './database-commands';

const program = createCommand('log-manager', readVersion())
  .description('Maintains the database of a Log Manager server.')
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
program.parseAsync().catch((error: unknown) => {
  console.error(error instanceof BackupError ? `error: ${error.message}` : error);
  process.exitCode = 1;
});
