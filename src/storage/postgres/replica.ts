import type { DataSource } from 'typeorm';
import { QueryTimeoutError } from '../../logs/model/errors';
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

interface PositionedRow {
  readonly position: string;
  readonly isRow: true | null;
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

/** Executes reads that need not see the latest commits. */
export interface Replica {
  /**
   * @returns undefined if the replica fails, or lags too far behind
   * @throws {QueryTimeoutError} if it takes too long: the primary would take as long
   */
  read<Row>(query: Query): Promise<Row[] | undefined>;
  close(): Promise<void>;
}

/** The primary's position at a point in time. */
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
 * Watches a replica and checks each of its answers: it must have replayed what the primary had on disk
 * `maxLagMs` ago. So the bound holds for each of several replicas, and for one that has lost its primary and
 * no longer measures its own lag.
 */
export function createReplica({ dataSource, primary, maxLagMs, onChange }: ReplicaOptions): Replica {
  const everyMs = Math.min(Math.max(maxLagMs / 4, 100), 1_000);
  let samples: Sample[] = [];
  let pool: Pool | undefined;
  let isUsable = false;
  /** Rises with each change of `isUsable`. */
  let epoch = 0;
  let isClosed = false;
  /** End the waits of reads for a replica that has become unusable. */
  const waiting = new Set<() => void>();

  function set(usable: boolean, reason?: unknown): void {
    if (usable === isUsable) return;
    isUsable = usable;
    epoch++;
    for (const giveUp of waiting) giveUp();
    onChange(usable, reason);
  }

  /** The position that an answer must have; undefined if the primary does not answer. */
  function requiredPosition(): bigint | undefined {
    const now = performance.now();
    const newest = samples.at(-1);
    if (!newest || now - newest.at > maxLagMs + everyMs + timeouts.probeMs) return undefined;
    const old = samples.filter(({ at }) => now - at >= maxLagMs);
    return (old.at(-1) ?? samples[0]!).position;
  }

  function check(position: string): void {
    const required = requiredPosition();
    if (required === undefined) throw new LagError('the position of the primary is unknown');
    if (BigInt(position) < required) throw new LagError('the replica is too far behind the primary');
  }

  async function probe(): Promise<void> {
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
      await probe().then(
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

  async function readChecked<Row>(query: Query): Promise<Row[] | undefined> {
    const startedIn = epoch;
    try {
      const sql = withPosition(query.sql);
      const rows = await pool!.read<Row & PositionedRow>({ ...query, sql, retries: 0 });
      check(rows[0]!.position);
      return rows.filter(({ isRow }) => isRow);
    } catch (error) {
      if (error instanceof QueryTimeoutError) throw error;
      // A statement that fails on its own is repeated on the primary; the replica stays usable.
      const { cause } = error as { cause?: unknown };
      const isAtFault = error instanceof LagError || isConnectionFault(cause);
      // An error of an earlier epoch says nothing about the replica's present state.
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
      return Promise.race([readChecked<Row>(query), givenUp]).finally(() => waiting.delete(giveUp));
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
