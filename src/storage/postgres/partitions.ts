import type { DataSource, EntityManager } from 'typeorm';
import type { Instant } from '../../logs/model/instant';
import { codeOf } from '../errors';
import { sqlState } from './errors';
import { timeouts } from './timeouts';

/** Number of past months that get a partition in a new database. */
const monthsBehind = 12;
/** Number of future months that have a partition. */
const monthsAhead = 3;

const maxLockMs = 1_000;

/**
 * Attempts to drop partitions: milliseconds that each may wait for its lock, and so block other statements; and whether
 * it cancels the reads that hold the lock. The first ones, in about a second, leave reads alone.
 */
const dropAttempts = [
  ...Array<DropAttempt>(4).fill({ lockMs: 50, cancelsReads: false }),
  ...Array<DropAttempt>(3).fill({ lockMs: 250, cancelsReads: true }),
];
/** Milliseconds to wait for the lock of each partition while the lock of the table blocks other statements. */
const partitionLockMs = 10;
const cancelEveryMs = 10;

interface DropAttempt {
  readonly lockMs: number;
  readonly cancelsReads: boolean;
}

/** One instance at a time changes partitions, under this advisory lock. */
const partitionLock = 0x6c6f_6701;

/**
 * Creates missing monthly partitions, up to three months ahead, unless another instance does.
 * `log_entry_past` holds entries before the first month, and `log_entry_default` entries of the far future,
 * which are moved when their month gets a partition.
 * @throws {Error} of the database; nothing was changed, and the next call tries again
 */
export async function keepPartitions(dataSource: DataSource, now: Date): Promise<void> {
  await runAlone(dataSource, maxLockMs, async (manager) => {
    const existing = await listPartitions(manager);
    const [oldest] = existing.filter((name) => monthlyName.test(name)).sort();
    const first = oldest === undefined ? addMonths(now, -monthsBehind) : monthOf(oldest);
    const last = addMonths(now, monthsAhead);
    const missing: Date[] = [];
    for (let month = first; month <= last; month = addMonths(month, 1)) {
      if (!existing.includes(nameOf(month))) missing.push(month);
    }
    if (missing.length > 0 && !existing.includes('log_entry_past')) {
      await manager.query(`CREATE TABLE log_entry_past PARTITION OF log_entry
        FOR VALUES FROM (MINVALUE) TO (${quoteDate(first)})`);
    }
    for (const month of missing) await addPartition(manager, month);
  });
}

/**
 * Drops monthly partitions that hold only entries older than a time, unless another instance does.
 * @param cancelReads executes {@link cancelReads} on another connection
 * @returns the start of the month of `endTime`. Older entries may remain in a partition that stayed locked
 * @throws {Error} of the database; the next call tries again
 */
export async function dropPartitions(
  dataSource: DataSource,
  endTime: Instant,
  cancelReads: () => Promise<unknown>,
): Promise<Instant> {
  const end = addMonths(new Date(Number(endTime / 1_000n)), 0);
  const isDue = (name: string): boolean => monthlyName.test(name) && addMonths(monthOf(name), 1) <= end;
  const findDue = async () => (await listPartitions(dataSource.manager)).filter(isDue);
  let due = await findDue();
  for (let attempt = 0; due.length > 0 && attempt < dropAttempts.length; attempt++) {
    if (attempt > 0) await pause(timeouts.dropRetryMs);
    const { lockMs, cancelsReads } = dropAttempts[attempt]!;
    const dropping = dataSource.query(dropAll(due, lockMs)).catch((error: unknown) => {
      if (codeOf(error) !== sqlState.lockTimeout) throw error;
    });
    if (cancelsReads) await repeatUntilSettled(cancelReads, dropping);
    await dropping;
    due = await findDue();
  }
  // What is left is erased entry by entry instead; a later call drops it.
  return BigInt(end.getTime()) * 1_000n;
}

/**
 * One statement, so that no round trip passes while it holds the lock of the table, which blocks every other statement.
 * Leaves partitions that are still locked, such as by a vacuum.
 */
