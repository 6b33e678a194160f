import { TooManyBytesError } from '../../logs/model/errors';
import { type LogEntryRepository } from '../../logs/log-entry-repository';
import { createScanQueue, type ScanQueue } from '../work-queue';
import { createReads } from '../reads';
import { createDataSource } from './data-source';
import { postgres } from './dialect';
import {
  deleteKeys,
  eraseEntries,
  insertSessions,
  selectEntries,
  toReceipts,
  type EntriesRow,
  type RecordedRow,
} from './statements';
import { isMisplaced, isReadOnly, isTooLong } from './errors';
import { destroy, withOwnConnection } from './own-connection';
import { dropPartitions, keepPartitions } from './partitions';
import { createPool, createTrust, type Pool, type Query } from './pool';
import { createReplica, type Replica } from './replica';
import { prepareDatabase } from './start';
import { timeouts } from './timeouts';
import { maxResultBytes } from '../../logs/model/limits';
import type { QueryContext } from '../../logs/model/read-context';

export interface PostgresOptions {
  readonly url: string;
  /** A read endpoint; without one, reads go to `url`. */
  readonly readUrl?: string | undefined;
  /** How much older than the primary an answer of `readUrl` may be, in milliseconds. */
  readonly readMaxLagMs: number;
  /** Most connections for reads, to each of the two. */
  readonly poolSize: number;
  /** How long a read may take, in milliseconds. */
  readonly queryTimeoutMs: number;
}

export interface PostgresEvents {
  /** Something went wrong that the store will get over by itself. */
  readonly onTrouble: (error: unknown, message: string) => void;
  /** Reads begin to go to the replica, or cease to. */
  readonly onReplicaChange: (isUsable: boolean) => void;
}

/** While one waits for its log to be on disk, another one inserts. */
const maxCommits = 2;
/** How long a session waits behind commits that hang, in milliseconds. */
const maxWaitMs = 6_000;
/** Commits, one to erase, and beside them one to ask how things are: whether the server answers, and how far it is. */
const writerCount = maxCommits + 2;
const keepPartitionsEveryMs = 3_600_000;

/**
 * Connects to PostgreSQL, waits for it when it is not there yet, migrates it, and checks that a commit means "on disk".
 * @param maxBytes of the JSON of one answer
 * @throws {StartError} when it cannot be used: it is not ours, or its commits would not be durable
 * @throws {Error} when it cannot be reached
 */
export async function openPostgresRepository(
  { url, readUrl, readMaxLagMs, poolSize, queryTimeoutMs }: PostgresOptions,
  { onTrouble, onReplicaChange }: PostgresEvents,
  maxBytes = maxResultBytes,
): Promise<LogEntryRepository> {
  const onLost = (error: unknown): void => onTrouble(error, 'a database connection was lost');
  // Their entries go to the default partition meanwhile.
  const onPartitionsMissing = (error: unknown): void =>
    onTrouble(error, 'the next partitions could not be made; there will be another try');
  const writer = createDataSource({ url, poolSize: writerCount, onLost });
  const readers = { poolSize, onLost, statementMs: queryTimeoutMs };
  const reader = createDataSource({ url, ...readers });
  await prepareDatabase(url, (error) => onTrouble(error, 'waiting for the database'));
  const makePartitions = (): Promise<void> =>
    withOwnConnection(url, (one) => keepPartitions(one, new Date())).catch(onPartitionsMissing);
  await makePartitions();
  try {
    await writer.initialize();
    await reader.initialize();
  } catch (error) {
    await Promise.all([writer, reader].map(destroy));
    throw error;
  }
  const trust = createTrust();
  const writes = createPool(writer, trust);
  let keeping = Promise.resolve();
  const timer = setInterval(() => {
    keeping = makePartitions();
  }, keepPartitionsEveryMs);
  const stopKeeping = (): Promise<void> => {
    clearInterval(timer);
    return keeping;
  };
  const replica =
    readUrl === undefined
      ? undefined
      : createReplica({
          dataSource: createDataSource({ url: readUrl, ...readers }),
          primary: writes,
          maxLagMs: readMaxLagMs,
          onChange: (isUsable, reason) => {
            onReplicaChange(isUsable);
            if (!isUsable) onTrouble(reason, 'the replica is not usable: reads go to the primary');
          },
        });
  const scans = createScanQueue(Math.max(1, poolSize >> 1), queryTimeoutMs);
  return createRepository(
    writes,
    createPool(reader, trust),
    replica,
    scans,
    maxBytes,
    stopKeeping,
    url,
  );
}

