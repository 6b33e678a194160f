import sqlite3, { type Database, type Statement } from 'sqlite3';
import type { DataSource } from 'typeorm';
import { TooManyBytesError } from '../../logs/model/errors';
import { isTooLong, toStoreError } from './errors';

/**
 * Most statements a connection keeps prepared; the one used longest ago goes first. Each takes some of the connection's
 * lookaside memory (https://www.sqlite.org/malloc.html#lookaside). With eight, it is used up, and every small allocation
 * goes through a lock that all connections share: three readers then take twice the time for 1,000 entries.
 */
const maxStatements = 6;

/** A statement and what is bound to its parameters. */
export interface Query {
  readonly sql: string;
  readonly parameters: readonly string[];
  /** Whether it is asked so rarely, or in so many forms, that it is not kept prepared. */
  readonly isRare?: boolean;
}

/** The prepared statements of one SQLite connection, executed on the driver's thread, one after the other. */
export interface Connection {
  /**
   * @throws {QueryTimeoutError} when it takes too long
   * @throws {TooManyBytesError} when a value would be too long
   * @throws {Error} otherwise, as the connection's `toError` makes them
   */
  all<Row>(query: Query): Promise<Row[]>;
  close(): Promise<void>;
}

/** What executes statements, though it cannot close what they are executed on. */
export type Executor = Pick<Connection, 'all'>;

export interface ConnectionLimits {
  /** How long a statement may take, in milliseconds. */
  readonly timeoutMs?: number;
  /**
   * How long a value may be. SQLite itself fails where one would be longer, before it has taken the memory for it
   * (https://www.sqlite.org/c3ref/c_limit_attached.html#sqlitelimitlength).
   */
  readonly maxBytes?: number;
}

/**
 * Gives a DataSource's connection prepared statements, which TypeORM does not use on SQLite:
 * a small query takes 45 µs with them and 100 µs without.
 * @param toError what becomes of a driver's error
 */
export function createConnection(
  dataSource: DataSource,
  { timeoutMs, maxBytes }: ConnectionLimits = {},
  toError = toStoreError,
): Connection {
  // TypeORM's way to the driver's own handle; the types of its drivers are not exported.
  const { databaseConnection } = dataSource.driver as unknown as { databaseConnection: Database };
  if (maxBytes !== undefined) databaseConnection.configure('limit', sqlite3.LIMIT_LENGTH, maxBytes);
  const statements = new Map<string, Promise<Statement>>();

  function prepare(sql: string): Promise<Statement> {
    return new Promise((resolve, reject) => {
      const statement: Statement = databaseConnection.prepare(sql, (error: Error | null) => {
        if (error) reject(error);
        else resolve(statement);
      });
    });
  }

  function prepareOnce(sql: string): Promise<Statement> {
    const known = statements.get(sql);
    if (known) {
      statements.delete(sql);
      statements.set(sql, known);
      return known;
    }
    const prepared = prepare(sql);
    statements.set(sql, prepared);
    prepared.catch(() => statements.delete(sql));
    if (statements.size > maxStatements) void discardOldest();
    return prepared;
  }

  /** Settles when the statement is gone; those that failed to prepare already are. */
  async function discardOldest(): Promise<void> {
    const [oldest] = statements;
    if (!oldest) return;
    const [sql, prepared] = oldest;
    statements.delete(sql);
    const statement = await prepared.catch(() => undefined);
    if (statement) await finalize(statement);
  }

  function finalize(statement: Statement): Promise<void> {
    return new Promise((resolve) => statement.finalize(() => resolve()));
  }

  /**
   * A statement that has met another process's lock is not over for SQLite: it could go on from there
   * (https://www.sqlite.org/c3ref/step.html). While it is not reset, no other statement that writes commits at its end: its
   * transaction stays open, though it looks as if it had succeeded. The driver does not reset it.
   */
  function execute<Row>(statement: Statement, parameters: readonly string[]): Promise<Row[]> {
    return new Promise((resolve, reject) => {
      statement.all(parameters, (error: Error | null, rows: Row[]) => {
        if (error) statement.reset(() => reject(error));
        else resolve(rows);
      });
    });
  }

  return {
    async all<Row>({ sql, parameters, isRare = false }: Query) {
      // Whoever sets a limit executes one statement at a time, so that no other one can be hit.
      const timer =
        timeoutMs === undefined
          ? undefined
          : setTimeout(() => databaseConnection.interrupt(), timeoutMs);
      try {
        if (!isRare) return await execute<Row>(await prepareOnce(sql), parameters);
        const statement = await prepare(sql);
        return await execute<Row>(statement, parameters).finally(() => finalize(statement));
      } catch (error) {
        if (maxBytes !== undefined && isTooLong(error)) {
          throw new TooManyBytesError(maxBytes, { cause: error });
        }
        throw toError(error);
      } finally {
        clearTimeout(timer);
      }
    },
    close: async () => {
      while (statements.size > 0) await discardOldest();
      await dataSource.destroy();
    },
  };
}
