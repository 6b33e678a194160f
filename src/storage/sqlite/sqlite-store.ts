import { resolve } from 'node:path';
import type { DataSource } from 'typeorm';
import { ResultTooLongError } from '../../logs/errors';
import { maxResultBytes, type LogStore } from '../../logs/log-store';
import { createConnection, limitLength, type Connection } from './connection';
import { createReader, createWriter } from './data-source';
import { insertEntries } from './entry-sql';
import { isTooLong } from './errors';
import { createReadBatches } from './read-batches';

/** Three, since libuv's pool has four threads and the writer takes one. */
const readerCount = 3;

/** How long a file that others are opening is tried again. */
const maxOpenMs = 10_000;
const retryOpenMs = 50;

/**
 * Opens a SQLite file, migrates it, and checks that a commit means "on disk".
 * @param file a path, or `:memory:`, where one connection both writes and reads
 * @param maxBytes of the JSON of one answer
 * @throws {Error} when the file cannot be opened or its commits would not be durable
 */
export async function openSqliteStore(file: string, maxBytes = maxResultBytes): Promise<LogStore> {
  const path = file === ':memory:' ? file : resolve(file);
  const startedAt = performance.now();
  for (;;) {
    try {
      return await open(path, maxBytes);
    } catch (error) {
      // A new file becomes one with a WAL under a lock that nobody waits for
      // (https://www.sqlite.org/pragma.html#pragma_busy_timeout): another process is about to do it.
      const isBusy = (error as { code?: unknown }).code === 'SQLITE_BUSY';
      if (!isBusy || performance.now() - startedAt > maxOpenMs) throw error;
    }
    await new Promise((resume) => setTimeout(resume, retryOpenMs));
  }
}

async function open(path: string, maxBytes: number): Promise<LogStore> {
  const opened: DataSource[] = [];
  const initialize = async (dataSource: DataSource): Promise<DataSource> => {
    await dataSource.initialize();
    opened.push(dataSource);
    return dataSource;
  };
  try {
    const writer = await initialize(createWriter(path));
    await makeDurable(writer, path);
    await migrate(writer);
    const readers: DataSource[] = [];
    while (path !== ':memory:' && readers.length < readerCount) {
      readers.push(await initialize(createReader(path)));
    }
    for (const reader of readers.length > 0 ? readers : [writer]) limitLength(reader, maxBytes);
    return createStore(createConnection(writer), readers.map(createConnection), maxBytes);
  } catch (error) {
    await Promise.all(opened.map((dataSource) => dataSource.destroy()));
    throw error;
  }
}

/**
 * WAL with synchronous=FULL syncs the log at every commit (https://www.sqlite.org/pragma.html#pragma_synchronous).
 * The pragma belongs to the connection, not to the file, so it is set and then asked for.
 */
async function makeDurable(writer: DataSource, path: string): Promise<void> {
  await writer.query('PRAGMA synchronous = FULL');
  const synchronous = await readPragma(writer, 'synchronous');
  const journalMode = await readPragma(writer, 'journal_mode');
  const expectedMode = path === ':memory:' ? 'memory' : 'wal';
  if (synchronous !== 2 || journalMode !== expectedMode) {
    throw new Error(
      `SQLite does not make commits durable here: synchronous is ${synchronous} instead of 2 (FULL), ` +
        `journal_mode is ${journalMode} instead of ${expectedMode}. Is ${path} on a network file system?`,
    );
  }
}

/** One process at a time: a second one waits for the lock, and then finds nothing left to do. */
async function migrate(writer: DataSource): Promise<void> {
  await writer.query('BEGIN IMMEDIATE');
  try {
    await writer.runMigrations({ transaction: 'none' });
    await writer.query('COMMIT');
  } catch (error) {
    await writer.query('ROLLBACK');
    throw error;
  }
}

async function readPragma(dataSource: DataSource, name: string): Promise<unknown> {
  const [row] = await dataSource.query<[Record<string, unknown>]>(`PRAGMA ${name}`);
  return row[name];
}

function createStore(
  writer: Connection,
  readers: readonly Connection[],
  maxBytes: number,
): LogStore {
  const reads = createReadBatches(readers.length > 0 ? readers : [writer]);

  return {
    // No transaction may be open on the writer's connection when another one begins.
    maxInserts: 1,

    async insert(sessions, receivedAt) {
      const json = `[${sessions.map((session) => session.json).join(',')}]`;
      const { lastId, changes } = await writer.run({
        sql: insertEntries,
        parameters: [json, receivedAt.toString()],
      });
      // AUTOINCREMENT in one statement: its ids have no gap.
      return lastId - changes + 1;
    },

    async read(query) {
      const objects = await reads.entries(query).catch((error: unknown) => {
        throw isTooLong(error) ? new ResultTooLongError(maxBytes, { cause: error }) : error;
      });
      if (objects) return { objects };
      const times = await reads.times(query);
      // They were erased in the meantime.
      if (!times) return { objects: Buffer.of() };
      const [firstTime, excessTime] = times.split(' ').map(BigInt);
      return { firstTime: firstTime!, excessTime: excessTime! };
    },

    async ping() {
      await reads.ping();
    },

    async close() {
      for (const reader of readers) await reader.close();
      await writer.close();
    },
  };
}