/** Locks nothing, and yet is refused where nothing can be written. */
const ping: Query = {
  sql: 'SELECT 1 FROM log_entry WHERE false FOR KEY SHARE',
  parameters: [],
  answerMs: timeouts.probeMs,
  needsPrimary: true,
};

function createRepository(
  writes: Pool,
  reads: Pool,
  replica: Replica | undefined,
  scans: ScanQueue,
  maxBytes: number,
  stopKeeping: () => Promise<void>,
  url: string,
): LogEntryRepository {
  async function read<Row>(query: Query, asker: QueryContext): Promise<Row[]> {
    const statement = { ...query, asker };
    const rows = asker.mustBeLatest ? undefined : await replica?.read<Row>(statement);
    if (rows) return rows;
    return reads.read<Row>(statement).catch((error: unknown) => {
      throw isTooLong(error) ? new TooManyBytesError(maxBytes, { cause: error }) : error;
    });
  }

  return {
    ...createReads(postgres, ({ sql, values }, { asker, isScan, isPage }) => {
      const statement = { sql, parameters: values, isRare: isScan || isPage };
      const work = () => read<never>(statement, asker);
      return isScan ? scans(asker, work) : work();
    }),

    maxConcurrentInserts: maxCommits,

    maxWaitMs,

    async insertSessions(sessions, receivedAt) {
      const json = `[${sessions.map((session) => session.json).join(',')}]`;
      const hasKeys = sessions.some(({ idempotency }) => idempotency);
      const insertion = insertSessions(json, receivedAt, hasKeys);
      const commit = () => writes.commit<RecordedRow>(insertion);
      const rows = await commit().catch((error: unknown) => {
        if (!isMisplaced(error)) throw error;
        return commit();
      });
      return toReceipts(sessions, receivedAt, rows);
    },

    async findEntries(query) {
      const statement = selectEntries(query, maxBytes);
      const [row] = await read<EntriesRow>(statement, query);
      const { objects, isTooMany, first, last } = row!;
      if (objects !== null) return { objects };
      if (!isTooMany) throw new TooManyBytesError(maxBytes);
      return { firstTime: BigInt(first!), excessTime: BigInt(last!) };
    },

    async findLastId() {
      const sql = `SELECT nextval('log_entry_id')::text AS id`;
      const [row] = await writes.commit<{ id: string }>({ sql, parameters: [] });
      return Number(row!.id);
    },

    async eraseEntries(query) {
      const startedAt = performance.now();
      const rows = await writes.commit<{ erased: string }>(eraseEntries(query));
      const count = rows.reduce((sum, { erased }) => sum + Number(erased), 0);
      return { count, tookMs: performance.now() - startedAt };
    },

    // What is left in its files is PostgreSQL's own business: see docs/erasing.md.
    async scrub() {},

    dropExpired: (endTime) => withOwnConnection(url, (one) => dropPartitions(one, endTime)),

    async deleteIdempotencyKeys(before, most) {
      return (await writes.commit(deleteKeys(before, most))).length;
    },

    async ping() {
      await writes.read(ping).catch((error: unknown) => {
        // Connections to a former primary are left then. Where there is no other one, reads can still be answered.
        if (!isReadOnly((error as Error).cause)) throw error;
      });
    },

    async close() {
      await stopKeeping();
      await replica?.close();
      await reads.close();
      await writes.close();
    },
  };
}
