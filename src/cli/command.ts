import { Command } from 'commander';
import { ConfigError, readConfig, type Config } from '../config/config';

/** A command that cannot be carried out; the message says why. */
export class CommandError extends Error {
  /** @param exitCode 1: failure; 2: wrong arguments or settings */
  constructor(
    message: string,
    readonly exitCode = 1,
  ) {
    super(message);
  }
}

/** Creates a command with --version and --help. Wrong arguments end the process with exit code 2. */
export function createCommand(name: string, version: string): Command {
  return new Command(name)
    .version(version, '-V, --version', 'show the version')
    .helpOption('-h, --help', 'show this help')
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));
}

/** Reads the arguments of the server, which takes none but --help and --version. */
export function readServerArguments(version: string): void {
  createCommand('log-manager-server', version)
    .usage('[--help | --version]')
    .description('Starts the Log Manager server.')
    .allowExcessArguments(false)
    .showHelpAfterError('The server takes no arguments. For commands, see log-manager --help.')
    .addHelpText(
      'after',
      `
Its settings are environment variables: docs/configuration.md.
Exit codes: 0 stopped, 1 cannot start or stop failed, 2 wrong arguments or
settings.`,
    )
    .parse();
}

/** Reads the settings. Invalid ones end the process with exit code 2. */
export function readConfigOrExit(): Config {
  try {
    return readConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(`${error.message}\nSee docs/configuration.md.`);
    process.exit(2);
  }
}

/** Signals that cancel a command. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Runs `work` with an AbortSignal that is aborted by SIGINT, SIGTERM or SIGHUP. */
export async function cancelOnSignal<Result>(
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  // `on`, not `once`: npm forwards the terminal's signals, and the second one would kill the process.
  for (const signal of signals) process.on(signal, abort);
  try {
    return await work(controller.signal);
  } finally {
    for (const signal of signals) process.off(signal, abort);
  }
}
