import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { OutcomeUnknownError, ServiceUnavailableError } from '../../../src/logs/model/errors';
import type { LogEntryRepository } from '../../../src/logs/log-entry-repository';
import { createRecorder, type Recorder } from '../../../src/logs/recording/recorder';
import { timeouts } from '../../../src/storage/postgres/timeouts';
import { StartError } from '../../../src/storage/start-error';
import { createDatabase, type TestDatabase } from '../../support/database/database';
import { openTestStore, overrideRepository } from '../../support/database/store';
import { openPrincipal } from '../../../src/logs/access/principal';

let database: TestDatabase;
let store: LogEntryRepository;

beforeEach(async () => {
  database = await createDatabase();
});
afterEach(async () => {
  await store.close();
  await database.remove();
});

const columns = [{ key: 'type', field: 'type' }] as const;
const insert = (type: string): Promise<unknown> =>
  store.insertSessions([{ json: JSON.stringify(['u', 's', [[0, type, {}]], 0, 0]), entryCount: 1 }], 0n);
const read = () => store.findEntries({ filter: {}, columns, limit: 100 }, { mustBeLatest: false });
const ten = <Result>(work: () => Promise<Result>): Promise<Result[]> =>
  Promise.all(Array.from({ length: 10 }, work));

describe('when PostgreSQL has no free connection', () => {
  let role: string;
  let url: URL;
  beforeEach(async () => {
    role = new URL(database.url).pathname.slice(1);
    // The limit of a superuser is not enforced.
    await database.execute(`CREATE ROLE ${role} LOGIN PASSWORD 'guest' IN ROLE postgres`);
    url = new URL(database.url);
    [url.username, url.password] = [role, 'guest'];
    store = await openTestStore(url.href);
  });

  const allow = (connections: number) =>
    database.execute(`ALTER ROLE ${role} CONNECTION LIMIT ${connections}`);
  /** Settles when the role has as many connections. */
  const untilConnected = (condition: string) =>
    database.execute(`DO $$ BEGIN
      WHILE NOT (SELECT count(*) ${condition} FROM pg_stat_activity WHERE usename = '${role}') LOOP
        PERFORM pg_sleep(0.01); PERFORM pg_stat_clear_snapshot();
      END LOOP; END $$`);

  it('writes and reads share the connections of their pools', async () => {
    await allow(2);
    await Promise.all([ten(() => insert('A')), ten(read)]);
    const erase = { sessions: [{ userId: 'u', sessionId: 'x' }], endTime: 0n, limit: 1 };
    await Promise.all([ten(() => store.eraseEntries(erase)), ten(() => store.ping())]);
    expect(await store.countEntries({}, 100, { mustBeLatest: false })).toBe(10);
  });

  it('a pool without a connection refuses its requests, until one is free', async () => {
    await allow(0);
    await database.execute(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${role}'`,
    );
    await untilConnected('= 0');
    for (const work of [() => insert('A'), read, () => store.ping()]) {
      const results = await Promise.allSettled(Array.from({ length: 6 }, work));
      for (const result of results) {
        expect(result).toMatchObject({ reason: { cause: { code: '53300' } } });
        expect((result as PromiseRejectedResult).reason).toBeInstanceOf(ServiceUnavailableError);
      }
    }
    await allow(1);
    await insert('B');
    await ten(() => insert('B'));
    expect((await Promise.allSettled([read()]))[0].status).toBe('rejected');
    await allow(2);
    const list = await read();
    expect(await ten(read)).toEqual(Array(10).fill(list));
  });

  it('the pools grow again later', async () => {
    await allow(2);
    await ten(() => insert('A'));
    await allow(-1);
    const grown = untilConnected('> 2');
    let isGrown = false;
    void grown.then(() => (isGrown = true));
    while (!isGrown) await ten(() => insert('A'));
  });

  it('a start that gets one connection says the remedy', async () => {
    await store.close();
    await allow(1);
    const opening = openTestStore(url.href);
    await expect(opening).rejects.toBeInstanceOf(StartError);
    await expect(opening).rejects.toThrow(/^DATABASE_URL: PostgreSQL has no free connection\. Raise/);
    await allow(-1);
    store = await openTestStore(url.href);
  });
});

