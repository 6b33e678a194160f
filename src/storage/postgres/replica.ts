import type { DataSource } from 'typeorm';
import { QueryTimeoutError } from '../../logs/model/errors';
import { isConnectionFault } from './errors';
import { createPool, type Pool, type Query } from './pool';
import { timeouts } from './timeouts';

/** Bytes of write-ahead log that have been replayed on a standby, or are on disk on a primary. */
const logPosition = `pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery()
  THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_flush_lsn() END, '0/0')::text`;

/** The rows of a statement, each with the position; one without `isRow` when there are none. */
function withPosition(sql: string): string {
  return `SELECT answer.*, position FROM (SELECT ${logPosition} AS position) AS replica
    LEFT JOIN (SELECT *, true AS "isRow" FROM (${sql}) AS rows) AS answer ON true`;
}

interface Vouched {
  readonly position: string;
  readonly isRow: true | null;
}

/** A replica may not answer, though it does. */
class LagError extends Error {}

export interface ReplicaOptions {
  readonly dataSource: DataSource;
  readonly primary: Pool;
  /** How much older than the primary an answer may be, in milliseconds. */
  readonly maxLagMs: number;
  /** Called when reads begin to go to the replica, and when they cease to. */
  readonly onChange: (isUsable: boolean, reason?: unknown) => void;
}

/** Where reads may go that need not see the latest commits. */
export interface Replica {
  /**
   * Undefined when the replica is not to be used: it fails, or lags too far behind.
   * @throws {QueryTimeoutError} since the primary would take as long
   */
  read<Row>(query: Query): Promise<Row[] | undefined>;
  close(): Promise<void>;
}

/** How far the primary was at a point in time. */
interface Sample {
  readonly at: number;
  readonly position: bigint;
}

const askPosition: Query = {
  sql: `SELECT ${logPosition} AS position`,
  parameters: [],
  answerMs: timeouts.probeMs,
  retries: 0,
};

/**
 * Watches a replica, and vouches for each of its answers: it must have replayed what the primary had on disk
 * `maxLagMs` ago. So the bound holds whichever of several replicas answers, and also for one that no longer hears from
 * its primary, whose own measure of its lag then stands still.
 */
export function createReplica({
  dataSource,
  primary,
  maxLagMs,
  onChange,
}: ReplicaOptions): Replica {
  const everyMs = Math.min(Math.max(maxLagMs / 4, 100), 1_000);
  let samples: Sample[] = [];
  let pool: Pool | undefined;
  let isUsable = false;
  /** Goes up with each change of that. */
  let epoch = 0;
  let isClosed = false;
  /** Ends the waiting of reads for a replica that has turned out to be of no use. */
  const waiting = new Set<() => void>();

  function set(usable: boolean, reason?: unknown): void {
    if (usable === isUsable) return;
    isUsable = usable;
    epoch++;
    for (const giveUp of waiting) giveUp();
    onChange(usable, reason);
  }

  /** What an answer must hold; undefined when that is not known, since the primary does not answer. */
  function requiredPosition(): bigint | undefined {
    const now = performance.now();
    const newest = samples.at(-1);
    if (!newest || now - newest.at > maxLagMs + everyMs + timeouts.probeMs) return undefined;
    const old = samples.filter(({ at }) => now - at >= maxLagMs);
    return (old.at(-1) ?? samples[0]!).position;
  }

  function check(position: string): void {
    const required = requiredPosition();
    if (required === undefined) throw new LagError('how far the primary is cannot be known');
    if (BigInt(position) < required) throw new LagError('it is too far behind the primary');
  }

  async function look(): Promise<void> {
    const at = performance.now();
    const [sample] = await primary.read<{ position: string }>(askPosition);
    samples.push({ at, position: BigInt(sample!.position) });
    const firstNeeded = samples.findLastIndex((known) => at - known.at >= maxLagMs);
    samples = samples.slice(Math.max(firstNeeded, 0));
    if (!pool) {
      await dataSource.initialize();
      pool = createPool(dataSource);
    }
    const [answer] = await pool.read<{ position: string }>(askPosition);
    check(answer!.position);
  }

  async function watch(): Promise<void> {
    while (!isClosed) {
      await look().then(
        () => set(true),
        (error: unknown) => set(false, error),
      );
      await new Promise((resolve) => {
        timer = setTimeout(resolve, everyMs);
        wake = resolve as () => void;
      });
    }
  }

  let timer: NodeJS.Timeout | undefined;
  let wake = (): void => {};
  const watching = watch();

  async function ask<Row>(query: Query): Promise<Row[] | undefined> {
    const startedIn = epoch;
    try {
      const sql = withPosition(query.sql);
      const rows = await pool!.read<Row & Vouched>({ ...query, sql, retries: 0 });
      check(rows[0]!.position);
      return rows.filter(({ isRow }) => isRow);
    } catch (error) {
      if (error instanceof QueryTimeoutError) throw error;
      // One that fails by its own fault is answered by the primary, and leaves the replica to all others.
      const { cause } = error as { cause?: unknown };
      const isAtFault = error instanceof LagError || isConnectionFault(cause);
      // One that was given up long ago says nothing of the replica as it is now.
      if (isAtFault && startedIn === epoch) set(false, error);
      return undefined;
    }
  }

  return {
    async read<Row>(query: Query) {
      if (!isUsable) return undefined;
      let giveUp = (): void => {};
      const givenUp = new Promise<undefined>((resolve) => {
        giveUp = () => resolve(undefined);
        waiting.add(giveUp);
      });
      return Promise.race([ask<Row>(query), givenUp]).finally(() => waiting.delete(giveUp));
    },
    close: async () => {
      isClosed = true;
      clearTimeout(timer);
      wake();
      await watching;
      if (dataSource.isInitialized) await dataSource.destroy();
    },
  };
}
