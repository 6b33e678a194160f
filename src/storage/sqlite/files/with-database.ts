import { statSync } from 'node:fs';
import { createReader, handleOf } from '../data-source';
import { BackupError } from './backup-error';

/** Milliseconds to wait for another process's lock: one that starts or stops holds it for a moment. */
const busyTimeoutMs = 5_000;

/** Milliseconds between interrupts: an interrupt has no effect on a statement that has not started yet. */
const interruptMs = 100;

/** Executes a statement and returns its rows. */
type Execute = <Row>(sql: string, parameters?: readonly string[]) => Promise<Row[]>;

/**
 * Calls `work` with a read-only connection to a database of Log Manager.
 * @param signal interrupts the statement in progress
 * @throws {BackupError} if there is none at this path
 */
export async function withDatabase<Result>(
  path: string,
  signal: AbortSignal,
  work: (execute: Execute) => Promise<Result>,
): Promise<Result> {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) {
    throw new BackupError(
      `DATABASE_URL: there is no database ${path}. A relative path is relative to the working directory.`,
    );
  }
  const dataSource = await createReader(path, busyTimeoutMs).initialize();
  const timer = setInterval(() => {
    if (signal.aborted) handleOf(dataSource).interrupt();
  }, interruptMs);
  const execute: Execute = (sql, parameters) => {
    signal.throwIfAborted();
    return dataSource.query(sql, parameters as string[] | undefined);
  };
  try {
    const tables = await execute(`SELECT 1 FROM sqlite_schema WHERE name = 'log_entry'`);
    if (tables.length > 0) return await work(execute);
    throw new BackupError(`DATABASE_URL: ${path} is not a database of Log Manager`);
  } finally {
    clearInterval(timer);
    await dataSource.destroy();
  }
}
