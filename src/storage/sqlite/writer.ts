import type { DataSource } from 'typeorm';
import { DatabaseBusyError } from '../../logs/model/errors';
import { toUnavailable } from '../errors';
import { createWorkQueue } from '../../logs/model/work-queue';
import { StartError } from '../start-error';
import { openCheckpoints } from './checkpoints';
import { createConnection, oneOff, type Connection, type Executor, type Query } from './connection';
import { createWriter } from './data-source';
import { createFileHealth } from './file-health';
import { isBusy, isHandleFault, toStoreError, toWriteError } from './errors';

/**
 * Milliseconds that SQLite itself waits for another process's lock. Between two attempts, other work has its
 * turn, and sessions that have waited too long are refused.
 */
const maxAttemptMs = 75;

/** The one connection that writes. Its uses are queued and executed one after the other. */
export type Writer = Awaited<ReturnType<typeof openWriter>>;

export interface WriterOptions {
  /** An absolute path, or `:memory:`. */
  readonly path: string;
  /** Milliseconds that a write may wait for another process's lock, and for its turn. */
  readonly busyTimeoutMs: number;
  /** Maximum length of a value that is read on this connection. */
  readonly maxBytes?: number | undefined;
  /** Called before the file is reopened. */
  readonly onWarning: (error: unknown, message: string) => void;
}

/**
 * Opens the file; creates and migrates it as needed. After an I/O error, the file is reopened before the next
 * write; if that fails, each write tries again.
 *
 * Frames of the log whose sync failed may stay in the system's cache and never reach the disk
 * (https://wiki.postgresql.org/wiki/Fsync_Errors). So the next commit must overwrite them, not follow them.
 * It does: the readers keep the index of the log alive, and the index does not contain these frames.
 * @throws {Error} of the driver
 * @throws {StartError} if commits would not be durable
 */
export async function openWriter({ path, busyTimeoutMs, maxBytes, onWarning }: WriterOptions) {
  const attemptMs = Math.min(maxAttemptMs, Math.ceil(busyTimeoutMs / 4));
  // The driver gives each statement a thread, where all but one wait for the lock of the connection: with
  // concurrent statements, no thread would be left for readers.
  const queue = createWorkQueue({ capacity: 1, maxWaitMs: busyTimeoutMs });
  const health = createFileHealth(path);
  let hasFault = false;
  const dataSource = await open(false);
  let connection: Connection | undefined = connectTo(dataSource);
  const checkpoints =
    path === ':memory:'
      ? undefined
      : await openCheckpoints(path, { busyTimeoutMs: attemptMs, onWarning }).catch(async (error: unknown) => {
          await dataSource.destroy();
          throw error;
        });

  async function open(isReopened: boolean): Promise<DataSource> {
    const dataSource = await createWriter(path, attemptMs, isReopened).initialize();
    try {
      await makeDurable(dataSource, path);
      await dataSource.query('PRAGMA wal_autocheckpoint = 0');
      if (!isReopened) {
        await migrate(dataSource);
        // Copies the log into the database file and syncs that
        // (https://www.sqlite.org/pragma.html#pragma_wal_checkpoint). Best effort: another process may use
        // the log, or the disk may be full.
        await dataSource.query('PRAGMA wal_checkpoint(TRUNCATE)').catch(() => {});
      }
    } catch (error) {
      await dataSource.destroy().catch(() => {});
      throw error;
    }
    return dataSource;
  }

  function connectTo(dataSource: DataSource): Connection {
    return createConnection(dataSource, { maxBytes }, toError);
  }

  function toError(error: unknown): unknown {
    const fault = health.toFault(error);
    if (fault) return fault;
    // Reopening an in-memory database would lose it.
    if (!hasFault && path !== ':memory:' && isHandleFault(error)) {
      hasFault = true;
      checkpoints?.copyAgain();
      onWarning(error, 'I/O error: reopening the database file');
    }
    return toWriteError(error);
  }

  async function connect(): Promise<Connection> {
    if (hasFault) {
      const faulty = connection;
      connection = undefined;
      hasFault = false;
      await faulty?.close().catch(() => {});
    }
    try {
      return (connection ??= connectTo(await open(true)));
    } catch (error) {
      throw isBusy(error) ? toStoreError(error) : toUnavailable(error);
    }
  }

  /** Does the work in its turn, if the files are those that were opened, before and after. */
  const run = <Result>(work: (connection: Executor) => Promise<Result>) =>
    queue.run(async () => {
      const hold = checkpoints?.hold();
      if (hold) await hold;
      health.check();
      const result = await work(await connect());
      health.confirmCommit();
      checkpoints?.startIfDue();
      return result;
    });

  return {
    /** Of the connection that was opened first. */
    dataSource,

    health,

    /**
     * Executes one statement, which is a transaction of its own. Never retried.
     * @throws {DatabaseBusyError} if another process holds the lock
     * @throws {StorageFullError} if the disk is full; nothing was committed
     * @throws {OutcomeUnknownError} if it may be committed, or not
     * @throws {DatabaseFaultError} if the database is damaged, or its files were replaced
     * @throws {ServiceUnavailableError} if it was not committed
     */
    write: <Row>(query: Query) => run((connection) => connection.all<Row>(query)),

    /**
     * Executes several statements. Retried for `busyTimeoutMs` while another process holds the lock, so
     * statements before `BEGIN IMMEDIATE` may be executed twice. Rolls back if the work fails.
     * @throws {Error} like `write`, or an error of the work
     */
    async exclusive<Result>(work: (connection: Executor) => Promise<Result>): Promise<Result> {
      const startedAt = performance.now();
      for (;;) {
        try {
          return await run((current) =>
            work(current).catch(async (error: unknown) => {
              // Fails if no transaction is open. Closing the file, before it is reopened, rolls back too.
              if (!hasFault) await current.all(oneOff('ROLLBACK')).catch(() => {});
              throw error;
            }),
          );
        } catch (error) {
          const end = performance.now() + attemptMs;
          if (!(error instanceof DatabaseBusyError) || end - startedAt > busyTimeoutMs) throw error;
        }
      }
    },

    /**
     * Copies the log into the database, and perhaps truncates it. Call it in `exclusive`.
     * @returns whether the whole log is in the database: reads and other processes may prevent that
     * @throws {Error} if the log must not be emptied, after an I/O error
     */
    async checkpoint(connection: Executor, mode: 'PASSIVE' | 'TRUNCATE'): Promise<boolean> {
      await checkpoints?.idle();
      const [row] = await connection.all<{ busy: number }>(oneOff(`PRAGMA wal_checkpoint(${mode})`));
      return row!.busy === 0;
    },

    /** Waits for work in progress, then closes the file. Call it when the readers are closed. */
    close: () =>
      queue.run(async () => {
        try {
          await checkpoints?.close();
        } finally {
          await connection?.close();
        }
        checkpoints?.closeFiles();
      }),
  };
}

