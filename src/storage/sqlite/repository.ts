import { resolve } from 'node:path';
import { type LogEntryRepository, type Receipt } from '../../logs/log-entry-repository';
import { createScanQueue } from '../work-queue';
import { createReads } from '../reads';
import { checkFile } from './files/check-file';
import { createConnection, type Connection, type Query } from './connection';
import { createReader } from './data-source';
import { sqlite } from './dialect';
import { deleteKeys, eraseEntries, insertSessions, type RecordedRow } from './statements';
import { isBusy } from './errors';
import { createPageScrubber } from './scrubbing/page-scrubber';
import { createReadPool } from './read-pool';
import { createScrub } from './scrubbing/scrub';
import { toStartError } from './files/start-errors';
import { openWriter, type Writer } from './writer';
import { maxResultBytes } from '../../logs/model/limits';

/** Three, since libuv's pool has four threads and the writer takes one. */
const readerCount = 3;

/** How long a file that others are opening, or have locked, is tried again, at least. */
const minOpenMs = 10_000;
const retryOpenMs = 50;

export interface SqliteOptions {
  /** A path, or `:memory:`, where one connection both writes and reads. */
  readonly file: string;
  /** How long a write waits for another process's lock, in milliseconds. */
  readonly busyTimeoutMs: number;
  /** How long a read may take, in milliseconds. */
  readonly queryTimeoutMs: number;
}

export interface SqliteEvents {
  /** Something went wrong that the store will get over by itself. */
  readonly onTrouble: (error: unknown, message: string) => void;
}

/**
 * Opens a SQLite file that is new or ours, migrates it, and checks that a commit means "on disk".
 * @param maxBytes of the JSON of one answer
 * @throws {StartError} when the file cannot be used
 */
export async function openSqliteRepository(
  options: SqliteOptions,
  events: SqliteEvents,
  maxBytes = maxResultBytes,
): Promise<LogEntryRepository> {
  const { file, busyTimeoutMs } = options;
  const path = file === ':memory:' ? file : resolve(file);
  const maxOpenMs = Math.max(minOpenMs, busyTimeoutMs);
  const startedAt = performance.now();
  for (;;) {
    try {
      return await open(path, options, events, maxBytes);
    } catch (error) {
      // A new file becomes one with a WAL under a lock that nobody waits for
      // (https://www.sqlite.org/pragma.html#pragma_busy_timeout): another process is about to do it.
      const isLate = performance.now() - startedAt > maxOpenMs;
      if (!isBusy(error) || isLate) throw toStartError(error, path);
    }
    await new Promise((resume) => setTimeout(resume, retryOpenMs));
  }
}

async function open(
  path: string,
  { busyTimeoutMs, queryTimeoutMs }: SqliteOptions,
  { onTrouble }: SqliteEvents,
  maxBytes: number,
): Promise<LogEntryRepository> {
  const timing = { busyTimeoutMs, queryTimeoutMs };
  if (path === ':memory:') {
    // What ends a read would end a write that is under way, so that there is no limit on time.
    const writer = await openWriter({ path, busyTimeoutMs, maxBytes, onTrouble });
    return createRepository(path, writer, [], timing);
  }
  await checkFile(path);
  const writer = await openWriter({ path, busyTimeoutMs, onTrouble });
  const readers: Connection[] = [];
  try {
    while (readers.length < readerCount) {
      // The lock that others write under keeps nobody from reading; one that they alone use the file under does.
      const waitMs = Math.min(busyTimeoutMs, queryTimeoutMs);
      const source = await createReader(path, waitMs).initialize();
      const reader = createConnection(source, { timeoutMs: queryTimeoutMs, maxBytes });
      readers.push(reader);
      // Now it has the log open, and its index, which must not be made anew when the writer opens the file again.
      await reader.all({ ...ping, isRare: true });
    }
  } catch (error) {
    await Promise.all([writer, ...readers].map((opened) => opened.close()));
    throw error;
  }
  return createRepository(path, writer, readers, timing);
}

const ping: Query = { sql: 'SELECT 1 FROM log_entry LIMIT 1', parameters: [] };

/** @param readers none in memory, where the writer reads as well */
function createRepository(
  path: string,
  writer: Writer,
  readers: readonly Connection[],
  { busyTimeoutMs, queryTimeoutMs }: Omit<SqliteOptions, 'file'>,
): LogEntryRepository {
  const inMemory = { all: <Row>(query: Query) => writer.write<Row>(query) };
  const reads = createReadPool(readers.length > 0 ? readers : [inMemory]);
  // A scan keeps one connection busy, and leaves the others to those who ask for less.
  const scans = createScanQueue(1, queryTimeoutMs);
  // In memory there are no files.
  const pages = readers.length > 0 ? createPageScrubber(path) : undefined;
  const scrub = pages && createScrub(writer, reads, scans, pages);

  return {
    ...createReads(sqlite, ({ sql, values }, { isScan, asker }) => {
      // A list of values is bound as JSON here.
      const query = { sql, parameters: values as readonly string[], isRare: isScan };
      return isScan ? scans(asker, () => reads.all(query, asker)) : reads.all(query, asker);
    }),

    // No transaction may be open on the writer's connection when another one begins.
    maxConcurrentInserts: 1,

    maxWaitMs: busyTimeoutMs,

    async insertSessions(sessions, receivedAt) {
      const json = `[${sessions.map((session) => session.json).join(',')}]`;
      const rows = await writer.write<RecordedRow>({
        sql: insertSessions(sessions.some(({ idempotency }) => idempotency)),
        parameters: [json, receivedAt.toString()],
      });
      return rows.map(({ lastId, knownId, knownDigest, knownAt }, at): Receipt =>
        knownId === null
          ? // AUTOINCREMENT in one statement: the ids of a session have no gap.
            {
              firstId: (lastId ?? 0) - sessions[at]!.entryCount + 1,
              receivedAt,
              recordedDigest: undefined,
            }
          : { firstId: knownId, receivedAt: BigInt(knownAt!), recordedDigest: knownDigest! },
      );
    },

    async findEntries(query) {
      const objects = await reads.entries(query);
      if (objects) return { objects };
      const times = await reads.times(query);
      // They were erased in the meantime.
      if (!times) return { objects: Buffer.of() };
      const [firstTime, excessTime] = times.split(' ').map(BigInt);
      return { firstTime: firstTime!, excessTime: excessTime! };
    },

    async findLastId() {
      const sql = "SELECT seq FROM sqlite_sequence WHERE name = 'log_entry'";
      const [row] = await reads.all<{ seq: number }>({ sql, parameters: [], isRare: true });
      return row?.seq ?? 0;
    },

    async eraseEntries({ sessions, lastId, endTime, most }) {
      const keys = JSON.stringify(sessions.map(({ userId, sessionId }) => [userId, sessionId]));
      const parameters = [keys, ...[lastId, endTime, most].map(String)];
      return writer.exclusive(async (connection) => {
        const startedAt = performance.now();
        const rows = await connection.all<{ erased: number }>({ sql: eraseEntries, parameters });
        const count = rows.reduce((sum, { erased }) => sum + erased, 0);
        return { count, tookMs: performance.now() - startedAt };
      });
    },

    scrub: async () => scrub?.(),

    async dropExpired(endTime) {
      return endTime;
    },

    async deleteIdempotencyKeys(before, most) {
      const parameters = [before, most].map(String);
      return (await writer.write({ sql: deleteKeys, parameters })).length;
    },

    async ping() {
      await reads.all(ping);
    },

    async close() {
      for (const reader of readers) await reader.close();
      await writer.close();
      await pages?.close();
    },
  };
}
