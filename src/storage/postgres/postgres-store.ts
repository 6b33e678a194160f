import { MigrationExecutor, type DataSource } from 'typeorm';
import { ResultTooLongError } from '../../logs/errors';
import { maxResultBytes, type Asker, type LogStore } from '../../logs/log-store';
import { createScanLane, type ScanLane } from '../lane';
import { createReads } from '../reads';
import { createDataSource } from './data-source';
import { postgres } from './dialect';
import { insertSessions, selectEntries, type EntriesRow } from './entry-sql';
import { isConnectionFault, isMisplaced, isReadOnly, isTooLong, readOnly } from './errors';
import { keepPartitions } from './partitions';
import { createPool, createTrust, type Pool, type Query } from './pool';
import { createReplica, type Replica } from './replica';
import { timeouts } from './timeouts';

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
/** Commits, and beside them one to ask how things are: whether the server answers, and how far it is. */
const writerCount = maxCommits + 1;
/** How long a database that starts at the same time is waited for. */
const maxStartMs = 60_000;
const retryStartMs = 500;
const keepPartitionsEveryMs = 3_600_000;

const migrationLock = 0x6c6f_6700;

/**
 * Connects to PostgreSQL, waits for it when it is not there yet, migrates it, and checks that a commit means "on disk".
 * @param maxBytes of the JSON of one answer
 * @throws {Error} when it cannot be reached or its commits would not be durable
 */
