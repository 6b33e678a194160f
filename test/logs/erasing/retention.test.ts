import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Instant } from '../../../src/logs/model/instant';
import type { EncodedSession, LogEntryRepository } from '../../../src/logs/log-entry-repository';
import { createDeletion } from '../../../src/logs/erasing/deletion';
import { startRetention } from '../../../src/logs/erasing/retention';
import { createDatabase, dialect, type TestDatabase } from '../../support/database/database';
import { fakeIntervals } from '../../support/fake-clock';
import { startServer } from '../../support/server/server';
import { openTestStore, overrideRepository } from '../../support/database/store';
import { waitFor } from '../../support/wait-for';

const microsPerDay = 86_400_000_000n;
const now = BigInt(Date.now()) * 1_000n;
const daysAgo = (days: number): Instant => now - BigInt(days) * microsPerDay;

/** Up to where entries go that are 90 days old: PostgreSQL drops whole months. */
function boundary(): Instant {
  const due = new Date(Number(daysAgo(90) / 1_000n));
  const month = Date.UTC(due.getUTCFullYear(), due.getUTCMonth());
  return dialect === 'sqlite' ? daysAgo(90) : BigInt(month) * 1_000n;
}

let database: TestDatabase;
let store: LogEntryRepository;
beforeEach(async () => {
  database = await createDatabase();
  store = await openTestStore(database.url);
});
afterEach(async () => {
  jest.restoreAllMocks();
  jest.useRealTimers();
  await store.close();
  await database.remove();
});

function encode(sessionId: string, times: readonly Instant[], idempotency?: EncodedSession['idempotency']) {
  const rows = times.map((time) => `[${time},"T",{}]`).join(',');
  const keys = idempotency ? `,"${idempotency.key}","${idempotency.digest}"` : '';
  const json = `["u","${sessionId}",[${rows}],${times[0]},${times.at(-1)}${keys}]`;
  return { json, entryCount: times.length, idempotency };
}

interface Clocks {
  readonly now: () => Instant;
  readonly monotonicMs?: () => number;
  readonly repository?: LogEntryRepository;
  readonly onError?: (error: unknown) => void;
  readonly onComplete?: () => void;
}

function start(retentionDays: number | undefined, { monotonicMs = () => 0, ...options }: Clocks) {
  const faults: string[] = [];
  fakeIntervals();
  jest.spyOn(performance, 'now').mockImplementation(monotonicMs);
  let expired = 0;
  const repository = options.repository ?? store;
  const deletion = createDeletion({ repository, erasureNoticeDays: 30, onDeleted: () => {}, ...options });
  const retention = startRetention({
    repository,
    deletion,
    retentionDays,
    idempotencyKeyDays: 30,
    onErased: (count) => (expired += count),
    onComplete: () => {},
    onError: (error) => {
      throw error;
    },
    onWrongClock: (reason) => faults.push(reason),
    ...options,
  });
  return { retention, faults, minutePasses: () => jest.advanceTimersByTime(60_000), expired: () => expired };
}

async function runRetention(retentionDays?: number): Promise<number> {
  const { retention, expired } = start(retentionDays, { now: () => now });
  await retention.run();
  await retention.stop();
  return expired();
}

async function readTimes(): Promise<Instant[]> {
  const columns = [{ key: 't', field: 'time' }] as const;
  const { objects, keys } = await store.findPage(
    { filter: {}, order: 'TIME_ASC', columns, first: 1_000, after: undefined },
    { mustBeLatest: true },
  );
  expect((JSON.parse(`[${String(objects)}]`) as unknown[]).length).toBe(keys.length);
  return keys.map(({ time }) => time);
}

