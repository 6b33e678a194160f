import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { QueryTimeoutError } from '../../logs/model/errors';
import { destroy } from './data-source';
import { isConnectionFault } from './errors';
import { createPool, type Pool, type Query } from './pool';
import { timeouts } from './timeouts';

/** Position in the write-ahead log, in bytes: replayed on a standby, flushed on a primary. */
const logPosition = `pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery()
  THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_flush_lsn() END, '0/0')::text`;

/** The rows of a statement, each with the position; without rows, one row whose `isRow` is null. */
function withPosition(sql: string): string {
  return `SELECT answer.*, position FROM (SELECT ${logPosition} AS position) AS replica
    LEFT JOIN (SELECT *, true AS "isRow" FROM (${sql}) AS rows) AS answer ON true`;
}

/** The replica lags too far behind, or the primary's position is unknown. */
class LagError extends Error {}

export interface ReplicaOptions {
  readonly dataSource: DataSource;
  readonly primary: Pool;
  /** Maximum replica lag, in milliseconds. */
  readonly maxLagMs: number;
  /** Called when reads start to go to the replica, and when they stop. */
  readonly onChange: (isUsable: boolean, reason?: unknown) => void;
}

const askPosition: Query = {
  sql: `SELECT ${logPosition} AS position`,
  answerMs: timeouts.probeMs,
  retries: 0,
};

/**
 * Watches a replica and checks each of its answers: it must have replayed what the primary had on disk
 * `maxLagMs` ago. So the bound holds for each of several replicas, and for one that has lost its primary.
 */
export function createReplica({ dataSource, primary, maxLagMs, onChange }: ReplicaOptions) {
  const everyMs = Math.min(Math.max(maxLagMs / 4, 100), 1_000);
  /** The primary's positions, the oldest first. */
  let samples: { readonly at: number; readonly position: bigint }[] = [];
  let pool: Pool | undefined;
  /** While the replica is usable: functions that send the reads in progress to the primary. */
  let reads: Set<(rows: undefined) => void> | undefined;
  const closing = new AbortController();

  function setUsable(isUsable: boolean, reason?: unknown): void {
    if (isUsable === (reads !== undefined)) return;
    for (const giveUp of reads ?? []) giveUp(undefined);
    reads = isUsable ? new Set() : undefined;
    onChange(isUsable, reason);
  }

  function check(position: string): void {
    const now = performance.now();
    const newest = samples.at(-1);
    if (!newest || now - newest.at > maxLagMs + everyMs + timeouts.probeMs) {
      throw new LagError('the position of the primary is unknown');
    }
    const required = samples.findLast(({ at }) => now - at >= maxLagMs) ?? samples[0]!;
    if (BigInt(position) < required.position) throw new LagError('the replica is too far behind the primary');
  }

  async function probe(): Promise<void> {
    const at = performance.now();
    const [sample] = await primary.read<{ position: string }>(askPosition);
    samples.push({ at, position: BigInt(sample!.position) });
    const firstNeeded = samples.findLastIndex((known) => at - known.at >= maxLagMs);
    samples = samples.slice(Math.max(firstNeeded, 0));
    pool ??= createPool(await dataSource.initialize());
    const [answer] = await pool.read<{ position: string }>(askPosition);
    check(answer!.position);
  }

  async function watch(): Promise<void> {
    const { signal } = closing;
    while (!signal.aborted) {
      await probe().then(
        () => setUsable(true),
        (error: unknown) => setUsable(false, error),
      );
      await sleep(everyMs, undefined, { signal }).catch(() => {});
    }
  }

  const watching = watch();

  async function readChecked<Row>(query: Query, startedIn: typeof reads): Promise<Row[] | undefined> {
    try {
      const checked = { ...query, sql: withPosition(query.sql), retries: 0 } as const;
      const rows = await pool!.read<Row & { position: string; isRow: true | null }>(checked);
      check(rows[0]!.position);
      return rows.filter(({ isRow }) => isRow);
    } catch (error) {
      if (error instanceof QueryTimeoutError) throw error;
      // A statement that fails on its own is repeated on the primary; the replica stays usable.
      const isAtFault = error instanceof LagError || isConnectionFault((error as Error).cause);
      // If the replica has changed since, the error says nothing about its present state.
      if (isAtFault && startedIn === reads) setUsable(false, error);
      return undefined;
    }
  }

  return {
    /**
     * Executes a read that need not see the latest commits.
     * @returns undefined if the replica fails, or lags too far behind
     * @throws {QueryTimeoutError} if it takes too long: the primary would take as long
     */
    async read<Row>(query: Query): Promise<Row[] | undefined> {
      const current = reads;
      if (!current) return undefined;
      return new Promise<Row[] | undefined>((resolve, reject) => {
        current.add(resolve);
        readChecked<Row>(query, current)
          .then(resolve, reject)
          .finally(() => current.delete(resolve));
      });
    },

    async close(): Promise<void> {
      closing.abort();
      await watching;
      await destroy(dataSource);
    },
  };
}
