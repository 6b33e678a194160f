import type { Pool as DriverPool, PoolClient, QueryConfig } from 'pg';
import type { DataSource } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver';
import { OutcomeUnknownError } from '../../logs/model/errors';
import type { Value } from '../dialect';
import { createWorkQueue } from '../work-queue';
import {
  isConnectionFault,
  isReadOnly,
  isTimeout,
  toCommitError,
  toReadError,
  toStoreError,
} from './errors';
import { timeouts } from './timeouts';
import type { QueryContext } from '../../logs/model/read-context';

/** A read that lost its connection is tried again, so often, and only so long after it began. */
const maxRetries = 2;
const maxRetryMs = 1_500;
const retryDelayMs = 50;

/** Most forms of statements that are kept prepared, by every connection; others are planned each time. */
const maxNames = 100;

export interface Query {
  readonly sql: string;
  readonly parameters: readonly Value[];
  /** Whether it is asked so rarely, or in so many forms, that it is planned each time. */
  readonly isRare?: boolean;
  /** How long its answer may take, in milliseconds, when less than usual. */
  readonly answerMs?: number;
  /** How often it is tried again when its connection is lost, when less than usual. */
  readonly retries?: 0;
  /** Whoever reads it. */
  readonly asker?: QueryContext;
  /** It fails on a server that takes no writes; every commit does. */
  readonly needsPrimary?: true;
}

/** Statements on the connections of one PostgreSQL server. */
export interface Pool {
  /**
   * A statement that changes nothing. Tried again when its connection is lost.
   * @throws {ServiceUnavailableError} when the server does not answer, or not now
   * @throws {QueryTimeoutError} when it takes too long
   */
  read<Row>(query: Query): Promise<Row[]>;
  /**
   * A statement that commits. Never tried again.
   * @throws {ServiceUnavailableError} when nothing was committed
   * @throws {StorageFullError} when there was no room; nothing was committed
   * @throws {OutcomeUnknownError} when it may have been, or not
   */
  commit<Row>(query: Query): Promise<Row[]>;
  close(): Promise<void>;
}

/**
 * Which connections to an address are still trusted to lead to the server that is there now. Shared by its pools: a
 * former primary may keep connections open, and answer reads on them, when another server has taken over.
 */
export interface Trust {
  /** Of what is opened now. Goes up when a connection turns out to be useless: those that are as old are as well. */
  generation: number;
  /**
   * The oldest one that reads may use. A server that takes no writes any more is good enough for them, until a write has
   * succeeded: they must see that one.
   */
  readable: number;
}

export function createTrust(): Trust {
  return { generation: 0, readable: 0 };
}

export function createPool(dataSource: DataSource, trust = createTrust()): Pool {
  const driverPool = (dataSource.driver as PostgresDriver).master as DriverPool;
  // The driver's own queue has one limit for the time in it and for connecting, which is to be far shorter.
  const lane = createWorkQueue(driverPool.options.max, timeouts.queueMs);
  const names = new Map<string, string>();
  const generations = new WeakMap<PoolClient, number>();
  driverPool.on('connect', (client) => generations.set(client, trust.generation));
  // Those of TypeORM's own start are as old as the pool.
  const generationOf = (client: PoolClient): number => generations.get(client) ?? 0;

  /** A statement of a known form has a name, under which connections keep its plan. */
  function nameOf(sql: string): string | undefined {
    const known = names.get(sql);
    if (known !== undefined || names.size >= maxNames) return known;
    const name = `log_manager_${names.size}`;
    names.set(sql, name);
    return name;
  }

  async function checkOut({ needsPrimary }: Query): Promise<PoolClient> {
    for (;;) {
      const client = await driverPool.connect();
      const oldest = needsPrimary ? trust.generation : trust.readable;
      if (generationOf(client) >= oldest) return client;
      client.release(true);
    }
  }

  async function execute<Row>(client: PoolClient, query: Query): Promise<Row[]> {
    const { sql, parameters, answerMs, needsPrimary, isRare = false } = query;
    const config: QueryConfig & { query_timeout?: number } = {
      text: sql,
      values: [...parameters],
      ...(answerMs !== undefined && { query_timeout: answerMs }),
    };
    const name = isRare ? undefined : nameOf(sql);
    if (name !== undefined) config.name = name;
    try {
      const { rows } = await client.query(config);
      // Whoever is still connected to a server that has refused writes must not read there any more.
      if (needsPrimary && trust.readable < trust.generation) trust.readable = ++trust.generation;
      client.release();
      return rows as Row[];
    } catch (error) {
      const isLost = isConnectionFault(error);
      if (isLost) distrust(generationOf(client), isReadOnly(error));
      client.release(isLost);
      throw error;
    }
  }

  function distrust(generation: number, isStillReadable: boolean): void {
    if (isStillReadable) {
      if (generation === trust.generation) trust.generation++;
    } else if (generation >= trust.readable) {
      trust.readable = ++trust.generation;
    }
  }

  /**
   * A backend that waits for a synchronous standby goes on waiting when its client has left. While there is no standby,
   * the server would run out of connections.
   */
  function endWait(client: PoolClient): void {
    const { processID } = client as { processID?: number | null };
    const sql = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE pid = $1 AND wait_event = 'SyncRep' AND usename = current_user`;
    driverPool.query(sql, [processID]).catch(() => {});
  }

  return {
    async read<Row>(query: Query) {
      const startedAt = performance.now();
      const { retries: allowed = maxRetries } = query;
      for (let retries = 0; ; retries++) {
        try {
          return await lane.run(async () => {
            query.asker?.check?.();
            return execute<Row>(await checkOut(query), query);
          });
        } catch (error) {
          const isLate = performance.now() - startedAt > maxRetryMs;
          if (!isConnectionFault(error) || retries === allowed || isLate) {
            throw toReadError(error);
          }
        }
        await new Promise((resolve) => setTimeout(resolve, retryDelayMs * (retries + 1)));
      }
    },

    async commit<Row>(statement: Query) {
      const query = { ...statement, needsPrimary: true } as const;
      const client = await checkOut(query).catch((error: unknown) => {
        throw toStoreError(error);
      });
      let isWaitCancelled = false;
      const onNotice = ({ code }: { code?: string | undefined }): void => {
        isWaitCancelled ||= code === waitCancelled;
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

/**
 * A warning: somebody has cancelled the wait for the synchronous standby. The commit then counts as done although no
 * standby has it (https://www.postgresql.org/docs/current/warm-standby.html#SYNCHRONOUS-REPLICATION).
 */
const waitCancelled = '01000';
