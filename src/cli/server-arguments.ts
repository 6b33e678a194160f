import { Command, CommanderError } from 'commander';

/**
 * Reads the arguments of the server, which takes none but --help and --version. For these, and for unknown
 * ones, prints a message.
 * @returns the exit code with which the process is to end: 0, or 2 for unknown arguments; undefined to start
 *   the server
 */
export function readServerArguments(version: string, argv: readonly string[]): number | undefined {
  const command = new Command('log-manager-server')
    .usage('[--help | --version]')
    .description('Starts the Log Manager server.')
    .version(version, '-V, --version', 'show the version')
    .helpOption('-h, --help', 'show this help')
    .allowExcessArguments(false)
    .showHelpAfterError('The server takes no arguments. The commands are those of log-manager --help.')
    .exitOverride()
    .addHelpText(
      'after',
      `
Its settings are environment variables: docs/configuration.md.
Exit codes: 0 stopped, 1 cannot start or stop failed, 2 wrong arguments or
settings.`,
    );
  try {
    command.parse([...argv]);
    return undefined;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? 0 : 2;
  }
}
