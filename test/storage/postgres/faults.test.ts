import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  DatabaseFaultError,
  OutcomeUnknownError,
  ServiceUnavailableError,
} from '../../../src/logs/model/errors';
import type { LogEntryRepository } from '../../../src/logs/log-entry-repository';
import { timeouts } from '../../../src/storage/postgres/timeouts';
import { createDatabase, type TestDatabase } from '../../support/database/database';
import { openTestStore } from '../../support/database/store';
import { createTcpProxy, type TcpProxy } from '../../support/processes/tcp-proxy';

const columns = [{ key: 'type', field: 'type' }] as const;

// Timeouts are a quarter of those of the server.
const { statementMs, graceMs, probeMs, connectMs, lockMs, queueMs } = timeouts;
for (const [name, ms] of Object.entries({
  statementMs,
  graceMs,
  probeMs,
  connectMs,
  lockMs,
  queueMs,
})) {
  jest.replaceProperty(timeouts, name as 'statementMs', (ms / 4) as never);
}

let database: TestDatabase;
let proxy: TcpProxy;
let proxiedUrl: string;
let store: LogEntryRepository;

beforeEach(async () => {
  database = await createDatabase();
  const url = new URL(database.url);
  proxy = await createTcpProxy({ host: url.hostname, port: Number(url.port) });
  url.port = String(proxy.port);
  proxiedUrl = url.href;
  store = await openTestStore(proxiedUrl, { QUERY_TIMEOUT_MS: String(timeouts.statementMs) });
});
afterEach(async () => {
  await proxy.close();
  await store.close();
  await database.remove();
});

const insert = (type: string): Promise<unknown> =>
  store.insertSessions([{ json: JSON.stringify(['u', 's', [[0, type, {}]], 0, 0]), entryCount: 1 }], 0n);

async function readTypes(): Promise<string[]> {
  const list = await store.findEntries({ filter: {}, columns, limit: 100 }, { mustBeLatest: false });
  const objects = `[${String('objects' in list && list.objects)}]`;
  return (JSON.parse(objects) as { type: string }[]).map(({ type }) => type);
}

const notFailed = new Error('it did not fail');

/** What a promise is rejected with, and how long that took. */
async function failureOf(work: Promise<unknown>): Promise<{ error: Error; ms: number }> {
  const startedAt = performance.now();
  const error = await work.then(
    () => notFailed,
    (reason: unknown) => reason as Error,
  );
  return { error, ms: performance.now() - startedAt };
}

async function untilItSucceeds(work: () => Promise<unknown>): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const { error } = await failureOf(work());
    if (error === notFailed) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await work();
}