describe('retention', () => {
  it('erases what is older, wherever it is kept, and leaves sums of sessions that agree with the rest', async () => {
    const end = boundary();
    const sessions: Record<string, Instant[]> = {
      ancient: [1n, 2n],
      old: [daysAgo(300), daysAgo(300) + 1n, daysAgo(299)],
      'over months': [daysAgo(200), daysAgo(160), daysAgo(95), daysAgo(5)],
      'on the boundary': [end - 1n, end, end + 1n],
      new: [daysAgo(3), daysAgo(2)],
      future: [daysAgo(-800)],
    };
    for (const [name, times] of Object.entries(sessions)) {
      await store.insertSessions([encode(name, times)], now);
    }
    const all = Object.values(sessions).flat();
    const left = all.filter((time) => time >= end);
    expect(await runRetention(90)).toBe(all.length - left.length);
    const inOrder = left.sort((one, other) => (one < other ? -1 : 1));
    expect(await readTimes()).toEqual(inOrder);
    const sums = await store.findSessions(
      { filter: {}, first: 100, after: undefined },
      { mustBeLatest: true },
    );
    const expected = Object.entries(sessions)
      .map(([sessionId, times]) => [sessionId, times.filter((time) => time >= end)] as const)
      .filter(([, times]) => times.length > 0);
    expect(new Map(sums.map(({ sessionId, ...sum }) => [sessionId, sum]))).toEqual(
      new Map(
        expected.map(([sessionId, times]) => [
          sessionId,
          { userId: 'u', startedAt: times[0], endedAt: times.at(-1), entryCount: times.length },
        ]),
      ),
    );
    // Late ones are taken, and go with the next look.
    await store.insertSessions([encode('late', [daysAgo(300)])], now);
    expect(await readTimes()).toEqual([daysAgo(300), ...inOrder]);
    expect(await runRetention(90)).toBe(1);
    expect(await readTimes()).toEqual(inOrder);
    expect(await runRetention(90)).toBe(0);
  });

  it('makes nobody who records or reads meanwhile fail', async () => {
    for (let day = 100; day < 400; day += 3) {
      await store.insertSessions([encode(`s${day}`, Array<Instant>(20).fill(daysAgo(day)))], now);
    }
    let isDone = false;
    let count = 0;
    const busy = [
      async () => {
        for (; !isDone; count++) await store.insertSessions([encode(`n${count}`, [daysAgo(1)])], now);
      },
      async () => {
        while (!isDone) await readTimes();
      },
      async () => {
        while (!isDone) await store.countEntries({}, 10_000, { mustBeLatest: true });
      },
    ].map((work) => work());
    await runRetention(90);
    isDone = true;
    await Promise.all(busy);
    const times = await readTimes();
    expect(times.every((time) => time >= boundary())).toBe(true);
    expect(times.filter((time) => time === daysAgo(1))).toHaveLength(Math.min(count, 1_000));
  });

  it('keeps everything when it is off', async () => {
    await store.insertSessions([encode('ancient', [1n])], now);
    expect(await runRetention()).toBe(0);
    expect(await readTimes()).toEqual([1n]);
  });
});

describe('a clock that is wrong by more than a day stops retention until a restart', () => {
  const dayMs = 86_400_000;

  it.each([
    ['forward', 200 * dayMs, 1],
    ['back', -2 * dayMs, 1],
    ['forward by less, and goes on', dayMs - 1, 0],
    ['forward as the monotonic clock does, and goes on', 0, 0],
  ])('when it jumps %s', async (_name, jumpMs, count) => {
    let monotonicMs = 0;
    let time = now;
    const clocks = { now: () => time, monotonicMs: () => monotonicMs };
    const repository = overrideRepository(store, { now: async () => time });
    const { retention, faults, minutePasses } = start(90, { ...clocks, repository });
    await retention.run();
    expect(faults).toEqual([]);
    await store.insertSessions([encode('new', [daysAgo(3)], { key: 'k', digest: 'd' })], now);
    if (jumpMs === 0) monotonicMs += 2 * dayMs;
    time += BigInt(jumpMs || 2 * dayMs) * 1_000n;
    minutePasses();
    await retention.run();
    expect(faults).toEqual(Array(count).fill('the clock of this machine jumped by more than a day'));
    // The next run compares with the wrong time, and must not start.
    minutePasses();
    await retention.run();
    expect(faults).toHaveLength(count);
    expect(await readTimes()).toEqual([daysAgo(3)]);
    const [receipt] = await store.insertSessions([encode('again', [1n], { key: 'k', digest: 'd' })], now);
    expect(receipt!.recordedDigest).toBe('d');
    await retention.stop();
  });

  it('when it differs from the clock of the database', async () => {
    await store.insertSessions([encode('new', [daysAgo(3)])], now);
    const clocks = { now: () => daysAgo(-200) };
    // SQLite has no clock of its own.
    const repository = dialect === 'sqlite' ? overrideRepository(store, { now: async () => now }) : store;
    const { retention, faults, expired } = start(90, { ...clocks, repository });
    await retention.run();
    await retention.stop();
    expect(faults).toEqual(['the clocks of this machine and of the database differ by more than a day']);
    expect(expired()).toBe(0);
    expect(await readTimes()).toEqual([daysAgo(3)]);
  });
});

