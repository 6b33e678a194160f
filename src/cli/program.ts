import { Command } from 'commander';
import { addBackupCommand } from './backup-command';

/** The `log-manager` command. Wrong arguments make it throw a CommanderError, when it has told of them. */
export function createProgram(version: string): Command {
  const program = new Command('log-manager')
    .description('Looks after the data of a Log Manager server.')
    .version(version, '-V, --version', 'show the version')
    .helpOption('-h, --help', 'show this help')
    .helpCommand(false)
    .showHelpAfterError('Try --help.')
    .exitOverride()
    .addHelpText(
      'after',
      `
Settings come from the environment, as for the server: docs/configuration.md.
Exit codes: 0 done, 1 not done, 2 wrong arguments or settings.`,
    );
  addBackupCommand(program);
  return program;
}
