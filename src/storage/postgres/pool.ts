import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { CustomTypesConfig, Pool as DriverPool, PoolClient, QueryConfig } from 'pg';
import type { DataSource } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver';
import { OutcomeUnknownError, QueryTimeoutError } from '../../logs/model/errors';
import type { QueryContext } from '../../logs/model/read-context';
import type { Select } from '../dialect';
import { codeOf } from '../errors';
import { interruptWhen } from '../interrupt';
import { createWorkQueue } from '../../logs/model/work-queue';
import { requestCancel } from './cancel';
import { backendOf, checkConnection, isCheckDue } from './connection';
import { isConnectionFault, isTimeout, sqlState, toCommitError, toReadError, toStoreError } from './errors';
import { timeouts } from './timeouts';

/** Maximum number of retries of a read that loses its connection, and the time in which they may start. */
const maxRetries = 2;
const maxRetryMs = 1_500;
const retryDelayMs = 50;
/** Maximum number of times that a read is executed again after it was cancelled: see `dropPartitions`. */
const maxCancels = 3;

/** Milliseconds during which no connection is opened after PostgreSQL had no free one. */
const fullMs = 1_000;

/** Maximum number of statements that each connection keeps prepared. */
export const maxPrepared = 100;

/** What the driver knows of a connection's prepared statements. */
interface DriverConnection {
  readonly parsedStatements: Record<string, string>;
  /** Closes a prepared statement; sent with the next statement. */
  close(statement: { readonly type: 'S'; readonly name: string }): void;
}

/** A statement, and how to execute it. */
export interface Query extends Partial<Select> {
  readonly sql: string;
  /** Milliseconds that its answer may take, if less than usual. */
  readonly answerMs?: number;
  /** Maximum number of retries, if less than usual. */
  readonly retries?: 0;
  /** Milliseconds after which it is cancelled, if less than usual. */
  readonly maxMs?: number;
  /** The request that reads. The statement is cancelled when the request has ended. */
  readonly context?: QueryContext;
  /** Whether PostgreSQL may execute it by several processes. Undefined: as the connection is set. */
  readonly mayUseWorkers?: boolean;
  /** Parsers of values, instead of the driver's own. */
  readonly types?: CustomTypesConfig;
  /** Whether it fails on a server that takes no writes; every commit does. */
  readonly needsPrimary?: true;
}

/**
 * Which connections to an address may be used, shared by its pools. After a failover, the former primary may
 * keep connections open and answer reads on them.
 */
export function createTrust() {
  return {
    /** Generation of new connections, the only one for commits. Rises when older connections are useless. */
    generation: 0,
    /** Oldest generation for reads. Reads may use a server that refuses writes until a write succeeds. */
    readable: 0,
  };
}

export type Pool = ReturnType<typeof createPool>;

/**
 * Executes statements on the connections of one PostgreSQL server.
 * @param statementMs their `statement_timeout` in milliseconds
 */
