import { MigrationExecutor, type DataSource } from 'typeorm';
import { maxEntriesPerCommit } from '../../logs/model/limits';
import { StartError } from '../start-error';
import { checkSchema } from './schema/check-schema';
import { createDataSource } from './data-source';
import { isConnectionFault, readOnly } from './errors';
import { destroy } from './own-connection';
import { toStartError } from './start-errors';

/** Milliseconds during which connecting is retried: the database may start at the same time. */
const maxStartMs = 60_000;
const retryStartMs = 500;

const migrationLock = 0x6c6f_6700;

/**
 * Connects to PostgreSQL, waiting for it to start, checks that commits are durable, and migrates the
 * database.
 * @param onWait called once, with the error of the first attempt
 * @throws {StartError} if it cannot be reached or used, or its commits would not be durable
 */
export async function prepareDatabase(url: string, onWait: (error: unknown) => void): Promise<void> {
  const migrator = createDataSource({ url, poolSize: 1, hasTimeouts: false });
  try {
    await connect(migrator, onWait);
    await checkServer(migrator);
    await migrate(migrator);
    await checkIdBlocks(migrator);
  } catch (error) {
    throw toStartError(error);
  } finally {
    await destroy(migrator);
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
      // The next attempt opens a new connection: another server may be the primary by then.
      await destroy(dataSource);
      if (!isConnectionFault(error) || performance.now() - startedAt > maxStartMs) throw error;
      if (attempt === 0) onWait(error);
    }
    await new Promise((resolve) => setTimeout(resolve, retryStartMs));
  }
}

/**
 * A standby may be about to be promoted, so it is waited for like a server that does not answer.
 * @throws {Error} with PostgreSQL's code for refused writes
 */
async function checkWritable(dataSource: DataSource): Promise<void> {
  const [answer] = await dataSource.query<[{ isReadOnly: boolean }]>(
    `SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean AS "isReadOnly"`,
  );
  if (!answer.isReadOnly) return;
  const message =
    'DATABASE_URL leads to a PostgreSQL server that takes no writes: a standby, or a read-only primary.';
  throw Object.assign(new Error(message), { code: readOnly });
}

/** @throws {StartError} if the server is too old, changes text, or does not make commits durable */
async function checkServer(dataSource: DataSource): Promise<void> {
  const [settings] = await dataSource.query<
    [{ version: number; encoding: string; fsync: string; commit: string }]
  >(`SELECT
    current_setting('server_version_num')::int AS version, current_setting('server_encoding') AS encoding,
    current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit`);
  const { version, encoding, fsync, commit } = settings;
  if (version < 140_000) {
    throw new StartError('DATABASE_URL: Log Manager needs PostgreSQL 14 or newer.');
  }
  if (encoding !== 'UTF8') {
    throw new StartError(`DATABASE_URL: the database must have the encoding UTF8, not ${encoding}.`);
  }
  if (fsync !== 'on' || commit === 'off') {
    throw new StartError(
      `DATABASE_URL: PostgreSQL does not make commits durable here: fsync is ${fsync} instead of on, ` +
        `synchronous_commit is ${commit}, which must not be off.`,
    );
  }
}

/** In one transaction, under a lock: other instances wait, and then find all migrations executed. */
async function migrate(dataSource: DataSource): Promise<void> {
  const runner = dataSource.createQueryRunner();
  try {
    await runner.startTransaction();
    await runner.query(`SELECT pg_advisory_xact_lock(${migrationLock})`);
    await checkSchema(runner);
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

/**
 * Each commit takes one block of ids from the sequence: with smaller blocks, two commits would give equal
 * ids.
 * @throws {StartError} if a block has another size than a commit
 */
async function checkIdBlocks(dataSource: DataSource): Promise<void> {
  const [{ size }] = await dataSource.query<[{ size: string }]>(
    `SELECT seqincrement::text AS size FROM pg_sequence WHERE seqrelid = 'log_entry_id'::regclass`,
  );
  if (Number(size) === maxEntriesPerCommit) return;
  throw new StartError(
    `DATABASE_URL: the sequence log_entry_id increments by ${size}, and a commit takes ` +
      `${maxEntriesPerCommit} ids. ` +
      `Stop all instances, then execute ALTER SEQUENCE log_entry_id INCREMENT BY ${maxEntriesPerCommit}.`,
  );
}
