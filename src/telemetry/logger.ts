import pino, { type Logger } from 'pino';
import pretty from 'pino-pretty';

export type { Logger };

/** Writes JSON lines to standard output, or formatted lines if that is a terminal. */
export function createLogger(level: string): Logger {
  const options = { level, base: null, serializers: { err: describeError } };
  if (!process.stdout.isTTY) return pino(options, pino.destination({ dest: 1, sync: true }));
  return pino(
    options,
    pretty({ ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss', sync: true }),
  );
}

/**
 * Picks the properties of an error that may be logged.
 * Others are left out: errors of TypeORM and the drivers hold query parameters, which are user data.
 */
function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error };
  const { code } = error as { code?: unknown };
  return {
    type: error.name,
    message: error.message,
    ...(typeof code === 'string' && { code }),
    stack: error.stack,
    ...(error.cause !== undefined && { cause: describeError(error.cause) }),
  };
}