export async function openPostgresStore(
  { url, readUrl, readMaxLagMs, poolSize, queryTimeoutMs }: PostgresOptions,
  { onTrouble, onReplicaChange }: PostgresEvents,
  maxBytes = maxResultBytes,
): Promise<LogStore> {
  const onLost = (error: unknown): void => onTrouble(error, 'a database connection was lost');
  // Their entries go to the default partition meanwhile.
  const onPartitionsMissing = (error: unknown): void =>
    onTrouble(error, 'the next partitions could not be made; there will be another try');
  const writer = createDataSource({ url, poolSize: writerCount, onLost });
  const readers = { poolSize, onLost, statementMs: queryTimeoutMs };
  const reader = createDataSource({ url, ...readers });
  const migrator = createDataSource({ url, poolSize: 1, onLost, isPatient: true });
  try {
    await connect(migrator, (error) => onTrouble(error, 'waiting for the database'));
    await checkServer(migrator);
    await migrate(migrator);
    await keepPartitions(migrator, new Date()).catch(onPartitionsMissing);
    await writer.initialize();
    await reader.initialize();
  } catch (error) {
    await Promise.all([writer, reader].map(destroy));
    throw error;
  } finally {
    await destroy(migrator);
  }
  const trust = createTrust();
  const writes = createPool(writer, trust);
  let keeping = Promise.resolve();
  const timer = setInterval(() => {
    keeping = keepPartitionsApart(url).catch(onPartitionsMissing);
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
  const scans = createScanLane(Math.max(1, poolSize >> 1), queryTimeoutMs);
  return createStore(writes, createPool(reader, trust), replica, scans, maxBytes, stopKeeping);
}

async function destroy(dataSource: DataSource): Promise<void> {
  if (dataSource.isInitialized) await dataSource.destroy();
}

/**
 * On a connection of its own. When a transaction's BEGIN is not answered in time, TypeORM gives the connection back as if
 * nothing had happened, though BEGIN may still be executed on it: no commit may ever use such a connection.
 */
async function keepPartitionsApart(url: string): Promise<void> {
  const dataSource = createDataSource({ url, poolSize: 1 });
  try {
    await dataSource.initialize();
    await keepPartitions(dataSource, new Date());
  } finally {
    await destroy(dataSource);
  }
}

async function connect(dataSource: DataSource, onWait: (error: unknown) => void): Promise<void> {
  const startedAt = performance.now();
  for (let attempt = 0; ; attempt++) {
    try {
      await dataSource.initialize();
      await checkWritable(dataSource);
      return;
    } catch (error) {
      // So that the next attempt connects anew: the primary may be another server by then.
      await destroy(dataSource);
      if (!isConnectionFault(error) || performance.now() - startedAt > maxStartMs) throw error;
      if (attempt === 0) onWait(error);
    }
    await new Promise((resolve) => setTimeout(resolve, retryStartMs));
  }
}

/**
 * A standby may be about to be promoted, or to be left for the primary: it is waited for like a server that is not there.
 * @throws {Error} with the code that PostgreSQL refuses writes with
 */
async function checkWritable(dataSource: DataSource): Promise<void> {
  const [answer] = await dataSource.query<[{ isReadOnly: boolean }]>(
    `SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean AS "isReadOnly"`,
  );
  if (!answer.isReadOnly) return;
  const message =
    'DATABASE_URL leads to a PostgreSQL that takes no writes: a standby, or a primary that is read-only.';
  throw Object.assign(new Error(message), { code: readOnly });
}

/** @throws {Error} when the server is too old, or would change or lose what it acknowledges */
async function checkServer(dataSource: DataSource): Promise<void> {
  const [settings] = await dataSource.query<
    [{ version: number; encoding: string; fsync: string; commit: string }]
  >(`SELECT
    current_setting('server_version_num')::int AS version, current_setting('server_encoding') AS encoding,
    current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit`);
  const { version, encoding, fsync, commit } = settings;
  if (version < 140_000) throw new Error('Log Manager needs PostgreSQL 14 or newer.');
  if (encoding !== 'UTF8') {
    throw new Error(`The database must have the encoding UTF8, not ${encoding}.`);
  }
  if (fsync !== 'on' || commit === 'off') {
    throw new Error(
      `PostgreSQL does not make commits durable here: fsync is ${fsync} instead of on, ` +
        `synchronous_commit is ${commit}, which must not be off.`,
    );
  }
}

/** One instance at a time, in one transaction: the others wait, and then find nothing left to do. */
async function migrate(dataSource: DataSource): Promise<void> {
  const runner = dataSource.createQueryRunner();
  try {
    await runner.startTransaction();
    await runner.query(`SELECT pg_advisory_xact_lock(${migrationLock})`);
    const executor = new MigrationExecutor(dataSource, runner);
    executor.transaction = 'none';
    await executor.executePendingMigrations();
    await runner.commitTransaction();
  } catch (error) {
    if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => {});
    throw error;
  } finally {
    await runner.release();
  }
}

/** Locks nothing, and yet is refused where nothing can be written. */
const ping: Query = {
  sql: 'SELECT 1 FROM log_entry WHERE false FOR KEY SHARE',
  parameters: [],
  answerMs: timeouts.probeMs,
  needsPrimary: true,
};

function createStore(
  writes: Pool,
  reads: Pool,
  replica: Replica | undefined,
  scans: ScanLane,
  maxBytes: number,
  stopKeeping: () => Promise<void>,
): LogStore {
  async function read<Row>(query: Query, asker: Asker): Promise<Row[]> {
    const statement = { ...query, asker };
    const rows = asker.mustBeLatest ? undefined : await replica?.read<Row>(statement);
    if (rows) return rows;
    return reads.read<Row>(statement).catch((error: unknown) => {
      throw isTooLong(error) ? new ResultTooLongError(maxBytes, { cause: error }) : error;
    });
  }

  return {
    ...createReads(postgres, ({ sql, values }, { asker, isScan, isPage }) => {
      const statement = { sql, parameters: values, isRare: isScan || isPage };
      const work = () => read<never>(statement, asker);
      return isScan ? scans(asker, work) : work();
    }),

    maxInserts: maxCommits,

    async insert(sessions, receivedAt) {
      const json = `[${sessions.map((session) => session.json).join(',')}]`;
      const commit = () => writes.commit<{ first_id: string }>(insertSessions(json, receivedAt));
      const [row] = await commit().catch((error: unknown) => {
        if (!isMisplaced(error)) throw error;
        return commit();
      });
      return Number(row!.first_id);
    },

    async read(query) {
      const statement = selectEntries(query, maxBytes);
      const [row] = await read<EntriesRow>(statement, query);
      const { objects, isTooMany, first, last } = row!;
      if (objects !== null) return { objects };
      if (!isTooMany) throw new ResultTooLongError(maxBytes);
      return { firstTime: BigInt(first!), excessTime: BigInt(last!) };
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