/**
 * Sets pragmas, two of which last only for the connection. Reads them back, since SQLite reports no error if
 * it cannot change the journal mode. WAL with synchronous=FULL
 * syncs the log at every commit (https://www.sqlite.org/pragma.html#pragma_synchronous); secure_delete
 * overwrites deleted content (https://www.sqlite.org/pragma.html#pragma_secure_delete).
 */
async function makeDurable(writer: DataSource, path: string): Promise<void> {
  const mode = path === ':memory:' ? 'memory' : 'wal';
  for (const [name, value, expected] of [
    ['secure_delete', 'ON', 1],
    ['synchronous', 'FULL', 2],
    ['journal_mode', 'WAL', mode],
  ] as const) {
    await writer.query(`PRAGMA ${name} = ${value}`);
    const [row] = await writer.query<[Record<string, unknown>]>(`PRAGMA ${name}`);
    const actual = row[name];
    if (actual === expected) continue;
    throw new StartError(
      `DATABASE_URL: SQLite does not guarantee durable writes in ${path}: ` +
        `${name} is ${String(actual)}, and must be ${expected}. ` +
        'Use a file on a local disk, not on a network file system.',
    );
  }
}

/** Migrates with the lock for writing: another process waits, then finds all migrations executed. */
async function migrate(writer: DataSource): Promise<void> {
  await writer.query('BEGIN IMMEDIATE');
  try {
    await writer.runMigrations({ transaction: 'none' });
    // SQLite opens a write-protected file as read-only, and BEGIN succeeds on it: a write fails.
    await writer.query('DELETE FROM migrations WHERE false');
    await writer.query('COMMIT');
  } catch (error) {
    // Fails if SQLite has rolled back itself
    // (https://www.sqlite.org/lang_transaction.html#response_to_errors_within_a_transaction).
    await writer.query('ROLLBACK').catch(() => {});
    throw error;
  }
}
