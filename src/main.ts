import 'reflect-metadata';
import { createApp, StartError, type App } from './app';
import { ConfigError, toConfig, type Config } from './config/config';
import { readEnvironment } from './config/environment';
import { createLogger } from './telemetry/logger';

/** Stopping ends within 10 seconds, after the delay that is set, whatever the database does. */
const stopMs = 9_000;

function readConfig(): Config {
  try {
    return toConfig(readEnvironment(process.env));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(`${error.message}\nSee docs/configuration.md.`);
    process.exit(2);
  }
}

async function main(): Promise<void> {
  const config = readConfig();
  const logger = createLogger(config.logLevel);
  let app: App | undefined;
  let isStopping = false;
  const stop = async (signal: string): Promise<void> => {
    if (isStopping) return;
    isStopping = true;
    logger.info({ signal }, 'stopping');
    // What is not answered by then was not acknowledged; SQLite takes back what was not committed.
    setTimeout(() => {
      logger.warn('requests that took too long were given up');
      process.exit(0);
    }, config.stopDelayMs + stopMs);
    // Without one, nothing is served yet.
    await app?.stop();
    logger.info('stopped');
    process.exit(0);
  };
  const stopOrFail = (signal: string): void => {
    stop(signal).catch((error: unknown) => {
      logger.fatal({ err: error }, 'stopping failed');
      process.exit(1);
    });
  };
  // Before the database is waited for: the first process of a container has no default for signals.
  process.on('SIGTERM', stopOrFail).on('SIGINT', stopOrFail);
  // A defect, by which one request may stay without an answer; the others are to get theirs.
  process.on('unhandledRejection', (error) => {
    logger.error({ err: error }, 'a failure that nobody waited for');
  });
  try {
    app = await createApp(config, logger);
    const url = await app.start();
    logger.info(`Log Manager serves ${url}/graphql: open it in a browser to try it`);
  } catch (error) {
    // What the operator can mend needs no stack.
    if (error instanceof StartError) logger.fatal(`Log Manager cannot start. ${error.message}`);
    else logger.fatal({ err: error }, 'Log Manager cannot start');
    process.exit(1);
  }
}

void main();
