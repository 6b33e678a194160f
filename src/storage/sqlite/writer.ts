import type { DataSource } from 'typeorm';
import { DatabaseBusyError } from '../../logs/model/errors';
import { createWorkQueue } from '../work-queue';
import { StartError } from '../start-error';
import { createConnection, type Connection, type Executor, type Query } from './connection';
import { createWriter } from './data-source';
import { isHandleFault, toReopenError, toWriteError } from './errors';

/**
 * How long SQLite itself waits for another process's lock, in milliseconds. Between two such tries others have their turn,
 * and those whose time is up are refused.
 */
const maxTryMs = 75;

type Work<Result> = (connection: Executor) => Promise<Result>;

/** The one connection that writes. Whoever uses it has it alone until it is done; the others wait, in order. */
export interface Writer {
  /**
   * One statement, which is a transaction of its own. Tried once.
   * @throws {DatabaseBusyError} when another process holds the lock
   * @throws {StorageFullError}
   * @throws {OutcomeUnknownError} when it may have been committed, or not
   * @throws {ServiceUnavailableError} when it was not committed
   */
  write<Row>(query: Query): Promise<Row[]>;
  /**
   * Several statements. Tried again while another process holds the lock, for as long as the setting says; so what is
   * before `BEGIN IMMEDIATE` may be executed twice. When they fail, their transaction is rolled back.
   * @throws {Error} as `write` does, or what `work` throws
   */
  exclusive<Result>(work: Work<Result>): Promise<Result>;
  /** Settles when what is under way has ended and the file is closed. */
  close(): Promise<void>;
}

export interface WriterOptions {
  /** An absolute path, or `:memory:`. */
  readonly path: string;
  /** How long a write may wait for another process's lock, or for its turn, in milliseconds. */
  readonly busyTimeoutMs: number;
  /** How long a value may be that is read on it. */
  readonly maxBytes?: number | undefined;
  /** The file is about to be opened anew. */
  readonly onTrouble: (error: unknown, message: string) => void;
}

/**
 * Opens the file, made and migrated if need be. After an I/O error it is opened anew before anything else is written; while
 * that does not succeed, each write tries.
 *
 * What could not be synced may be in the system's cache and yet never reach the disk, as nobody tries again
 * (https://wiki.postgresql.org/wiki/Fsync_Errors). So the next commit must overwrite it, not follow it: it does, because
 * readers keep the index of the log alive, which does not have it. Nor must a later process build upon it, whose index has.
 * @throws {Error} of the driver
 * @throws {StartError} when commits would not be durable
 */
export async function openWriter(options: WriterOptions): Promise<Writer> {
  const { path, busyTimeoutMs, maxBytes, onTrouble } = options;
  const tryMs = Math.min(maxTryMs, Math.ceil(busyTimeoutMs / 4));
  // The driver executes statements of one connection at the same time, each on a thread of its own, where all but one wait
  // for the lock of the connection: readers would find no thread.
  const lane = createWorkQueue(1, busyTimeoutMs);
  let hasFault = false;
  let connection: Connection | undefined = await open(false);

  async function open(isAgain: boolean): Promise<Connection> {
    const dataSource = createWriter(path, { busyTimeoutMs: tryMs, mustExist: isAgain });
    await dataSource.initialize();
    try {
      await makeDurable(dataSource, path);
      if (!isAgain) {
        await migrate(dataSource);
        await startNewLog(dataSource);
      }
    } catch (error) {
      await dataSource.destroy().catch(() => {});
      throw error;
    }
    return createConnection(dataSource, maxBytes === undefined ? {} : { maxBytes }, toError);
  }

  function toError(error: unknown): unknown {
    // What is in memory would be gone.
    if (!hasFault && path !== ':memory:' && isHandleFault(error)) {
      hasFault = true;
      onTrouble(
        error,
        'writing to the database file failed; it is opened anew before the next write',
      );
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
      return (connection ??= await open(true));
    } catch (error) {
      throw toReopenError(error);
    }
  }

  async function workAlone<Result>(work: Work<Result>): Promise<Result> {
    const current = await connect();
    try {
      return await work(current);
    } catch (error) {
      // When no transaction is open, it fails; when the file is to be opened anew, closing it does the same.
      const rollback = { sql: 'ROLLBACK', parameters: [], isRare: true };
      if (!hasFault) await current.all(rollback).catch(() => {});
      throw error;
    }
  }

  return {
    write: (query) => lane.run(async () => (await connect()).all(query)),

    async exclusive(work) {
      const startedAt = performance.now();
      for (;;) {
        try {
          return await lane.run(() => workAlone(work));
        } catch (error) {
          const end = performance.now() + tryMs;
          if (!(error instanceof DatabaseBusyError) || end - startedAt > busyTimeoutMs) throw error;
        }
      }
    },

    close: () => lane.run(async () => connection?.close()),
  };
}

/**
 * WAL with synchronous=FULL syncs the log at every commit (https://www.sqlite.org/pragma.html#pragma_synchronous), and
 * secure_delete overwrites what is deleted (https://www.sqlite.org/pragma.html#pragma_secure_delete).
 * Two of the pragmas belong to the connection, not to the file, so all are set and then asked for.
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
      `DATABASE_URL: SQLite does not keep its promises in ${path}: ${name} is ${String(actual)} instead of ${expected}. ` +
        'Is it on a network file system? Name a file on a local disk.',
    );
  }
}

/** One process at a time: a second one waits for the lock, and then finds nothing left to do. */
async function migrate(writer: DataSource): Promise<void> {
  await writer.query('BEGIN IMMEDIATE');
  try {
    await writer.runMigrations({ transaction: 'none' });
    // A file that may not be written is opened for reading only, which BEGIN does not mind.
    await writer.query('DELETE FROM migrations WHERE false');
    await writer.query('COMMIT');
  } catch (error) {
    // SQLite may have done so itself (https://www.sqlite.org/lang_transaction.html#response_to_errors_within_a_transaction).
    await writer.query('ROLLBACK').catch(() => {});
    throw error;
  }
}

/**
 * Moves what is in the log into the database, where it is synced once more (https://www.sqlite.org/pragma.html#pragma_wal_checkpoint).
 * Best effort: others may be using the log, or there may be no room.
 */
async function startNewLog(writer: DataSource): Promise<void> {
  await writer.query('PRAGMA wal_checkpoint(TRUNCATE)').catch(() => {});
}