it('runs at start, and then once a minute', async () => {
  let completeCount = 0;
  const { retention } = start(undefined, { now: () => now, onComplete: () => completeCount++ });
  await waitFor(() => completeCount === 1);
  await new Promise(setImmediate);
  jest.advanceTimersByTime(59_999);
  await new Promise(setImmediate);
  expect(completeCount).toBe(1);
  jest.advanceTimersByTime(1);
  await waitFor(() => completeCount === 2);
  await retention.stop();
});

it('a run counts what a failed one has dropped as months, and mends the sums of sessions', async () => {
  const repeated = (count: number, days: number) => Array<Instant>(count).fill(daysAgo(days));
  const [past, month, left] = [repeated(400, 900), repeated(2_500, 200), repeated(100, 5)];
  await store.insertSessions([encode('large', [...past, ...month, ...left])], now);
  await store.insertSessions([encode('gone', repeated(10, 160))], now);
  const count = () => store.countEntries({}, 10_000, { mustBeLatest: true });
  const clocks = { now: () => now, monotonicMs: () => 0 };
  const errors: unknown[] = [];
  const failing = overrideRepository(store, { eraseEntries: () => Promise.reject(new Error('failed')) });
  const failed = start(90, { ...clocks, repository: failing, onError: (error) => errors.push(error) });
  await failed.retention.run();
  await failed.retention.stop();
  expect(errors).toHaveLength(1);
  expect(failed.expired()).toBe(0);
  // Entries before the first month are in a partition that is not dropped.
  expect(await count()).toBe(dialect === 'sqlite' ? 3_010 : 500);

  expect(await runRetention(90)).toBe(2_910);
  expect(await count()).toBe(100);
  expect(
    await store.findSessions({ filter: {}, first: 9, after: undefined }, { mustBeLatest: true }),
  ).toEqual([
    { userId: 'u', sessionId: 'large', startedAt: daysAgo(5), endedAt: daysAgo(5), entryCount: 100 },
  ]);
});

it('a run that fails reports what it has erased', async () => {
  await store.insertSessions([encode('one', [daysAgo(300)])], now);
  let eraseCount = 0;
  const errors: unknown[] = [];
  const repository = overrideRepository(store, {
    // PostgreSQL would drop the month.
    dropExpired: async (endTime) => endTime,
    eraseEntries: (query) =>
      eraseCount++ === 0 ? store.eraseEntries(query) : Promise.reject(new Error('the disk failed')),
  });
  await store.insertSessions([encode('two', Array<Instant>(300).fill(daysAgo(200)))], now);
  const clocks = { now: () => now };
  const { retention, expired } = start(90, { ...clocks, repository, onError: (e) => errors.push(e) });
  await retention.run();
  await retention.stop();
  expect(errors).toHaveLength(1);
  expect(expired()).toBeGreaterThan(0);
});

it('a key is deleted once it has expired, and not before', async () => {
  const once = (key: string) => ({ key, digest: 'd' });
  for (let at = 0; at < 1_200; at++) {
    await store.insertSessions([encode('old', [1n], once(`old-${at}`))], daysAgo(31));
  }
  await store.insertSessions([encode('new', [1n], once('new'))], daysAgo(29));
  await runRetention();
  for (const [key, known] of [
    ['old-0', undefined],
    ['old-1199', undefined],
    ['new', 'd'],
  ] as const) {
    const [receipt] = await store.insertSessions([encode('again', [1n], once(key))], now);
    expect([key, receipt!.recordedDigest]).toEqual([key, known]);
  }
});

it('a server reports its retention period and how many entries have expired', async () => {
  await store.insertSessions([encode('old', [daysAgo(300), daysAgo(299)])], now);
  const server = await startServer({ RETENTION_DAYS: '90', DATABASE_URL: database.url });
  try {
    const { data } = await server.graphql('{ serverInfo { retentionDays } }');
    expect(data.serverInfo.retentionDays).toBe(90);
    let metrics = '';
    while (!/log_manager_retention_timestamp_seconds [1-9]/.test(metrics)) {
      metrics = await (await fetch(`${server.url}/metrics`)).text();
    }
    expect(metrics).toContain('log_manager_retention_days 90\n');
    expect(metrics).toContain('log_manager_entries_erased_total{reason="retention"} 2\n');
  } finally {
    await server.stop();
  }
});
