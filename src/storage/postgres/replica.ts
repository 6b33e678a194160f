import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { QueryTimeoutError } from '../../logs/model/errors';
import { destroy } from './data-source';
import { isConnectionFault } from './errors';
import { createPool, type Pool, type Query } from './pool';
import { createSlots, type Slots } from './slots';
import { timeouts } from './timeouts';

/** Position in the write-ahead log, in bytes: replayed on a standby, flushed on a primary. */
const position = `pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery()
  THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_flush_lsn() END, '0/0')`;

/** A standby writes its timeline to disk late; its receiver knows the timeline, but shows it to pg_monitor only. */
const timeline = `CASE WHEN pg_is_in_recovery()
  THEN greatest((pg_control_checkpoint()).timeline_id, (pg_control_recovery()).min_recovery_end_timeline,
    (pg_stat_get_wal_receiver()).received_tli)
  ELSE ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int END`;

/** See {@link ServerState}. A server that is in recovery now was when the statement took its snapshot. */
const stateSql = `SELECT ARRAY[${position}::text, (pg_control_system()).system_identifier::text, ${timeline}::text,
  current_database(),
  CASE WHEN NOT pg_is_in_recovery() THEN extract(epoch FROM pg_postmaster_start_time())::text END] AS state`;

/** Position, system identifier, timeline, database, and the time of the server's start: null while in recovery. */
type ServerState = readonly [string, string, string, string, string | null];

/** The rows of a statement, each with the server's state; without rows, one row whose `isRow` is null. */
function withState(sql: string): string {
  return `SELECT answer.*, state FROM (${stateSql}) AS replica
    LEFT JOIN (SELECT *, true AS "isRow" FROM (${sql}) AS rows) AS answer ON true`;
}

/** The replica lags too far behind, is of another primary, or the primary's state is unknown. */
class UnusableError extends Error {}

/** Why the answers of a server are not those of the primary or of its standby. */
function findDifference(primary: ServerState, replica: ServerState): string | undefined {
  const [, system, timelineId, database, startedAt] = replica;
  if (system !== primary[1]) return 'the server is no copy of the primary';
  if (database !== primary[3]) return 'the database is another one than that of DATABASE_URL';
  if (startedAt !== null) {
    return startedAt === primary[4] ? undefined : 'the server is no standby: it was promoted, or restored';
  }
  if (timelineId === primary[2]) return undefined;
  return `the standby is on timeline ${timelineId}, and the primary on timeline ${primary[2]}`;
}

export interface ReplicaOptions {
  readonly dataSource: DataSource;
  readonly primary: Pool;
  /** Maximum replica lag, in milliseconds. */
  readonly maxLagMs: number;
  /** Called when reads start to go to the replica, and when they stop. */
  readonly onChange: (isUsable: boolean, reason?: unknown) => void;
}

const askState: Query = {
  sql: stateSql,
  answerMs: timeouts.probeMs,
  retries: 0,
};

/**
 * Watches a replica and checks each of its answers: it must be a standby on the primary's timeline, or the primary, and
 * have replayed what the primary had on disk `maxLagMs` ago. So the bound holds for each of several replicas, for
 * one that has lost its primary, and for one that is promoted between two probes.
 */
export function createReplica({ dataSource, primary, maxLagMs, onChange }: ReplicaOptions) {
  const everyMs = Math.min(Math.max(maxLagMs / 4, 100), 1_000);
  /** The primary's states, the oldest first. */
  let samples: { readonly at: number; readonly position: bigint; readonly state: ServerState }[] = [];
  let pool: Pool | undefined;
  /** While the replica is usable: functions that send the reads in progress to the primary. */
  let reads: Slots<(rows: undefined) => void> | undefined;
  const closing = new AbortController();

  let reported: string | undefined;

  function setUsable(isUsable: boolean, reason?: unknown): void {
    const report = isUsable ? 'usable' : String((reason as Error).cause ?? reason);
    if (report === reported) return;
    reported = report;
    for (const giveUp of reads?.all() ?? []) giveUp(undefined);
    reads = isUsable ? createSlots() : undefined;
    onChange(isUsable, reason);
  }

  function check(state: ServerState): void {
    const now = performance.now();
    const newest = samples.at(-1);
    if (!newest || now - newest.at > maxLagMs + everyMs + timeouts.probeMs) {
      throw new UnusableError('the position of the primary is unknown');
    }
    const difference = findDifference(newest.state, state);
    if (difference !== undefined) throw new UnusableError(`DATABASE_READ_URL: ${difference}`);
    const required = samples.findLast(({ at }) => now - at >= maxLagMs) ?? samples[0]!;
    if (BigInt(state[0]) < required.position) {
      throw new UnusableError('the replica is too far behind the primary');
    }
  }

  async function probe(): Promise<void> {
    const at = performance.now();
    const [sample] = await primary.read<{ state: ServerState }>(askState);
    samples.push({ at, position: BigInt(sample!.state[0]), state: sample!.state });
    const firstNeeded = samples.findLastIndex((known) => at - known.at >= maxLagMs);
    samples = samples.slice(Math.max(firstNeeded, 0));
    pool ??= createPool(await dataSource.initialize());
    const [answer] = await pool.read<{ state: ServerState }>(askState);
    check(answer!.state);
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
      const checked = { ...query, sql: withState(query.sql), retries: 0 } as const;
      const rows = await pool!.read<Row & { state: ServerState; isRow: true | null }>(checked);
      check(rows[0]!.state);
      return rows.filter(({ isRow }) => isRow);
    } catch (error) {
      if (error instanceof QueryTimeoutError) throw error;
      // A statement that fails on its own is repeated on the primary; the replica stays usable.
      const isAtFault = error instanceof UnusableError || isConnectionFault((error as Error).cause);
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
        const slot = current.add(resolve);
        readChecked<Row>(query, current)
          .then(resolve, reject)
          .finally(() => current.remove(slot));
      });
    },

    async close(): Promise<void> {
      closing.abort();
      await watching;
      await destroy(dataSource);
    },
  };
}
