import type { LogEntryRepository, Receipt } from '../../logs/log-entry-repository';
import { collectAfterCrowd } from '../../logs/model/collect-garbage';
import type { QueryContext } from '../../logs/model/read-context';
import type { StorageEvents } from '../events';
import { readClassOf } from '../filter-sql';
import { createKeyStore } from '../key-store';
import { createQueries } from '../queries';
import { createReadLane, type Turn } from '../read-lane';
import { createReads, type ReadExecutor } from '../reads';
import { maxParallelBytes } from '../result-room';
import { createSqliteChanges } from './change-store';
import { createConnection, oneOff, toQuery, type Connection, type Query } from './connection';
import { createReader } from './data-source';
import { sqlite } from './dialect';
import { isBusy, toStoreError } from './errors';
import { checkFile } from './files/check-file';
import { toRealPath } from './files/real-path';
import { toStartError } from './files/start-errors';
import { createLogLimit } from './log-limit';
import { createReadPool, type EntriesRow } from './read-pool';
import { LogEntry } from './schema/log-entry';
import { createPageScrubber } from './scrubbing/page-scrubber';
import { createScrub } from './scrubbing/scrub';
import { deleteKeys, eraseEntries, insertSessions, type RecordedRow } from './statements';
import { openWriter } from './writer';

/** Connections for bounded reads. */
const boundedCount = 3;

/** The greatest id (https://www.sqlite.org/autoinc.html). */
const maxId = 2n ** 63n - 1n;

/** Minimum number of milliseconds during which opening is retried while the file is locked. */
const minOpenMs = 10_000;
const retryOpenMs = 50;

export interface SqliteOptions {
  /** A path; or `:memory:`, where one connection writes and reads. */
  readonly file: string;
  /** Milliseconds that a write waits for another process's lock. */
  readonly busyTimeoutMs: number;
  /** Milliseconds that a read may take. */
  readonly queryTimeoutMs: number;
  /** Milliseconds that an expensive read may wait and take. */
  readonly readQueueMs: number;
}

const ping: Query = { sql: 'SELECT 1 FROM log_entry LIMIT 1', parameters: [] };

/**
 * Opens a SQLite file, creates and migrates it as needed, and checks that commits are durable.
 * @param maxBytes limit of the JSON of one result
 * @throws {StartError} if the file cannot be used
 */
export async function openSqliteRepository(
  options: SqliteOptions,
  { onWarning, lane }: Pick<StorageEvents, 'onWarning' | 'lane'>,
  maxBytes: number,
): Promise<LogEntryRepository> {
  const { file, busyTimeoutMs, queryTimeoutMs, readQueueMs } = options;
  const onError = (error: unknown): never => {
    throw toStartError(error, file);
  };
  const path = file === ':memory:' ? file : await toRealPath(file).catch(onError);
  const open = () => openConnections(path, options, onWarning, maxBytes);
  const { writer, readers, connections, dataSource } = await retryWhileLocked(path, busyTimeoutMs, open);
  const queries = createQueries(sqlite, maxBytes);
  const inMemory = { all: <Row>(query: Query) => writer.write<Row>(query) };
  const bounded = createReadPool(readers ? readers.bounded : [inMemory], queries);
  const expensive = readers ? createReadPool([readers.expensive], queries) : bounded;
  // For health and keys, which wait for no read of entries.
  const probes = readers ? createReadPool([readers.probe], queries) : bounded;
  const readLane = createReadLane({
    maxReads: 1,
    maxRunMs: queryTimeoutMs,
    maxMs: readQueueMs,
    observer: lane,
    onCrowdEnd: collectAfterCrowd,
  });
  // Between two expensive reads, as these use the log for long. The writer keeps others from writing meanwhile.
  const truncateLog = () => writer.exclusive((connection) => writer.checkpoint(connection, 'TRUNCATE'));
  const log = readers && createLogLimit(path, () => readLane.run({ mustBeLatest: true }, truncateLog));
  const pages = readers && createPageScrubber(path);
  const scrub = pages && createScrub(writer, { bounded, expensive }, pages);

  function limitLog(context: QueryContext): QueryContext {
    if (!log) return context;
    const requireShortLog = log.watchRead();
    const check = (): void => {
      context.check?.();
      requireShortLog();
    };
    return { ...context, check };
  }

  const executor: ReadExecutor = {
    all: (select, context) => {
      const query = toQuery(select);
      // The server's own reads, such as the sessions of a user who is erased, wait for no expensive read.
      const isOwn = context.client === undefined;
      if (select.readClass === 'bounded' || isOwn) return bounded.all<never>(query, context);
      const read = (turn: Turn) =>
        expensive.all<never>({ ...query, timeoutMs: readers && turn.maxMs }, limitLog(turn.context));
      return readLane.run(context, read, select);
    },
    entries: async (query, context) => {
      if (readClassOf(query.filter) === 'bounded') return bounded.entries(query, context);
      const [row] = await executor.all<EntriesRow>(queries.entries(query), context);
      return row!.objects;
    },
  };

  return dataSource.getRepository(LogEntry).extend<LogEntryRepository>({
    findRefusal: readLane.findRefusal,

    ...createReads(queries, executor),

    changes: createSqliteChanges({ writer, executor, probe: probes.all, isInMemory: !readers }),

    // Two transactions cannot be open on one connection.
    maxConcurrentInserts: 1,
    maxWaitMs: busyTimeoutMs,

    async insertSessions(sessions, receivedAt) {
      const json = `[${sessions.map((session) => session.json).join(',')}]`;
      const rows = await writer.write<RecordedRow>({
        sql: insertSessions(sessions.some(({ idempotency }) => idempotency)),
        parameters: [json, receivedAt.toString()],
      });
      return rows.map(({ lastId, knownId, knownDigest, knownAt }, at): Receipt => {
        if (knownId !== null) {
          return { firstId: knownId, receivedAt: BigInt(knownAt!), recordedDigest: knownDigest! };
        }
        // AUTOINCREMENT in one statement: the ids of a session have no gap.
        const firstId = (lastId ?? 0) - (sessions[at]?.entryCount ?? 0) + 1;
        return { firstId, receivedAt, recordedDigest: undefined };
      });
    },

    async eraseEntries({ sessions, before, endTime, limit }) {
      const keys = JSON.stringify(sessions.map(({ userId, sessionId }) => [userId, sessionId]));
      const parameters = [keys, ...[before ? before.id - 1 : maxId, endTime, limit].map(String)];
      return writer.exclusive(async (connection) => {
        const startedAt = performance.now();
        const rows = await connection.all<{ erased: number }>({ sql: eraseEntries, parameters });
        const count = rows.reduce((sum, { erased }) => sum + erased, 0);
        return { count, tookMs: performance.now() - startedAt };
      });
    },

    scrub: async () => scrub?.(),

    // SQLite has no partitions.
    dropExpired: async (endTime) => endTime,

    async deleteIdempotencyKeys(before, limit) {
      const parameters = [before, limit].map(String);
      return (await writer.write({ sql: deleteKeys, parameters })).length;
    },

    keys: createKeyStore({
      read: (sql) => probes.all(oneOff(sql)),
      write: (sql, parameters) => writer.write({ sql, parameters, isOneOff: true }),
    }),

    ...(log && { logBytes: log.bytes }),

    async ping() {
      writer.health.check();
      await probes.all(ping);
    },

    async close() {
      // A request that failed early leaves reads of its other fields in progress.
      const closeReaders = () => Promise.all(connections.map((connection) => connection.close()));
      const pools = [bounded, expensive, probes];
      const closeIdle = pools.reduce<() => Promise<unknown>>(
        (work, pool) => () => pool.pause({ maxMs: queryTimeoutMs }, work),
        closeReaders,
      );
      if ((await closeIdle()) === undefined) await closeReaders();
      await log?.stop();
      await writer.close();
      await pages?.close();
    },
  });
}

