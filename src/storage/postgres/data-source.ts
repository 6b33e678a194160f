import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { IdempotencyKey } from './schema/idempotency-key';
import { LogEntry } from './schema/log-entry';
import { CreateLogEntry1795500000000 } from './schema/migrations/1795500000000-create-log-entry';
import { CreateSession1795600000000 } from './schema/migrations/1795600000000-create-session';
import { CreateIdempotencyKey1795700000000 } from './schema/migrations/1795700000000-create-idempotency-key';
import { Session } from './schema/session';
import { timeouts } from './timeouts';

/**
 * A connection that is lost while it is in use tells the statement, and also whoever listens: an error that nobody
 * listens to would end the process (https://nodejs.org/api/events.html#error-events).
 */
class WatchedClient extends Client {
  constructor(...options: ConstructorParameters<typeof Client>) {
    super(...options);
    this.on('error', () => {});
  }
}

export interface DataSourceOptions {
  /**
   * postgres://user:password@host:port/database, with the parameters that pg knows. Not all of them mean what they do to
   * libpq: `sslmode=require` verifies the server as `verify-full` does (https://node-postgres.com/features/ssl).
   */
  readonly url: string;
  /** Most connections. */
  readonly poolSize: number;
  /** A connection that nobody was using has been lost. */
  readonly onLost?: (error: unknown) => void;
  /** How long a statement may take, in milliseconds, when other than usual. */
  readonly statementMs?: number;
  /** Waits as long as it takes, as migrations must. */
  readonly isPatient?: boolean;
}

/** A pool of connections to one PostgreSQL server, none of which waits for ever for anything. */
export function createDataSource(options: DataSourceOptions): DataSource {
  const { url, poolSize, onLost, statementMs = timeouts.statementMs, isPatient = false } = options;
  return new DataSource({
    type: 'postgres',
    url,
    poolSize,
    applicationName: 'log-manager',
    connectTimeoutMS: timeouts.connectMs,
    poolErrorHandler: (error: unknown) => onLost?.(error),
    installExtensions: false,
    extra: {
      Client: WatchedClient,
      ...(!isPatient && {
        statement_timeout: statementMs,
        lock_timeout: timeouts.lockMs,
        idle_in_transaction_session_timeout: timeouts.statementMs,
        query_timeout: statementMs + timeouts.graceMs,
      }),
      idleTimeoutMillis: 30_000,
      keepAlive: true,
    },
    entities: [LogEntry, Session, IdempotencyKey],
    migrations: [
      CreateLogEntry1795500000000,
      CreateSession1795600000000,
      CreateIdempotencyKey1795700000000,
    ],
  });
}
