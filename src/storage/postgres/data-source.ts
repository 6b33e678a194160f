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
 * Ignores the event `error`: the statement in progress fails with the same error, and an event without a
 * listener would end the process (https://nodejs.org/api/events.html#error-events).
 */
class WatchedClient extends Client {
  constructor(...options: ConstructorParameters<typeof Client>) {
    super(...options);
    this.on('error', () => {});
  }
}

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
      ...(hasTimeouts && {
        statement_timeout: statementMs,
        lock_timeout: timeouts.lockMs,
        idle_in_transaction_session_timeout: timeouts.statementMs,
        query_timeout: statementMs + timeouts.graceMs,
      }),
      ...(isReadOnly && {
        onConnect: (client: Client) => client.query('SET default_transaction_read_only = on'),
      }),
      idleTimeoutMillis: 30_000,
      keepAlive: true,
    },
    entities: [LogEntry, Session, IdempotencyKey],
    migrations: [CreateLogEntry1795500000000, CreateSession1795600000000, CreateIdempotencyKey1795700000000],
  });
}