function dropAll(names: readonly string[], lockMs: number): string {
  const drops = names.map(
    (name) => `BEGIN DROP TABLE IF EXISTS ${name}; EXCEPTION WHEN lock_not_available THEN END;`,
  );
  return `DO $$ BEGIN
      IF NOT pg_try_advisory_xact_lock(${partitionLock}) THEN RETURN; END IF;
      SET LOCAL lock_timeout = ${lockMs};
      LOCK TABLE ONLY log_entry IN ACCESS EXCLUSIVE MODE;
      SET LOCAL lock_timeout = ${partitionLockMs};
      ${drops.join('\n')}
    END $$`;
}

/**
 * Cancels the reads of all instances that hold the lock for which a drop waits; their instances execute them again.
 * Cancels none if another program holds the lock as well, since the drop would still wait.
 */
export const cancelReads = `WITH lock AS (
    SELECT pid, mode, granted FROM pg_locks
    WHERE relation = 'log_entry'::regclass
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
  ), holder AS (
    SELECT pid, every(mode = 'AccessShareLock') AS reads,
      (SELECT usename = current_user AND application_name = current_setting('application_name')
        FROM pg_stat_activity WHERE pg_stat_activity.pid = lock.pid) AS is_ours
    FROM lock WHERE granted GROUP BY pid
  )
  SELECT pg_cancel_backend(pid) FROM holder
  WHERE reads AND (SELECT every(is_ours) FROM holder)
    AND EXISTS (SELECT FROM lock WHERE mode = 'AccessExclusiveLock' AND NOT granted)`;

async function repeatUntilSettled(work: () => Promise<unknown>, settling: Promise<unknown>): Promise<void> {
  let isSettled = false;
  const settle = (): void => void (isSettled = true);
  settling.then(settle, settle);
  while (!isSettled) {
    await pause(cancelEveryMs);
    if (!isSettled) await work().catch(() => {});
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Calls `work` in a transaction, unless another instance changes partitions. */
async function runAlone(
  dataSource: DataSource,
  lockMs: number,
  work: (manager: EntityManager) => Promise<void>,
): Promise<void> {
  await dataSource.transaction(async (manager) => {
    await manager.query(`SET LOCAL lock_timeout = ${lockMs}`);
    const tryLock = `SELECT pg_try_advisory_xact_lock(${partitionLock}) AS "isMine"`;
    const [lock] = await manager.query<[{ isMine: boolean }]>(tryLock);
    if (lock.isMine) await work(manager);
  });
}

/**
 * Creates a table and attaches it, which takes a lock on `log_entry` that blocks neither reads nor writes
 * (https://www.postgresql.org/docs/current/ddl-partitioning.html#DDL-PARTITIONING-DECLARATIVE-MAINTENANCE).
 * Only the default partition is locked, so that no entry of the month gets into it meanwhile: its readers
 * block this, and this blocks later ones.
 */
async function addPartition(manager: EntityManager, month: Date): Promise<void> {
  const name = nameOf(month);
  const [start, end] = [quoteDate(month), quoteDate(addMonths(month, 1))];
  await manager.query('LOCK TABLE log_entry_default IN ACCESS EXCLUSIVE MODE');
  await manager.query(`CREATE TABLE ${name} (LIKE log_entry INCLUDING ALL)`);
  await manager.query(`WITH moved AS (
      DELETE FROM log_entry_default WHERE time >= ${start} AND time < ${end} RETURNING *
    ) INSERT INTO ${name} SELECT * FROM moved`);
  await manager.query(
    `ALTER TABLE log_entry ATTACH PARTITION ${name} FOR VALUES FROM (${start}) TO (${end})`,
  );
}

async function listPartitions(manager: EntityManager): Promise<string[]> {
  const rows = await manager.query<{ name: string }[]>(`SELECT relname AS name
    FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
    WHERE inhparent = 'log_entry'::regclass`);
  return rows.map(({ name }) => name);
}

const monthlyName = /^log_entry_(\d{4})_(\d\d)$/;

function nameOf(month: Date): string {
  return `log_entry_${month.toISOString().slice(0, 7).replace('-', '_')}`;
}

function monthOf(name: string): Date {
  const [, year, month] = monthlyName.exec(name)!;
  return new Date(Date.UTC(Number(year), Number(month) - 1));
}

/** The first of the month, in UTC, plus a number of months. */
function addMonths(date: Date, count: number): Date {
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + count));
}

function quoteDate(date: Date): string {
  return `'${date.toISOString()}'`;
}
