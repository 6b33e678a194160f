import './thread-pool';
import 'reflect-metadata';
import type { App } from './app';
import { readConfigOrExit, readServerArguments } from './cli/command';
import { describeDatabase } from './config/config';
import { describeMisspelt, findMisspeltSettings } from './config/misspelt';
import { readVersion } from './package-root';
import { createLogger, standardOutput } from './telemetry/logger';

/** Limit for stopping, counted from the end of STOP_DELAY_MS. docs/operations.md promises 10 seconds. */
const stopTimeoutMs = 9_000;

/** How long the end of the process waits for the log to be written. */
const logFlushMs = 500;

const openWarning =
  'AUTH=none: everybody who reaches this server may read and erase everything, without a key';

async function exit(code: number): Promise<never> {
  await standardOutput.flush(logFlushMs);
  process.exit(code);
}

async function main(): Promise<void> {
  const version = readVersion();
  readServerArguments(version);
  const config = readConfigOrExit();
  // Loaded here, so that --help and refused settings need not wait for it.
  const { createApp, ListenError, StartError } = await import('./app');
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
    try {
      // Undefined while the server still waits for its database.
      await app?.stop();
      logger.info('stopped');
      await exit(0);
    } catch (error) {
      logger.fatal({ err: error }, 'stop failed');
      await exit(1);
    }
  };
  // Before createApp, which may wait for the database: process 1 of a container has no default handlers.
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => void stop(signal));
  // A bug: one request may hang. Keep serving the others.
  process.on('unhandledRejection', (err) => logger.error({ err }, 'unhandled promise rejection'));
  try {
    app = await createApp(config, logger);
    const addresses = await app.start();
    const { database } = config;
    if (config.isAuthOff) logger.warn(openWarning);
    logger.info(
      { version, database: describeDatabase(database), addresses, access: app.access },
      `Log Manager serves http://${addresses[0]}/ (open it in a browser), and GraphQL at /graphql`,
    );
  } catch (error) {
    // These errors say how to fix their cause, so they are logged without a stack.
    const isExplained = error instanceof StartError || error instanceof ListenError;
    if (isExplained) logger.fatal(`Log Manager cannot start. ${error.message}`);
    else logger.fatal({ err: error }, 'Log Manager cannot start');
    await exit(1);
  }
}

void main();