describe('a lock of another program', () => {
  const time = '2026-11-01T00:00:00Z';
  let recorder: Recorder;
  /** The indexes of the sessions in the order in which they were answered. */
  let answered: number[];

  const options = {
    now: () => BigInt(Date.parse(time)) * 1_000n,
    onCommit: () => {},
    onBug: (error: unknown) => {
      throw error;
    },
  };

  beforeEach(async () => {
    // Timeouts are a quarter of those of the server.
    for (const name of ['lockMs', 'batchLockMs'] as const) {
      jest.replaceProperty(timeouts, name, (timeouts[name] / 4) as never);
    }
    store = await openTestStore(database.url);
    recorder = createRecorder({ repository: store, ...options });
    answered = [];
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  /** Records 20 sessions in one batch. */
  const recordAll = (change: (at: number) => object = () => ({})) =>
    Promise.allSettled(
      Array.from({ length: 20 }, (_, at) => {
        const actions = [{ time, type: 'T' }];
        const session = {
          userId: 'u',
          sessionId: `s${at}`,
          actions,
          idempotencyKey: `k${at}`,
          ...change(at),
        };
        return recorder.recordSession(session, openPrincipal).finally(() => answered.push(at));
      }),
    );
  const count = () => store.countEntries({}, 1_000, { mustBeLatest: false });
  const unavailable = { status: 'rejected', reason: { code: 'SERVICE_UNAVAILABLE', details: {} } };
  const statusesOf = (results: readonly { status: string }[]) => results.map(({ status }) => status);

  it.each([
    ['session', `session WHERE session_id = 's7'`],
    ['key', `idempotency_key WHERE first_id = (SELECT id FROM log_entry WHERE session_id = 's7')`],
  ])(
    'on the row of a %s refuses that session only, and most others do not wait for it',
    async (_of, rows) => {
      await recordAll();
      answered = [];
      await database.execute(`BEGIN; SELECT FROM ${rows} FOR UPDATE`);
      const isKey = rows.startsWith('idempotency_key');
      const results = await recordAll((at) => (isKey ? {} : { idempotencyKey: `other${at}` }));
      await database.execute('ROLLBACK');
      expect(results[7]).toMatchObject(unavailable);
      expect((results[7] as PromiseRejectedResult).reason).not.toBeInstanceOf(OutcomeUnknownError);
      expect(statusesOf(results).filter((status) => status === 'fulfilled')).toHaveLength(19);
      expect(answered.indexOf(7)).toBeGreaterThan(16);
      expect(await count()).toBe(isKey ? 20 : 39);
    },
  );

  it('on a month refuses the sessions of that month only', async () => {
    const month = new Date().toISOString().slice(0, 7);
    await database.execute(`BEGIN; LOCK TABLE log_entry_${month.replace('-', '_')} IN EXCLUSIVE MODE`);
    const past = { actions: [{ time: '2001-01-01T00:00:00Z', type: 'T' }] };
    const present = { actions: [{ time: `${month}-01T00:00:00Z`, type: 'T' }] };
    const results = await recordAll((at) => (at === 3 || at === 15 ? present : past));
    await database.execute('ROLLBACK');
    for (const at of [3, 15]) expect(results[at]).toMatchObject(unavailable);
    expect(await count()).toBe(18);
  });

  it('on the table refuses all sessions at the first attempt', async () => {
    const unlock = await database.lock();
    const insertSessions = jest.spyOn(store, 'insertSessions');
    recorder = createRecorder({ repository: overrideRepository(store, { maxWaitMs: 1_500 }), ...options });
    const results = await recordAll();
    await unlock();
    expect(insertSessions).toHaveBeenCalledTimes(1);
    for (const result of results) expect(result).toMatchObject(unavailable);
    expect(await count()).toBe(0);
    expect(statusesOf(await recordAll())).toEqual(Array(20).fill('fulfilled'));
  });

  it.each(['40P01', '40001'])('that ends in %s fails the session that causes it only', async (code) => {
    await database.execute(`CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF NEW.session_id = 's7' THEN RAISE EXCEPTION 'injected' USING ERRCODE = '${code}'; END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER fail BEFORE INSERT ON session FOR EACH ROW EXECUTE FUNCTION fail()`);
    const results = await recordAll();
    expect(results[7]).toMatchObject(unavailable);
    expect(await count()).toBe(19);
  });
});