const terminateOthers = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid()`;

const isBlocked = `EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database()
  AND wait_event_type = 'Lock')`;
const sleepWhile = (condition: string): string => `DO $$ BEGIN
  WHILE ${condition} LOOP
    PERFORM pg_sleep(0.01); PERFORM pg_stat_clear_snapshot();
  END LOOP; END $$`;
/** Waits until another backend waits for a lock. */
const untilBlocked = sleepWhile(`NOT ${isBlocked}`);
const untilNotBlocked = sleepWhile(isBlocked);

describe('when backends are terminated', () => {
  it('reads go on', async () => {
    await insert('A');
    for (let at = 0; at < 20; at++) {
      // Several connections at once, so that several are dead.
      await Promise.all([1, 2, 3, 4].map(() => readTypes()));
      await database.execute(terminateOthers);
      expect(await readTypes()).toEqual(['A']);
    }
  });

  it('a write that was under way is not acknowledged, and said to be of unknown outcome', async () => {
    const unlock = await database.lock();
    const failure = failureOf(insert('A'));
    await database.execute(untilBlocked);
    await database.execute(terminateOthers);
    const { error } = await failure;
    expect(error).toBeInstanceOf(OutcomeUnknownError);
    expect(error).toMatchObject({ code: 'SERVICE_UNAVAILABLE', details: { outcome: 'unknown' } });
    await unlock();
    await insert('B');
    expect(await readTypes()).toEqual(['B']);
  });
});

describe('a write', () => {
  it('that waits too long for a lock is refused, and nothing of it is stored', async () => {
    const unlock = await database.lock();
    const { error, ms } = await failureOf(insert('A'));
    await unlock();
    expect(error).toBeInstanceOf(ServiceUnavailableError);
    expect(error).not.toBeInstanceOf(OutcomeUnknownError);
    expect(ms).toBeLessThan(timeouts.statementMs);
    expect(await readTypes()).toEqual([]);
  });

  it('that is cancelled is refused', async () => {
    const unlock = await database.lock();
    const failure = failureOf(insert('A'));
    await database.execute(untilBlocked);
    await database.execute(terminateOthers.replace('terminate', 'cancel'));
    const { error } = await failure;
    await unlock();
    expect(error).toBeInstanceOf(ServiceUnavailableError);
    expect(error).not.toBeInstanceOf(OutcomeUnknownError);
  });
});

it.each(['XX001', 'XX002'])('a read of damaged data (%s) says so', async (code) => {
  await insert('A');
  await database.execute(`CREATE FUNCTION damaged() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN
      RAISE EXCEPTION 'invalid page in block 0' USING ERRCODE = '${code}'; END $$;
    ALTER TABLE log_entry RENAME TO damaged_entry;
    CREATE VIEW log_entry AS SELECT * FROM damaged_entry WHERE damaged()`);
  const { error } = await failureOf(readTypes());
  expect(error).toBeInstanceOf(DatabaseFaultError);
  expect(error).toMatchObject({ cause: { code }, logLevel: 'error' });
});

describe('a primary that has become read-only', () => {
  it('refuses writes, answers reads, and is left as soon as there is another one', async () => {
    const name = new URL(database.url).pathname.slice(1);
    await database.execute(`ALTER DATABASE ${name} SET default_transaction_read_only = on`);
    await database.execute(terminateOthers);
    // A write on a connection that is lost without our knowing would be of unknown outcome, rightly.
    await new Promise((resolve) => setTimeout(resolve, 200));
    for (let at = 0; at < 3; at++) {
      const { error } = await failureOf(insert('A'));
      expect(error).toBeInstanceOf(ServiceUnavailableError);
      expect(error).not.toBeInstanceOf(OutcomeUnknownError);
      expect(error.cause).toMatchObject({ code: '25006' });
    }
    expect(await readTypes()).toEqual([]);
    await database.execute(`SET default_transaction_read_only = off`);
    await database.execute(`ALTER DATABASE ${name} RESET default_transaction_read_only`);
    // Connections of before would still be read-only.
    await insert('B');
    expect(await readTypes()).toEqual(['B']);
  });
});

describe('a former primary that goes on answering on its connections', () => {
  it.each([
    ['has acknowledged a write', () => insert('B'), ['B', 'X']],
    ['is there when the server is asked whether it is ready', () => store.ping(), ['X']],
  ])('is left by reads too, when its successor %s', async (_when, reach, types) => {
    const successor = await createDatabase();
    try {
      const other = await openTestStore(successor.url);
      const json = JSON.stringify(['u', 's', [[1, 'X', {}]], 1, 1]);
      await other.insertSessions([{ json, entryCount: 1 }], 0n);
      await other.close();
      await insert('A');
      const [from, to] = [database, successor].map(({ url }) => new URL(url).pathname.slice(1));
      await database.execute(`ALTER DATABASE ${from} SET default_transaction_read_only = on`);
      await database.execute(terminateOthers);
      await new Promise((resolve) => setTimeout(resolve, 200));
      const readOnAll = () => Promise.all([1, 2, 3, 4].map(() => readTypes()));
      await readOnAll();
      expect((await failureOf(insert('B'))).error.cause).toMatchObject({ code: '25006' });
      // It is as ready as can be.
      await store.ping();
      expect(await readOnAll()).toEqual(Array(4).fill(['A']));
      proxy.redirect(from!, to!);
      await reach();
      expect(await readOnAll()).toEqual(Array(4).fill(types));
    } finally {
      await proxy.close();
      await successor.remove();
    }
  });
});

describe('a server that', () => {
  it('is gone gets reads and writes refused at once, and is used again when it is back', async () => {
    await insert('A');
    await proxy.close();
    for (const work of [insert('B'), readTypes(), store.ping()]) {
      const { error, ms } = await failureOf(work);
      expect(error).toBeInstanceOf(ServiceUnavailableError);
      expect(ms).toBeLessThan(timeouts.connectMs);
    }
    await proxy.open();
    await insert('C');
    expect(await readTypes()).toEqual(['A', 'C']);
  });

  it('hangs is given up in time, and the outcome of a write is unknown', async () => {
    await insert('A');
    await readTypes();
    proxy.freeze();
    const [write, read, ping] = await Promise.all([
      failureOf(insert('B')),
      failureOf(readTypes()),
      failureOf(store.ping()),
    ]);
    expect(write.error).toBeInstanceOf(OutcomeUnknownError);
    expect(read.error).toBeInstanceOf(ServiceUnavailableError);
    expect(ping.error).toBeInstanceOf(ServiceUnavailableError);
    const slack = 1_000;
    expect(write.ms).toBeLessThan(timeouts.statementMs + timeouts.graceMs + slack);
    expect(read.ms).toBeLessThan(timeouts.statementMs + timeouts.graceMs + slack);
    expect(ping.ms).toBeLessThan(timeouts.probeMs + timeouts.connectMs + slack);
    await proxy.close();
    await proxy.open();
    await insert('C');
    expect(await readTypes()).toContain('C');
  });
});

describe('the making of partitions', () => {
  const now = new Date();
  const newest = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 3));
  const table = `log_entry_${newest.toISOString().slice(0, 7).replace('-', '_')}`;

  /** A store, and what it does every hour. */
  async function openMaker() {
    const setInterval = jest.spyOn(globalThis, 'setInterval');
    const maker = await openTestStore(proxiedUrl);
    const [keepPartitions] = setInterval.mock.calls.find(([, ms]) => ms === 3_600_000)!;
    return { store: maker, keepPartitions };
  }
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('that gets no answer in time leaves no transaction open for commits to get lost in', async () => {
    jest.replaceProperty(timeouts, 'statementMs', 400 as never);
    jest.replaceProperty(timeouts, 'graceMs', 100 as never);
    const { store: impatient, keepPartitions } = await openMaker();
    try {
      await database.execute(`DROP TABLE ${table}`);
      proxy.stallAt('START TRANSACTION', 1_000);
      keepPartitions();
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      for (const type of ['A', 'B', 'C']) {
        const json = JSON.stringify(['u', 's', [[0, type, {}]], 0, 0]);
        await impatient.insertSessions([{ json, entryCount: 1 }], 0n);
      }
      expect(await readTypes()).toEqual(['A', 'B', 'C']);
      // There is another try, and it makes what is missing.
      keepPartitions();
      await untilItSucceeds(() => database.execute(`SELECT '${table}'::regclass`));
    } finally {
      await impatient.close();
    }
  });

  it('that waits for a lock ends when the store is closed', async () => {
    const { store: maker, keepPartitions } = await openMaker();
    await database.execute(`DROP TABLE ${table}`);
    await database.execute(`BEGIN; LOCK TABLE log_entry_default IN ACCESS SHARE MODE`);
    keepPartitions();
    await database.execute(untilBlocked);
    const startedAt = performance.now();
    await maker.close();
    await database.execute(untilNotBlocked);
    // It would wait for the lock for a second.
    expect(performance.now() - startedAt).toBeLessThan(500);
    await database.execute('ROLLBACK');
  });

  it('that gets no answer does not keep the store from closing', async () => {
    const { store: maker, keepPartitions } = await openMaker();
    proxy.stallAt('START TRANSACTION', 2_000);
    keepPartitions();
    await new Promise((resolve) => setTimeout(resolve, 500));
    const startedAt = performance.now();
    await maker.close();
    expect(performance.now() - startedAt).toBeLessThan(500);
  });
});

describe('at start, a store', () => {
  it('waits for a database that is not there yet', async () => {
    await proxy.close();
    const opening = openTestStore(proxiedUrl);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await proxy.open();
    const late = await opening;
    await late.ping();
    await late.close();
  });

  it('waits for one that takes no writes, a minute at most', async () => {
    const name = new URL(database.url).pathname.slice(1);
    await database.execute(`ALTER DATABASE ${name} SET default_transaction_read_only = on`);
    const failure = failureOf(openTestStore(database.url));
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const clock = jest.spyOn(performance, 'now').mockReturnValue(performance.now() + 60_000);
    const { error } = await failure;
    clock.mockRestore();
    expect(error.message).toContain('takes no writes');
    const opening = openTestStore(database.url);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await database.execute(`ALTER DATABASE ${name} RESET default_transaction_read_only`);
    await (await opening).close();
  });

  it('does not wait for one that does not let it in', async () => {
    const url = new URL(database.url);
    url.password = 'wrong';
    const { error, ms } = await failureOf(openTestStore(url.href));
    expect(error.message).toContain('password authentication failed');
    expect(ms).toBeLessThan(5_000);
    url.href = database.url;
    url.pathname = '/missing';
    expect((await failureOf(openTestStore(url.href))).error.message).toContain('does not exist');
  });

  it('refuses a database whose commits are not durable, or that does not take all characters', async () => {
    const name = new URL(database.url).pathname.slice(1);
    await database.execute(`ALTER DATABASE ${name} SET synchronous_commit = off`);
    expect((await failureOf(openTestStore(database.url))).error.message).toMatch(
      /are not durable.*synchronous_commit must not be off \(it is off\)/,
    );
    await database.execute(`CREATE DATABASE ${name}_ascii TEMPLATE template0 ENCODING SQL_ASCII`);
    const { error } = await failureOf(openTestStore(`${database.url}_ascii`));
    expect(error.message).toContain('encoding UTF8, not SQL_ASCII');
    await database.execute(`DROP DATABASE ${name}_ascii WITH (FORCE)`);
  });
});
