import type { Client, Pool, PoolClient } from 'pg';
import { DataSource } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver';
import { cutConnection } from './cancel';
import { setUpConnection } from './connection';
import { IdempotencyKey } from './schema/idempotency-key';
import { LogEntry } from './schema/log-entry';
import { CreateApiKey1795770000000 } from '../schema/1795770000000-create-api-key';
import { CreateLogEntry1795500000000 } from './schema/migrations/1795500000000-create-log-entry';
import { CreateSession1795600000000 } from './schema/migrations/1795600000000-create-session';
import { CreateIdempotencyKey1795700000000 } from './schema/migrations/1795700000000-create-idempotency-key';
import { CreateFeed1795790000000 } from './schema/migrations/1795790000000-create-feed';
import { Session } from './schema/session';
import { timeouts } from './timeouts';

export interface DataSourceOptions {
  /**
   * postgres://user:password@host:port/database, with the parameters of pg. Some differ from libpq:
   * `sslmode=require` verifies the server like `verify-full` (https://node-postgres.com/features/ssl).
   */
  readonly url: string;
  /** Maximum number of connections. */
  readonly poolSize: number;
  /** Called when an idle connection is lost. */
  readonly onLost?: (error: unknown) => void;
  /** Milliseconds that a statement may take. */
  readonly statementMs?: number;
  /** False for migrations, which may take long. */
  readonly hasTimeouts?: boolean;
  /** Whether PostgreSQL refuses every write on these connections. */
  readonly isReadOnly?: boolean;
}

/** A pool of connections to one PostgreSQL server, not open yet. Every wait has a time limit. */
export function createDataSource(options: DataSourceOptions): DataSource {
  const { url, poolSize, onLost, statementMs = timeouts.statementMs } = options;
  const { hasTimeouts = true, isReadOnly = false } = options;
  // Set on the connection, since poolers refuse or ignore them as parameters of its start.
  const settings = {
    default_transaction_isolation: 'read committed',
    ...(hasTimeouts && {
      statement_timeout: statementMs,
      lock_timeout: timeouts.lockMs,
      idle_in_transaction_session_timeout: timeouts.statementMs,
    }),
    // A generic plan of a frequent filter sorts all entries of a user who has many.
    ...(isReadOnly && { default_transaction_read_only: 'on', plan_cache_mode: 'force_custom_plan' }),
  };
  return new DataSource({
    type: 'postgres',
    url,
    poolSize,
    applicationName: 'log-manager',
    connectTimeoutMS: timeouts.connectMs,
    poolErrorHandler: (error: unknown) => onLost?.(error),
    installExtensions: false,
    extra: {
      ...(hasTimeouts && { query_timeout: statementMs + timeouts.graceMs }),
      async onConnect(client: Client) {
        // The statement in progress fails with the same error; an event `error` without a listener would end
        // the process (https://nodejs.org/api/events.html#error-events).
        client.on('error', () => {});
        await setUpConnection(client, settings);
      },
      idleTimeoutMillis: 30_000,
      keepAlive: true,
    },
    entities: [LogEntry, Session, IdempotencyKey],
    migrations: [
      CreateLogEntry1795500000000,
      CreateSession1795600000000,
      CreateIdempotencyKey1795700000000,
      CreateApiKey1795770000000,
      CreateFeed1795790000000,
    ],
  });
}

/** Closes the connections, if they are open. */
export async function destroy(dataSource: DataSource): Promise<void> {
  if (dataSource.isInitialized) await dataSource.destroy();
}

/**
 * Works on a connection that is closed afterwards. If BEGIN is not answered in time, TypeORM returns the
 * connection to the pool, where BEGIN may still be executed: no commit may use such a connection.
 * @param signal when it is aborted, cancels the statement in progress, cuts the connection, and waits no longer
 * @throws {Error} the reason of `signal`
 */
export async function withOwnConnection<Result>(
  url: string,
  work: (dataSource: DataSource) => Promise<Result>,
  signal?: AbortSignal,
): Promise<Result> {
  const dataSource = createDataSource({ url, poolSize: 1 });
  let client: PoolClient | undefined;
  async function connectAndWork(): Promise<Result> {
    try {
      await dataSource.initialize();
      signal?.throwIfAborted();
      const pool = (dataSource.driver as PostgresDriver).master as Pool;
      pool.on('acquire', (acquired) => (client = acquired));
      return await work(dataSource);
    } finally {
      await destroy(dataSource);
    }
  }
  if (!signal) return connectAndWork();
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      if (client) cutConnection(client);
      // A server that hangs may keep `connectAndWork` from settling for longer.
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', abort);
    connectAndWork()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', abort));
  });
}
