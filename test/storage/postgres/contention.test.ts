import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ServiceUnavailableError } from '../../../src/logs/model/errors';
import type { LogEntryRepository } from '../../../src/logs/log-entry-repository';
import { StartError } from '../../../src/storage/start-error';
import { createDatabase, type TestDatabase } from '../../support/database/database';
import { openTestStore } from '../../support/database/store';

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
    const erase = { sessions: [{ userId: 'u', sessionId: 'x' }], lastId: 0, endTime: 0n, limit: 1 };
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
