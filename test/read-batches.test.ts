import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EntryQuery } from '../src/logs/log-store';
import type { Connection, Query } from '../src/storage/sqlite/connection';
import { createReadBatches } from '../src/storage/sqlite/read-batches';
import { openSqliteStore, type SqliteStore } from '../src/storage/sqlite/sqlite-store';

const columns = [{ key: 'id', field: 'id' }] as const;
const byUser = (user: string): EntryQuery => ({ columns, limit: 10, user });

/** A connection that answers each read with its values, and remembers the statements. */
function createFakeConnection(bytes: number, refused = '') {
  const calls: Query[] = [];
  const connection: Connection = {
    all: async <Row>(query: Query) => {
      calls.push(query);
      await new Promise(setImmediate);
      const [text] = query.parameters as [string];
      if (refused && text.includes(refused)) throw new Error(`${refused} is refused`);
      const values = JSON.parse(text) as string[] | string[][];
      const reads = Array.isArray(values[0]) ? (values as string[][]) : [values as string[]];
      return reads.map(([user]) => ({ result: Buffer.from(user!.padEnd(bytes)) })) as Row[];
    },
    run: () => Promise.reject(new Error('reads only')),
    close: () => Promise.resolve(),
  };
  return { connection, calls };
}

const users = ['a', 'b', 'c', 'd', 'e'];

describe('reads that wait for a connection', () => {
  it('are answered by one statement, each with its own result, once they are known to be small', async () => {
    const { connection, calls } = createFakeConnection(10);
    const { entries } = createReadBatches([connection]);
    await entries(byUser('first'));
    const results = await Promise.all(users.map((user) => entries(byUser(user))));
    expect(results.map((result) => String(result).trim())).toEqual(users);
    expect(calls.map(({ parameters }) => parameters[0])).toEqual([
      '["first"]',
      '[["a"]]',
      '[["b"],["c"],["d"],["e"]]',
    ]);
  });

  it('are answered one by one when they are large', async () => {
    const { connection, calls } = createFakeConnection(40_000);
    const { entries } = createReadBatches([connection]);
    await entries(byUser('first'));
    await Promise.all(users.map((user) => entries(byUser(user))));
    expect(calls.map(({ parameters }) => parameters[0])).toEqual(
      ['first', ...users].map((user) => JSON.stringify([user])),
    );
  });

  it('do not share a statement with reads of another form, nor lose their turn to them', async () => {
    const { connection, calls } = createFakeConnection(10);
    const { entries } = createReadBatches([connection]);
    await entries(byUser('first'));
    const byType: EntryQuery = { columns, limit: 10, type: 'T' };
    await Promise.all([byUser('a'), byUser('b'), byType, byUser('c')].map(entries));
    expect(calls.slice(1).map(({ parameters }) => parameters[0])).toEqual([
      '[["a"]]',
      '[["b"],["c"]]',
      '[["T"]]',
    ]);
  });

  it('do not fail for the fault of one of them', async () => {
    const { connection } = createFakeConnection(10, 'c');
    const { entries } = createReadBatches([connection]);
    await entries(byUser('first'.replace('c', '')));
    const results = await Promise.allSettled(users.map((user) => entries(byUser(user))));
    expect(results.map(({ status }) => status === 'fulfilled')).toEqual(
      users.map((user) => user !== 'c'),
    );
  });
});

describe('a store asked in many forms at once', () => {
  let store: SqliteStore;
  beforeAll(async () => {
    store = await openSqliteStore(':memory:');
    const rows = Array.from({ length: 200 }, (_, at) => [at, `t${at % 7}`, {}]);
    for (const user of users) {
      const json = JSON.stringify([user, 's', rows]);
      await store.insert([{ json, entryCount: rows.length }], 0n);
    }
  });
  afterAll(() => store.close());

  it('answers each read with its own entries', async () => {
    const ask = async (at: number): Promise<void> => {
      const [user, type] = [users[at % 5]!, `t${at % 7}`];
      const [from, to] = [at % 90, 100 + (at % 90)];
      const form = at % 16;
      const list = await store.read({
        columns: [
          { key: `k${at % 9}`, field: 'time' },
          { key: 'user', field: 'userId' },
        ],
        limit: 5_000,
        user: form & 1 ? user : undefined,
        type: form & 2 ? type : undefined,
        startTime: form & 4 ? BigInt(from) : undefined,
        endTime: form & 8 ? BigInt(to) : undefined,
      });
      const expected: string[] = [];
      for (let time = form & 4 ? from : 0; time < (form & 8 ? to : 200); time++) {
        if (form & 2 && `t${time % 7}` !== type) continue;
        const instant = `1970-01-01T00:00:00.${String(time).padStart(6, '0').replace(/000$/, '')}Z`;
        for (const name of form & 1 ? [user] : users) {
          expected.push(JSON.stringify({ [`k${at % 9}`]: instant, user: name }));
        }
      }
      expect('objects' in list && String(list.objects)).toBe(expected.join(','));
    };
    for (let round = 0; round < 3; round++) {
      await Promise.all(Array.from({ length: 500 }, (_, at) => ask(at)));
    }
  });
});
