import { LRUCache } from 'lru-cache';
import sqlite3, { type Statement } from 'sqlite3';
import type { DataSource } from 'typeorm';
import { QueryTimeoutError, TooManyBytesError } from '../../logs/model/errors';
import type { QueryContext } from '../../logs/model/read-context';
import type { Select } from '../dialect';
import { codeOf } from '../errors';
import { interruptWhen } from '../interrupt';
import { handleOf } from './data-source';
import { toStoreError } from './errors';

/**
 * Maximum number of prepared statements of a connection. Each takes some of the connection's lookaside memory
 * (https://www.sqlite.org/malloc.html#lookaside). With eight, it is used up, and every small allocation takes
 * a lock that all connections share: three readers then take twice the time for 1,000 entries.
 */
const maxStatements = 6;

/** A statement and the values of its parameters. */
export interface Query {
  readonly sql: string;
  readonly parameters: readonly string[];
  /** Whether the statement is finalized after its execution. */
  readonly isOneOff?: boolean;
  /** Milliseconds that it may take, if less than usual. */
  readonly timeoutMs?: number | undefined;
  /** Maximum length of a value, if less than usual. */
  readonly maxBytes?: number;
}

/** A composed SELECT. Expensive ones come in too many forms to stay prepared. */
export function toQuery({ sql, values, readClass }: Select): Query {
  // SQLite's dialect binds texts only.
  return { sql, parameters: values as readonly string[], isOneOff: readClass === 'expensive' };
}

/** A statement without parameters that does not stay prepared. */
export const oneOff = (sql: string): Query => ({ sql, parameters: [], isOneOff: true });

/** A SQLite connection with prepared statements, which the driver executes one after the other. */
export type Connection = ReturnType<typeof createConnection>;

/** Executes statements, and leaves closing to the owner of the connection. */
export type Executor = Pick<Connection, 'all'>;

/**
 * Adds prepared statements to a DataSource's connection, since TypeORM has none for SQLite: a small query
 * takes 45 µs with them and 100 µs without.
 * @param timeoutMs milliseconds that a statement may take; statements must then be executed one at a time
 * @param maxBytes maximum length of a value. SQLite fails before it allocates memory for a longer one
 *   (https://www.sqlite.org/c3ref/c_limit_attached.html#sqlitelimitlength).
 * @param toError translates errors of the driver
 * @param check throws if nothing may be executed
 */
export function createConnection(
  dataSource: DataSource,
  {
    timeoutMs: usualMs,
    maxBytes: usualBytes,
  }: { readonly timeoutMs?: number; readonly maxBytes?: number | undefined } = {},
  toError = toStoreError,
  check = () => {},
) {
  const databaseConnection = handleOf(dataSource);
  let limitBytes: number | undefined;
  const statements = new LRUCache<string, Promise<Statement>>({
    max: maxStatements,
    memoMethod: (sql) => {
      const prepared = prepare(sql);
      prepared.catch(() => statements.delete(sql));
      return prepared;
    },
    // The driver finalizes a statement after its executions: those that wait for `prepared` are queued before.
    dispose: (prepared) =>
      void prepared.then(
        (statement) => statement.finalize(),
        () => {},
      ),
  });

  function limitLength(bytes: number): void {
    if (bytes !== limitBytes) databaseConnection.configure('limit', sqlite3.LIMIT_LENGTH, bytes);
    limitBytes = bytes;
  }

  function prepare(sql: string): Promise<Statement> {
    return new Promise((resolve, reject) => {
      const statement: Statement = databaseConnection.prepare(sql, (error: Error | null) =>
        error ? reject(error) : resolve(statement),
      );
    });
  }

  function execute<Row>(statement: Statement, parameters: readonly string[]): Promise<Row[]> {
    return new Promise((resolve, reject) => {
      statement.all(parameters, (error: Error | null, rows: Row[]) =>
        error ? reject(error) : resolve(rows),
      );
    });
  }

  /**
   * Resets a statement that failed. For SQLite, a statement that met another process's lock is still in
   * progress (https://www.sqlite.org/c3ref/step.html): until it is reset, later writes look successful but
   * are not committed. The driver does not reset it.
   */
  const reset = (statement: Statement) => new Promise<void>((resolve) => statement.reset(() => resolve()));

  /** Interrupts the next statement when it takes too long, or when its request has ended. */
  function limit(timeoutMs: number | undefined, context: Pick<QueryContext, 'check'> | undefined) {
    if (timeoutMs === undefined) return undefined;
    const endsAt = performance.now() + timeoutMs;
    return interruptWhen(
      () => databaseConnection.interrupt(),
      () => {
        if (performance.now() >= endsAt) throw new QueryTimeoutError();
        context?.check?.();
      },
    );
  }

  return {
    /**
     * @param context its `check` is called while the statement is executed; if it throws, the statement is interrupted
     * @throws {QueryTimeoutError} if it takes too long
     * @throws {TooManyBytesError} if a value would be too long
     * @throws {Error} of `check` or of `context`; otherwise, the result of `toError`
     */
    async all<Row>(
      { sql, parameters, isOneOff = false, timeoutMs = usualMs, maxBytes }: Query,
      context?: Pick<QueryContext, 'check'>,
    ): Promise<Row[]> {
      check();
      if (usualBytes !== undefined) limitLength(Math.min(usualBytes, maxBytes ?? usualBytes));
      const limits = limit(timeoutMs, context);
      let statement: Statement | undefined;
      try {
        statement = isOneOff ? await prepare(sql) : await statements.memo(sql);
        return await execute<Row>(statement, parameters);
      } catch (error) {
        limits?.stop();
        if (statement) await reset(statement);
        if (codeOf(error) === 'SQLITE_INTERRUPT') throw limits?.reason() ?? toError(error);
        if (limitBytes === undefined || codeOf(error) !== 'SQLITE_TOOBIG') throw toError(error);
        throw new TooManyBytesError(limitBytes, { cause: error });
      } finally {
        limits?.stop();
        if (isOneOff) statement?.finalize();
      }
    },

    async close(): Promise<void> {
      const prepared = [...statements.values()];
      statements.clear();
      await Promise.allSettled(prepared);
      await dataSource.destroy();
    },
  };
}
