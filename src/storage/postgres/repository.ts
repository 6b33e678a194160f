import type { LogEntryRepository } from '../../logs/log-entry-repository';
import { TooManyBytesError } from '../../logs/model/errors';
import { collectAfterCrowd } from '../../logs/model/collect-garbage';
import type { QueryContext } from '../../logs/model/read-context';
import type { Select } from '../dialect';
import { codeOf } from '../errors';
import type { StorageEvents } from '../events';
import { createKeyStore } from '../key-store';
import { createQueries } from '../queries';
import { createReadLane, type Turn } from '../read-lane';
import { createReads } from '../reads';
import { createDataSource, destroy, withOwnConnection } from './data-source';
import { postgres } from './dialect';
import { isContention, sqlState } from './errors';
import { createPostgresChanges } from './feed/change-store';
import { createHorizon } from './feed/horizon';
import { createLargeResults } from './large-results';
import { cancelReads, dropPartitions, keepPartitions } from './partitions';
import { createPool, createTrust, type Query } from './pool';
import { createReplica } from './replica';
import { LogEntry } from './schema/log-entry';
import { prepareDatabase, toStartError } from './start';
import { deleteKeys, eraseEntries, insertSessions, toReceipts, type RecordedRow } from './statements';
import { timeouts } from './timeouts';

export interface PostgresOptions {
  readonly url: string;
  /** A read endpoint; without it, reads go to `url`. */
  readonly readUrl?: string | undefined;
  /** Maximum replica lag for reads, in milliseconds. */
  readonly readMaxLagMs: number;
  /** Maximum number of connections for reads, to each of the two. */
  readonly poolSize: number;
  /** Milliseconds that a read may take. */
  readonly queryTimeoutMs: number;
  /** Milliseconds that an expensive read may wait and take. */
  readonly readQueueMs: number;
}

/** While one commit waits for its sync, another one inserts. */
const maxCommits = 2;
/** Milliseconds that a session waits until its commit starts. */
export const maxWaitMs = 6_000;
/** The commits, a connection to erase, one for health and the position in the log, and one for the horizon. */
export const writerCount = maxCommits + 3;
const keepPartitionsEveryMs = 3_600_000;

/** Locks no row, and is refused by a server that takes no writes. */
const ping: Query = {
  sql: 'SELECT 1 FROM log_entry WHERE false FOR KEY SHARE',
  answerMs: timeouts.probeMs,
  needsPrimary: true,
};

/**
 * Prepares the database and connects to it.
 * @param maxBytes limit of the JSON of one result
 * @throws {StartError} see {@link prepareDatabase}
 */
