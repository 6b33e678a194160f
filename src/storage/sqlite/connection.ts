import sqlite3, { type Database, type RunResult, type Statement } from 'sqlite3';
import type { DataSource } from 'typeorm';
import { toStoreError } from './errors';

/**
 * Most statements a connection keeps prepared; the one used longest ago goes first. Each takes some of the connection's
 * lookaside memory (https://www.sqlite.org/malloc.html#lookaside). With eight, it is used up, and every small allocation
 * goes through a lock that all connections share: three readers then take twice the time for 1,000 entries.
 */
const maxStatements = 6;

/** A statement and what is bound to its parameters. */
export interface Query {
  readonly sql: string;
  readonly parameters: readonly (string | number)[];
}

/** The prepared statements of one SQLite connection, executed on the driver's thread, one after the other. */
export interface Connection {
  all<Row>(query: Query): Promise<Row[]>;
  run(query: Query): Promise<{ lastId: number; changes: number }>;
  close(): Promise<void>;
}

/**
 * SQLite itself then fails where a value would be longer, with SQLITE_TOOBIG, before it has taken the memory for it
 * (https://www.sqlite.org/c3ref/c_limit_attached.html#sqlitelimitlength).
 */
export function limitLength(dataSource: DataSource, maxBytes: number): void {
  handleOf(dataSource).configure('limit', sqlite3.LIMIT_LENGTH, maxBytes);
}

/** TypeORM's way to the driver's own handle; the types of its drivers are not exported. */
function handleOf({ driver }: DataSource): Database {
  return (driver as unknown as { databaseConnection: Database }).databaseConnection;
}

/**
 * Gives a DataSource's connection prepared statements, which TypeORM does not use on SQLite:
 * a small query takes 45 µs with them and 100 µs without.
 */
export function createConnection(dataSource: DataSource): Connection {
  const databaseConnection = handleOf(dataSource);
  const statements = new Map<string, Promise<Statement>>();

  function prepare(sql: string): Promise<Statement> {
    const known = statements.get(sql);
    if (known) {
      statements.delete(sql);
      statements.set(sql, known);
      return known;
    }
    const prepared = new Promise<Statement>((resolve, reject) => {
      const statement: Statement = databaseConnection.prepare(sql, (error: Error | null) => {
        if (error) reject(error);
        else resolve(statement);
      });
    });
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
    await new Promise<void>((resolve) => {
      if (statement) statement.finalize(() => resolve());
      else resolve();
    });
  }

  async function execute<Result>(sql: string, call: (statement: Statement) => Promise<Result>) {
    try {
      return await call(await prepare(sql));
    } catch (error) {
      throw toStoreError(error);
    }
  }

  return {
    all: <Row>({ sql, parameters }: Query) =>
      execute(
        sql,
        (statement) =>
          new Promise<Row[]>((resolve, reject) => {
            statement.all(parameters, (error: Error | null, rows: Row[]) => {
              if (error) reject(error);
              else resolve(rows);
            });
          }),
      ),
    run: ({ sql, parameters }) =>
      execute(
        sql,
        (statement) =>
          new Promise((resolve, reject) => {
            statement.run(parameters, function (this: RunResult, error: Error | null) {
              if (error) reject(error);
              else resolve({ lastId: this.lastID, changes: this.changes });
            });
          }),
      ),
    close: async () => {
      while (statements.size > 0) await discardOldest();
      await dataSource.destroy();
    },
  };
}
