import { Command } from 'commander';
import { addBackupCommand } from './backup-command';

/**
 * Creates the `log-manager` command with its subcommands. For wrong arguments, commander prints a message and
 * throws a CommanderError.
 */
export function createProgram(version: string): Command {
  const program = new Command('log-manager')
    .description('Maintains the database of a Log Manager server.')
    .version(version, '-V, --version', 'show the version')
    .helpOption('-h, --help', 'show this help')
    .helpCommand(false)
    .showHelpAfterError('Try --help.')
    .exitOverride()
    .addHelpText(
      'after',
      `
Reads the same environment variables as the server: docs/configuration.md.
Exit codes: 0 success, 1 failure, 2 wrong arguments or settings.`,
    );
  addBackupCommand(program);
  return program;
}
