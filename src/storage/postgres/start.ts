import { MigrationExecutor, type DataSource } from 'typeorm';
import { maxEntriesPerCommit } from '../../logs/model/limits';
import { codeOf } from '../errors';
import { StartError } from '../start-error';
import { UnfitConnectionError } from './connection';
import { createDataSource, destroy, withOwnConnection } from './data-source';
import { isConnectionFault, sqlState } from './errors';
import { takeEpoch } from './feed/epoch';
import { checkSchema } from './schema/check-schema';

/** Milliseconds during which connecting is retried: the database may start at the same time. */
export const maxStartMs = 60_000;
const retryStartMs = 500;

const migrationLock = 0x6c6f_6700;

const unreachable =
  'PostgreSQL cannot be reached. Check the host and the port, and that PostgreSQL runs and accepts connections from here.';

/** Problem and remedy by code of Node or SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
const refusals: Readonly<Record<string, string>> = {
  ENOTFOUND: 'The host is unknown. Check its name, and the name servers of this machine.',
  '28P01': 'PostgreSQL refuses the user or the password. Check both.',
  '28000': 'PostgreSQL refuses the user. Check the user, its LOGIN privilege and pg_hba.conf.',
  '3D000': 'The database does not exist. Check its name, or create it with CREATE DATABASE.',
  '3F000': 'The search_path has no schema to create tables in. Check search_path.',
  '42501':
    'The user lacks a privilege. The server creates its tables: grant CREATE and USAGE on the schema, ' +
    'or let the user own the tables.',
  [sqlState.noConnection]:
    'PostgreSQL has no free connection. Raise max_connections, or lower DATABASE_POOL_SIZE of all instances.',
  [sqlState.readOnly]:
    'PostgreSQL accepts no writes: it is a standby, or the primary is read-only. Use the address of the primary.',
};

/**
 * Connects to PostgreSQL, waiting for it to start, checks that commits are durable, migrates the database.
 * @param onWait called once, with the error of the first attempt
 * @throws {StartError} if it cannot be reached or used, or its commits would not be durable
 */
export async function prepareDatabase(url: string, onWait: (error: unknown) => void): Promise<void> {
  const migrator = createDataSource({ url, poolSize: 1, hasTimeouts: false });
  try {
    await connect(migrator, onWait);
    await checkServer(migrator);
    // Two connections at once: one alone may get the same backend from a pooler again and again.
    await withOwnConnection(url, async () => {});
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
      return await checkWritable(dataSource);
    } catch (error) {
      // The next attempt opens a new connection: another server may be the primary by then.
      await destroy(dataSource);
      const isUnfit = error instanceof UnfitConnectionError;
      const isFinal = isUnfit || !isConnectionFault(error) || codeOf(error) === 'ENOTFOUND';
      if (isFinal || performance.now() - startedAt > maxStartMs) throw error;
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
  throw Object.assign(new Error(message), { code: sqlState.readOnly });
}

/** @throws {StartError} if the server is too old, or changes text */
export async function checkServer(dataSource: Pick<DataSource, 'query'>): Promise<void> {
  const [{ version, encoding }] = await dataSource.query<[{ version: number; encoding: string }]>(
    `SELECT current_setting('server_version_num')::int AS version, current_setting('server_encoding') AS encoding`,
  );
  if (version < 140_000) throw new StartError('DATABASE_URL: Log Manager needs PostgreSQL 14 or newer.');
  if (encoding !== 'UTF8') {
    throw new StartError(`DATABASE_URL: the database must have the encoding UTF8, not ${encoding}.`);
  }
}

/** In one transaction, under a lock: other instances wait, and then find all migrations executed. */
async function migrate(dataSource: DataSource): Promise<void> {
  await dataSource.transaction(async (manager) => {
    await manager.query(`SELECT pg_advisory_xact_lock(${migrationLock})`);
    await checkSchema(manager);
    const executor = new MigrationExecutor(dataSource, manager.queryRunner);
    executor.transaction = 'none';
    await executor.executePendingMigrations();
    await takeEpoch(manager);
  });
}

/**
 * Each commit takes one block of ids of the sequence: with smaller blocks, two commits would give equal ids.
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

/** Translates an error of the driver for operators; returns other errors unchanged. */
export function toStartError(error: unknown): unknown {
  if (error instanceof StartError) return error;
  if (error instanceof UnfitConnectionError) return new StartError(`DATABASE_URL: ${error.message}`);
  const code = codeOf(error);
  const refusal = refusals[code] ?? (isConnectionFault(error) ? unreachable : undefined);
  if (refusal === undefined) return error;
  return new StartError(`DATABASE_URL: ${refusal} (${(error as Error).message || code})`, { cause: error });
}
