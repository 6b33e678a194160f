import type { DataSource, QueryRunner } from 'typeorm';
import type { Instant } from '../../logs/model/instant';

/** Number of past months that get a partition in a new database. */
const monthsBehind = 12;
/** Number of future months that have a partition. */
const monthsAhead = 3;

const maxLockMs = 1_000;

/** Milliseconds that dropping a partition may block other statements, and the number of attempts. */
const maxDropLockMs = 50;
const dropRetryMs = 200;
const maxDropAttempts = 50;

/**
 * One instance at a time changes partitions
 * (https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS).
 */
const partitionLock = 0x6c6f_6701;

/**
 * Creates missing monthly partitions, up to three months ahead, unless another instance does.
 * `log_entry_past` holds entries before the first month, and `log_entry_default` entries of the far future,
 * which are moved when their month gets a partition.
 * @throws {Error} of the database; nothing was changed, and the next call tries again
 */
export async function keepPartitions(dataSource: DataSource, now: Date): Promise<void> {
  const runner = dataSource.createQueryRunner();
  try {
    const existing = await listPartitions(runner);
    const [oldest] = existing.filter((name) => monthlyName.test(name)).sort();
    const last = addMonths(now, monthsAhead);
    const months: Date[] = [];
    let month = oldest === undefined ? addMonths(now, -monthsBehind) : monthOf(oldest);
    for (; month <= last; month = addMonths(month, 1)) months.push(month);
    const missing = months.filter((month) => !existing.includes(nameOf(month)));
    if (missing.length === 0) return;

    // Reads of the default partition block this, and this blocks later reads of it.
    await runAlone(runner, maxLockMs, async () => {
      const known = await listPartitions(runner);
      if (!known.includes('log_entry_past')) {
        const end = quoteDate(months[0]!);
        await runner.query(
          `CREATE TABLE log_entry_past PARTITION OF log_entry FOR VALUES FROM (MINVALUE) TO (${end})`,
        );
      }
      for (const month of missing) {
        if (!known.includes(nameOf(month))) await addPartition(runner, month);
      }
    });
  } finally {
    await runner.release();
  }
}

/**
 * Drops monthly partitions that hold only entries older than a time, unless another instance does.
 * @returns the first of a month: the partitions of earlier months are due
 * @throws {Error} of the database; the next call tries again
 */
export async function dropPartitions(dataSource: DataSource, endTime: Instant): Promise<Instant> {
  const end = addMonths(new Date(Number(endTime / 1_000n)), 0);
  const runner = dataSource.createQueryRunner();
  try {
    const isDue = (name: string): boolean => monthlyName.test(name) && addMonths(monthOf(name), 1) <= end;
    for (const name of (await listPartitions(runner)).filter(isDue)) await drop(runner, name);
  } finally {
    await runner.release();
  }
  return BigInt(end.getTime()) * 1_000n;
}

/** Waits for readers and writers only for as long as it may block them, so it may need several attempts. */
async function drop(runner: QueryRunner, name: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      // Another instance may have dropped it.
      return await runAlone(runner, maxDropLockMs, () => runner.query(`DROP TABLE IF EXISTS ${name}`));
    } catch (error) {
      if (!isLockTimeout(error)) throw error;
      // Its entries are erased one by one instead; it is dropped by a later call.
      if (attempt === maxDropAttempts) return;
    }
    await new Promise((resolve) => setTimeout(resolve, dropRetryMs));
  }
}

function isLockTimeout(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === '55P03';
}

/** Works in a transaction, unless another instance changes partitions. */
async function runAlone(runner: QueryRunner, lockMs: number, work: () => Promise<void>): Promise<void> {
  await runner.startTransaction();
  try {
    await runner.query(`SET LOCAL lock_timeout = ${lockMs}`);
    const [{ isMine }] = (await runner.query(
      `SELECT pg_try_advisory_xact_lock(${partitionLock}) AS "isMine"`,
    )) as [{ isMine: boolean }];
    if (isMine) await work();
    await runner.commitTransaction();
  } catch (error) {
    await runner.rollbackTransaction().catch(() => {});
    throw error;
  }
}

/**
 * Creates a table and attaches it, which takes a lock on `log_entry` that blocks neither reads nor writes
 * (https://www.postgresql.org/docs/current/ddl-partitioning.html#DDL-PARTITIONING-DECLARATIVE-MAINTENANCE).
 * Only the default partition is locked, so that no entry of the month gets into it meanwhile.
 */
async function addPartition(runner: QueryRunner, month: Date): Promise<void> {
  const name = nameOf(month);
  const [start, end] = [quoteDate(month), quoteDate(addMonths(month, 1))];
  await runner.query('LOCK TABLE log_entry_default IN ACCESS EXCLUSIVE MODE');
  await runner.query(`CREATE TABLE ${name} (LIKE log_entry INCLUDING ALL)`);
  await runner.query(`WITH moved AS (
      DELETE FROM log_entry_default WHERE time >= ${start} AND time < ${end} RETURNING *
    ) INSERT INTO ${name} SELECT * FROM moved`);
  await runner.query(`ALTER TABLE log_entry ATTACH PARTITION ${name} FOR VALUES FROM (${start}) TO (${end})`);
}

async function listPartitions(runner: QueryRunner): Promise<string[]> {
  const rows = (await runner.query(`SELECT relname AS name
    FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
    WHERE inhparent = 'log_entry'::regclass`)) as { name: string }[];
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
