import { resolve } from 'node:path';
import type { DataSource } from 'typeorm';
import { maxResultBytes, type LogStore } from '../../logs/log-store';
import { createConnection, type Connection } from './connection';
import { createReader, createWriter } from './data-source';
import { createScanLane } from '../lane';
import { createReads } from '../reads';
import { sqlite } from './dialect';
import { insertSessions } from './entry-sql';
import { createReadBatches } from './read-batches';

/** Three, since libuv's pool has four threads and the writer takes one. */
const readerCount = 3;

/** How long a file that others are opening is tried again. */
const maxOpenMs = 10_000;
const retryOpenMs = 50;

export interface SqliteOptions {
  /** A path, or `:memory:`, where one connection both writes and reads. */
  readonly file: string;
  /** How long a read may take, in milliseconds. */
  readonly queryTimeoutMs: number;
}

/**
 * Opens a SQLite file, migrates it, and checks that a commit means "on disk".
 * @param maxBytes of the JSON of one answer
 * @throws {Error} when the file cannot be opened or its commits would not be durable
 */
export async function openSqliteStore(
  { file, queryTimeoutMs }: SqliteOptions,
  maxBytes = maxResultBytes,
): Promise<LogStore> {
  const path = file === ':memory:' ? file : resolve(file);
  const startedAt = performance.now();
  for (;;) {
    try {
      return await open(path, queryTimeoutMs, maxBytes);
    } catch (error) {
      // A new file becomes one with a WAL under a lock that nobody waits for
      // (https://www.sqlite.org/pragma.html#pragma_busy_timeout): another process is about to do it.
      const isBusy = (error as { code?: unknown }).code === 'SQLITE_BUSY';
      if (!isBusy || performance.now() - startedAt > maxOpenMs) throw error;
    }
    await new Promise((resume) => setTimeout(resume, retryOpenMs));
  }
}

async function open(path: string, queryTimeoutMs: number, maxBytes: number): Promise<LogStore> {
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
    const readers: Connection[] = [];
    while (path !== ':memory:' && readers.length < readerCount) {
      const reader = await initialize(createReader(path));
      readers.push(createConnection(reader, { timeoutMs: queryTimeoutMs, maxBytes }));
    }
    // In memory, what ends a read would end a write that is under way, so that there is no limit on time.
    const writing = createConnection(writer, readers.length > 0 ? {} : { maxBytes });
    return createStore(writing, readers, queryTimeoutMs);
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
  queryTimeoutMs: number,
): LogStore {
  const reads = createReadBatches(readers.length > 0 ? readers : [writer]);
  // A scan keeps one connection busy, and leaves the others to those who ask for less.
  const scans = createScanLane(1, queryTimeoutMs);

  return {
    ...createReads(sqlite, ({ sql, values }, { isScan, asker }) => {
      // A list of values is bound as JSON here.
      const query = { sql, parameters: values as readonly string[], isRare: isScan };
      return isScan ? scans(asker, () => reads.all(query, asker)) : reads.all(query, asker);
    }),

    // No transaction may be open on the writer's connection when another one begins.
    maxInserts: 1,

    async insert(sessions, receivedAt) {
      const json = `[${sessions.map((session) => session.json).join(',')}]`;
      const [row] = await writer.all<{ lastId: number }>({
        sql: insertSessions,
        parameters: [json, receivedAt.toString()],
      });
      // AUTOINCREMENT in one statement: its ids have no gap.
      return row!.lastId - sessions[0]!.entryCount + 1;
    },

    async read(query) {
      const objects = await reads.entries(query);
      if (objects) return { objects };
      const times = await reads.times(query);
      // They were erased in the meantime.
      if (!times) return { objects: Buffer.of() };
      const [firstTime, excessTime] = times.split(' ').map(BigInt);
      return { firstTime: firstTime!, excessTime: excessTime! };
    },

    async ping() {
      await reads.all({ sql: 'SELECT 1 FROM log_entry LIMIT 1', parameters: [] });
    },

    async close() {
      for (const reader of readers) await reader.close();
      await writer.close();
    },
  };
}
