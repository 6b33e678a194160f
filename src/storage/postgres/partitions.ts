import type { DataSource, EntityManager } from 'typeorm';
import type { Instant } from '../../logs/model/instant';
import { codeOf } from '../errors';
import { sqlState } from './errors';

/** Number of past months that get a partition in a new database. */
const monthsBehind = 12;
/** Number of future months that have a partition. */
const monthsAhead = 3;

const maxLockMs = 1_000;

/** Milliseconds that dropping a partition may block other statements, and the number of attempts. */
const maxDropLockMs = 50;
const dropRetryMs = 200;
const maxDropAttempts = 50;

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
 * @returns the start of the month of `endTime`. Older entries may remain in a partition that stayed locked
 * @throws {Error} of the database; the next call tries again
 */
export async function dropPartitions(dataSource: DataSource, endTime: Instant): Promise<Instant> {
  const end = addMonths(new Date(Number(endTime / 1_000n)), 0);
  const isDue = (name: string): boolean => monthlyName.test(name) && addMonths(monthOf(name), 1) <= end;
  for (const name of (await listPartitions(dataSource.manager)).filter(isDue)) await drop(dataSource, name);
  return BigInt(end.getTime()) * 1_000n;
}

/** Drops a partition. While it waits for its lock, it blocks other statements, so each attempt is short. */
async function drop(dataSource: DataSource, name: string): Promise<void> {
  for (let attempt = 1; attempt <= maxDropAttempts; attempt++) {
    try {
      // Another instance may have dropped it.
      const sql = `DROP TABLE IF EXISTS ${name}`;
      return await runAlone(dataSource, maxDropLockMs, (manager) => manager.query(sql));
    } catch (error) {
      if (codeOf(error) !== sqlState.lockTimeout) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, dropRetryMs));
  }
  // Its entries are erased one by one instead; a later call drops it.
}

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
