import 'reflect-metadata';
import { createApp, StartError, type App } from './app';
import { readServerArguments } from './cli/server-arguments';
import { ConfigError, describeAccess, describeDatabase, readConfig, type Config } from './config/config';
import { describeMisspelt, findMisspeltSettings } from './config/misspelt';
import { readVersion } from './package-root';
import { createLogger, standardOutput } from './telemetry/logger';

/** Limit for stopping, counted from the end of STOP_DELAY_MS. docs/operations.md promises 10 seconds. */
const stopTimeoutMs = 9_000;

/** How long the end of the process waits for the log to be written. */
const logFlushMs = 500;

function readConfigOrExit(): Config {
  try {
    return readConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(`${error.message}\nSee docs/configuration.md.`);
    process.exit(2);
  }
}

async function exit(code: number): Promise<never> {
  await standardOutput.flush(logFlushMs);
  process.exit(code);
}

async function main(): Promise<void> {
  const version = readVersion();
  const exitCode = readServerArguments(version, process.argv);
  if (exitCode !== undefined) process.exit(exitCode);
  const config = readConfigOrExit();
  const logger = createLogger(config.logLevel);
  for (const misspelt of findMisspeltSettings(process.env)) logger.warn(describeMisspelt(misspelt));
  let app: App | undefined;
  let isStopping = false;
  const stop = async (signal: string): Promise<void> => {
    if (isStopping) return;
    isStopping = true;
    logger.info({ signal }, 'stopping');
    // Unanswered requests were not acknowledged; the database rolls back what they have not committed.
    setTimeout(() => {
      logger.warn('stop timeout: open requests dropped');
      void exit(0);
    }, config.stopDelayMs + stopTimeoutMs);
    // Undefined while the server still waits for its database.
    await app?.stop();
    logger.info('stopped');
    await exit(0);
  };
  const stopOrFail = (signal: string): void => {
    stop(signal).catch((error: unknown) => {
      logger.fatal({ err: error }, 'stop failed');
      void exit(1);
    });
  };
  // Before createApp, which may wait for the database: process 1 of a container has no default handlers.
  process.on('SIGTERM', stopOrFail).on('SIGINT', stopOrFail);
  // A bug: one request may hang. Keep serving the others.
  process.on('unhandledRejection', (error) => {
    logger.error({ err: error }, 'unhandled promise rejection');
  });
  try {
    app = await createApp(config, logger);
    const url = await app.start();
    const details = {
      version,
      database: describeDatabase(config.database),
      addresses: app.addresses(),
      access: describeAccess(config.host),
    };
    logger.info(details, `Log Manager serves ${url}/graphql: open it in a browser to try it`);
  } catch (error) {
    // A StartError says how to fix its cause, so it is logged without a stack.
    if (error instanceof StartError) logger.fatal(`Log Manager cannot start. ${error.message}`);
    else logger.fatal({ err: error }, 'Log Manager cannot start');
    await exit(1);
  }
}

void main();
