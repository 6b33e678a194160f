import pino, { type Logger } from 'pino';
import { prettyFactory } from 'pino-pretty';
import {
  createLogOutput,
  createStandardOutputWriter,
  writeToStandardError,
  type LogOutput,
  type WriteChunk,
} from './log-output';

export type { Logger };

/**
 * Writes JSON lines to standard output, or formatted lines if that is a terminal. Never throws and never
 * blocks.
 */
export function createLogger(level: string, output: LogOutput = standardOutput): Logger {
  return pino(
    {
      level,
      base: null,
      formatters: { level: (label) => ({ level: label }) },
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: describeError },
    },
    output,
  );
}

/** The output of the process's log. */
export const standardOutput = createStandardOutput();

function createStandardOutput(): LogOutput {
  let writeChunk: WriteChunk | undefined;
  let prettify: ((line: string) => string) | undefined;
  const format = (line: string): string => {
    if (!process.stdout.isTTY) return line;
    prettify ??= prettyFactory({ colorize: true, ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss' });
    return prettify(line);
  };
  const output = createLogOutput({
    // Created at the first line: a process that logs nothing does not use standard output.
    writeChunk: (chunk) => (writeChunk ??= createStandardOutputWriter())(chunk),
    onError: (error) => {
      const { message } = error as Error;
      writeToStandardError(`The log cannot be written: ${message}. The server continues. Lines may be lost.`);
    },
    describeDropped: (count) => {
      const fields = { level: 'warn', time: new Date().toISOString(), count, msg: 'log lines dropped' };
      return format(`${JSON.stringify(fields)}\n`);
    },
  });
  return { ...output, write: (line) => output.write(format(line)) };
}

/**
 * Picks the properties of an error that may be logged. Others are left out: errors of TypeORM and the drivers
 * hold query parameters, which are user data.
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