export function createPool(
  dataSource: DataSource,
  trust = createTrust(),
  statementMs: number = timeouts.statementMs,
) {
  const driverPool = (dataSource.driver as PostgresDriver).master as DriverPool;
  // The driver's own queue has one time limit for waiting and connecting; connecting must be much shorter.
  const { max } = driverPool.options;
  const queue = createWorkQueue({ capacity: max, maxWaitMs: timeouts.queueMs });
  const prepared = new WeakMap<PoolClient, LRUCache<string, string>>();
  const generations = new WeakMap<PoolClient, number>();
  /** Connections whose statements are executed by one process. */
  const withoutWorkers = new WeakSet<PoolClient>();
  let openCount = driverPool.totalCount;
  let fullTimer: NodeJS.Timeout | undefined;
  driverPool.on('connect', (client) => {
    openCount++;
    generations.set(client, trust.generation);
  });
  driverPool.on('remove', () => openCount--);
  // Connections that TypeORM opened before are of generation 0.
  const generationOf = (client: PoolClient): number => generations.get(client) ?? 0;

  /** The names of a connection's prepared statements, by SQL. Closes the statement of a name that it drops. */
  function createNames(client: PoolClient): LRUCache<string, string> {
    const { connection } = client as unknown as { connection: DriverConnection };
    const dispose = (name: string): void => {
      connection.close({ type: 'S', name });
      Reflect.deleteProperty(connection.parsedStatements, name);
    };
    return new LRUCache<string, string>({ max: maxPrepared, dispose });
  }

  /**
   * The name of the prepared statement: a hash, so that a name never stands for the statement of another process
   * that shares the backend through a pooler.
   */
  function nameOf(client: PoolClient, sql: string): string {
    const names = prepared.get(client) ?? createNames(client);
    prepared.set(client, names);
    const known = names.get(sql);
    if (known !== undefined) return known;
    const name = `log_manager_${createHash('sha256').update(sql).digest('hex').slice(0, 40)}`;
    names.set(sql, name);
    return name;
  }

  /** If PostgreSQL has no free connection, waits for one of the pool, if the pool has any. */
  async function connect(): Promise<PoolClient> {
    for (;;) {
      try {
        return await driverPool.connect();
      } catch (error) {
        if (codeOf(error) !== sqlState.noConnection || openCount === 0) throw error;
        driverPool.options.max = openCount;
        clearTimeout(fullTimer);
        fullTimer = setTimeout(() => (driverPool.options.max = max), fullMs).unref();
      }
    }
  }

  async function checkOut({ needsPrimary }: Query): Promise<PoolClient> {
    for (;;) {
      const client = await connect();
      const oldest = needsPrimary ? trust.generation : trust.readable;
      if (generationOf(client) >= oldest) {
        if (!isCheckDue(client)) return client;
        try {
          await checkConnection(client);
          return client;
        } catch (error) {
          distrust(generationOf(client), false);
          client.release(true);
          throw error;
        }
      }
      client.release(true);
    }
  }

  /**
   * Sets whether PostgreSQL may execute statements of a connection by several processes:
   * https://www.postgresql.org/docs/current/runtime-config-resource.html#GUC-MAX-PARALLEL-WORKERS-PER-GATHER
   */
  async function setWorkers(client: PoolClient, isAllowed: boolean): Promise<void> {
    if (isAllowed !== withoutWorkers.has(client)) return;
    const setting = 'max_parallel_workers_per_gather';
    await client.query(isAllowed ? `RESET ${setting}` : `SET ${setting} = 0`);
    if (isAllowed) withoutWorkers.delete(client);
    else withoutWorkers.add(client);
  }

  async function execute<Row>(client: PoolClient, query: Query): Promise<Row[]> {
    const config: QueryConfig & { readonly query_timeout: number | undefined } = {
      text: query.sql,
      values: [...(query.values ?? [])],
      name: nameOf(client, query.sql),
      query_timeout: query.answerMs,
      ...(query.types && { types: query.types }),
    };
    const limits = limit(client, query);
    try {
      if (query.mayUseWorkers !== undefined) await setWorkers(client, query.mayUseWorkers);
      const { rows } = await client.query(config);
      await limits?.stop();
      // A write succeeded, so connections to a server that refused writes must not be read from any more.
      if (query.needsPrimary && trust.readable < trust.generation) trust.readable = ++trust.generation;
      client.release();
      return rows as Row[];
    } catch (error) {
      await limits?.stop();
      const isLost = isConnectionFault(error);
      if (isLost) distrust(generationOf(client), codeOf(error) === sqlState.readOnly);
      client.release(isLost);
      throw (codeOf(error) === sqlState.cancelled && limits?.reason()) || error;
    }
  }

  /** Cancels the statement in progress on a connection when it takes too long, or when its request has ended. */
  function limit(client: PoolClient, { context, maxMs = Infinity }: Query) {
    if (maxMs === Infinity && context?.check === undefined) return undefined;
    const endsAt = performance.now() + maxMs;
    let cancelling: Promise<void> | undefined;
    const cancel = (): void => {
      cancelling ??= requestCancel(client).finally(() => (cancelling = undefined));
    };
    const { reason, stop } = interruptWhen(cancel, () => {
      if (performance.now() >= endsAt) throw new QueryTimeoutError();
      context?.check?.();
    });
    return {
      reason,
      /** Waits until no cancel is on its way, which the next statement could get. */
      async stop(): Promise<void> {
        stop();
        await cancelling;
      },
    };
  }

  function distrust(generation: number, isStillReadable: boolean): void {
    if (isStillReadable) {
      if (generation === trust.generation) trust.generation++;
    } else if (generation >= trust.readable) {
      trust.readable = ++trust.generation;
    }
  }

  /**
   * Ends a backend that waits for a synchronous standby: it waits on after its client has left, and without a
   * standby the server would run out of connections.
   */
  function endWait(client: PoolClient): void {
    const sql = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE pid = $1 AND wait_event = 'SyncRep' AND usename = current_user`;
    const query = { sql, values: [backendOf(client)] };
    checkOut(query)
      .then((other) => execute(other, query))
      .catch(() => {});
  }

  return {
    /**
     * Executes a statement that changes nothing. Retried if its connection is lost, or if it was cancelled.
     * @throws {ServiceUnavailableError} if the server does not answer, or cannot now
     * @throws {QueryTimeoutError} if it takes too long
     */
    async read<Row>(query: Query): Promise<Row[]> {
      const startedAt = performance.now();
      const { retries: allowed = maxRetries } = query;
      let cancels = 0;
      for (let retries = 0; ; retries++) {
        let executedAt = -Infinity;
        try {
          return await queue.run(async () => {
            query.context?.check?.();
            const client = await checkOut(query);
            executedAt = performance.now();
            return execute<Row>(client, query);
          }, query.context);
        } catch (error) {
          // The same code as after `statement_timeout`.
          const isCancelled =
            codeOf(error) === sqlState.cancelled && performance.now() - executedAt < statementMs;
          if (isCancelled && cancels++ < maxCancels) continue;
          const isLate = performance.now() - startedAt > maxRetryMs;
          if (!isConnectionFault(error) || retries === allowed || isLate) throw toReadError(error);
        }
        await new Promise((resolve) => setTimeout(resolve, retryDelayMs * (retries + 1)));
      }
    },

    /**
     * Executes a statement that commits. Never retried.
     * @throws {ServiceUnavailableError} if nothing was committed
     * @throws {StorageFullError} if the disk is full; nothing was committed
     * @throws {OutcomeUnknownError} if it may be committed, or not
     */
    async commit<Row>(statement: Query): Promise<Row[]> {
      const query = { ...statement, needsPrimary: true } as const;
      const client = await checkOut(query).catch((error: unknown) => {
        throw toStoreError(error);
      });
      let isWaitCancelled = false;
      const onNotice = ({ code }: { code?: string | undefined }): void => {
        isWaitCancelled ||= code === sqlState.waitCancelled;
      };
      client.on('notice', onNotice);
      const rows = await execute<Row>(client, query)
        .catch((error: unknown) => {
          if (isTimeout(error)) endWait(client);
          throw toCommitError(error);
        })
        .finally(() => client.off('notice', onNotice));
      if (isWaitCancelled) throw new OutcomeUnknownError({});
      return rows;
    },

    close: () => dataSource.destroy(),
  };
}