export async function openPostgresRepository(
  { url, readUrl, readMaxLagMs, poolSize, queryTimeoutMs, readQueueMs }: PostgresOptions,
  { onWarning, onReplicaChange, lane }: StorageEvents,
  maxBytes: number,
): Promise<LogEntryRepository> {
  const onLost = (error: unknown): void => onWarning(error, 'database connection lost');
  const writer = createDataSource({ url, poolSize: writerCount, onLost });
  const readerOptions = { poolSize, onLost, statementMs: queryTimeoutMs, isReadOnly: true };
  const reader = createDataSource({ url, ...readerOptions });
  await prepareDatabase(url, (error) => onWarning(error, 'waiting for the database'));
  // Without a partition, entries go to the default partition.
  const closing = new AbortController();
  const { signal } = closing;
  const createPartitions = (): Promise<void> =>
    withOwnConnection(url, (own) => keepPartitions(own, new Date()), signal).catch((error: unknown) => {
      if (!signal.aborted) onWarning(error, 'creating partitions failed; retrying');
    });
  let creatingPartitions = createPartitions();
  await creatingPartitions;
  try {
    await writer.initialize();
    await reader.initialize();
  } catch (error) {
    await Promise.all([writer, reader].map(destroy));
    throw toStartError(error);
  }
  const partitionTimer = setInterval(() => {
    creatingPartitions = createPartitions();
  }, keepPartitionsEveryMs);

  const trust = createTrust();
  const writes = createPool(writer, trust);
  const reads = createPool(reader, trust, queryTimeoutMs);
  const replica =
    readUrl === undefined
      ? undefined
      : createReplica({
          dataSource: createDataSource({ url: readUrl, ...readerOptions }),
          primary: writes,
          maxLagMs: readMaxLagMs,
          onChange: (isUsable, reason) => {
            onReplicaChange(isUsable);
            if (!isUsable) onWarning(reason, 'replica not usable: reads go to the primary');
          },
        });
  const readLane = createReadLane({
    maxReads: Math.max(1, poolSize >> 3),
    maxRunMs: queryTimeoutMs,
    maxMs: readQueueMs,
    observer: lane,
    onCrowdEnd: collectAfterCrowd,
  });
  const queries = createQueries(postgres, maxBytes);
  const largeResults = createLargeResults({
    maxBytes,
    maxWaitMs: queryTimeoutMs,
    maxLargeReads: Math.max(2, poolSize >> 2),
  });

  function all<Row>(select: Select, context: QueryContext): Promise<Row[]> {
    async function execute<Found>(statement: Query): Promise<Found[]> {
      const query = { context, ...statement };
      const rows = context.mustBeLatest ? undefined : await replica?.read<Found>(query);
      if (rows) return rows;
      return reads.read<Found>(query).catch((error: unknown) => {
        throw codeOf(error) === sqlState.tooLong ? new TooManyBytesError(maxBytes, { cause: error }) : error;
      });
    }
    if (select.readClass === 'bounded') return largeResults.read(select, context, (query) => execute(query));
    const readInLane = (turn: Turn): Promise<Row[]> => {
      const endsAt = performance.now() + turn.maxMs;
      return largeResults.read(select, turn.context, (query) => {
        const leftMs = endsAt - performance.now();
        const limited = { ...query, context: turn.context, mayUseWorkers: turn.isAlone };
        return execute(leftMs < queryTimeoutMs ? { ...limited, maxMs: leftMs } : limited);
      });
    };
    return readLane.run(context, readInLane, select);
  }

  const horizon = createHorizon({ read: (query) => writes.read(query), onWarning });

  return reader.getRepository(LogEntry).extend<LogEntryRepository>({
    changes: createPostgresChanges({ writes, executor: { all }, horizon }),
    findRefusal: readLane.findRefusal,

    ...createReads(queries, {
      all,
      async entries(query, context) {
        const [row] = await all<{ objects: string | Buffer | null }>(queries.entries(query), context);
        return row!.objects;
      },
    }),

    maxConcurrentInserts: maxCommits,
    maxWaitMs,

    async insertSessions(sessions, receivedAt, isPart) {
      const json = `[${sessions.map((session) => session.json).join(',')}]`;
      const hasKeys = sessions.some(({ idempotency }) => idempotency);
      const isShared = sessions.length > 1;
      const lockMs = isShared || isPart ? timeouts.batchLockMs : timeouts.lockMs;
      const insertion = insertSessions(json, receivedAt, hasKeys, lockMs);
      const commit = () => writes.commit<RecordedRow>(insertion);
      const rows = await commit().catch((error: unknown) => {
        if (codeOf(error) === sqlState.misplaced) return commit();
        const { cause } = error as Error;
        throw isShared && isContention(cause) ? cause : error;
      });
      return toReceipts(sessions, receivedAt, rows);
    },

    async eraseEntries(query) {
      const startedAt = performance.now();
      const rows = await writes.commit<{ erased: string }>(eraseEntries(query));
      const count = rows.reduce((sum, { erased }) => sum + Number(erased), 0);
      return { count, tookMs: performance.now() - startedAt };
    },

    // PostgreSQL's files are not scrubbed: see docs/erasing.md.
    async scrub() {},

    dropExpired: (endTime) =>
      withOwnConnection(url, (own) =>
        dropPartitions(own, endTime, () => writes.read({ sql: cancelReads, retries: 0 })),
      ),

    async deleteIdempotencyKeys(before, limit) {
      return (await writes.commit(deleteKeys(before, limit))).length;
    },

    async now() {
      const sql = 'SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint::text AS now';
      const [row] = await writes.commit<{ now: string }>({ sql });
      return BigInt(row!.now);
    },

    keys: createKeyStore({
      // Reads of entries may have every connection of their pool, and may take longer than a revoked key may count.
      read: (sql) => writes.read({ sql, answerMs: timeouts.probeMs, retries: 0 }),
      write: (sql, values) => writes.commit({ sql, values }),
    }),

    async ping() {
      await writes.read(ping).catch((error: unknown) => {
        // A read-only server still answers reads. Its error makes the pool connect anew.
        if (codeOf((error as Error).cause) !== sqlState.readOnly) throw error;
      });
    },

    async close() {
      clearInterval(partitionTimer);
      closing.abort();
      await creatingPartitions;
      await horizon.close();
      await replica?.close();
      await reads.close();
      await writes.close();
    },
  });
}