async function retryWhileLocked<Result>(path: string, busyTimeoutMs: number, open: () => Promise<Result>) {
  const startedAt = performance.now();
  for (;;) {
    try {
      return await open();
    } catch (error) {
      // busy_timeout does not apply to the lock under which another process switches a new file to WAL
      // (https://www.sqlite.org/pragma.html#pragma_busy_timeout).
      const isLate = performance.now() - startedAt > Math.max(minOpenMs, busyTimeoutMs);
      if (!isBusy(error) || isLate) throw toStartError(error, path);
    }
    await new Promise((resume) => setTimeout(resume, retryOpenMs));
  }
}

/** The connections that read a file. */
type Readers = Record<'bounded', readonly Connection[]> & Record<'expensive' | 'probe', Connection>;

/**
 * @returns the writer, the readers (none in memory, where the writer also reads), and a data source that is
 *   read-only, except in memory: a TypeORM repository could write outside of the writer's queue
 */
async function openConnections(
  path: string,
  { busyTimeoutMs, queryTimeoutMs }: SqliteOptions,
  onWarning: StorageEvents['onWarning'],
  maxBytes: number,
) {
  if (path === ':memory:') {
    // No time limit: an interrupt would also end a write in progress.
    const writer = await openWriter({ path, busyTimeoutMs, maxBytes, onWarning });
    return { writer, readers: undefined, connections: [], dataSource: writer.dataSource };
  }
  const warning = await checkFile(path);
  const writer = await openWriter({ path, busyTimeoutMs, onWarning });
  const { health } = writer;
  const connections: Connection[] = [];
  const toError = (error: unknown) => health.toFault(error, true) ?? toStoreError(error);

  async function openReader(maxResultBytes = maxBytes) {
    // The lock of writers does not block reads; an exclusive lock of another process does.
    const dataSource = await createReader(path, Math.min(busyTimeoutMs, queryTimeoutMs)).initialize();
    const limits = { timeoutMs: queryTimeoutMs, maxBytes: maxResultBytes };
    const connection = createConnection(dataSource, limits, toError, health.checkDamage);
    connections.push(connection);
    // Opens the log and its index: the index must survive when the writer reopens the file.
    await connection.all(oneOff(ping.sql));
    return { connection, dataSource };
  }

  try {
    const { connection: probe, dataSource } = await openReader();
    const { connection: expensive } = await openReader();
    const bounded = [(await openReader()).connection];
    const maxOtherBytes = Math.min(maxBytes, maxParallelBytes);
    while (bounded.length < boundedCount) bounded.push((await openReader(maxOtherBytes)).connection);
    health.watch();
    if (warning !== undefined) onWarning(undefined, warning);
    const readers: Readers = { bounded, expensive, probe };
    return { writer, readers, connections, dataSource };
  } catch (error) {
    await Promise.all(connections.map((opened) => opened.close()));
    await writer.close();
    throw error;
  }
}
