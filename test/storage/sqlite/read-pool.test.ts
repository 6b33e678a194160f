import { beforeEach, describe, expect, it } from '@jest/globals';
import type { EntryQuery } from '../../../src/logs/log-entry-repository';
import type { Connection, Query } from '../../../src/storage/sqlite/connection';
import { createQueries } from '../../../src/storage/queries';
import { sqlite } from '../../../src/storage/sqlite/dialect';
import { createReadPool, type ReadPool } from '../../../src/storage/sqlite/read-pool';

const columns = [{ key: 'id', field: 'id' }] as const;
const byUser = (user: string): EntryQuery => ({
  filter: { userIds: [user] },
  columns,
  limit: 10,
});

/** A connection that answers each read with its values, and remembers the statements. */
function createFakeConnection(bytes: number, refused = '') {
  const calls: Query[] = [];
  const connection: Connection = {
    all: async <Row>(query: Query) => {
      calls.push(query);
      await new Promise(setImmediate);
      const [text] = query.parameters as [string];
      const isShared = query.sql.startsWith('WITH read');
      if (refused && text.includes(refused)) throw new Error(`${refused} is refused`);
      const users = isShared ? (JSON.parse(text) as string[][]).flat() : [text];
      return users.map((user) => ({ objects: Buffer.from(user.padEnd(bytes)) })) as Row[];
    },
    close: () => Promise.resolve(),
  };
  return { connection, calls };
}

function createEntries(...connections: Connection[]): (query: EntryQuery) => Promise<Buffer | null> {
  const pool = createReadPool(connections, createQueries(sqlite, 1_000_000));
  return (query) => pool.entries(query, { mustBeLatest: false });
}

const users = ['a', 'b', 'c', 'd', 'e'];

describe('reads that arrive together, or wait for a connection', () => {
  it('are answered by one statement, each with its own result, once they are known to be small', async () => {
    const { connection, calls } = createFakeConnection(10);
    const entries = createEntries(connection);
    await entries(byUser('first'));
    const [a, ...others] = users;
    const waiting = entries(byUser(a!));
    await new Promise(setImmediate);
    const results = await Promise.all([waiting, ...others.map((user) => entries(byUser(user)))]);
    expect(results.map((result) => String(result).trim())).toEqual(users);
    expect(calls.map(({ parameters }) => parameters[0])).toEqual([
      'first',
      '[["a"]]',
      '[["b"],["c"],["d"],["e"]]',
    ]);
  });

  it.each([
    ['five while connections are idle, at most 16 later', 40, [5, 5, 5, 16, 9]],
    ['the rest at the end of the turn', 8, [5, 3]],
  ])('share statements in one turn of the event loop: %s', async (_, count, expected) => {
    const { connection, calls } = createFakeConnection(10);
    const entries = createEntries(connection, { ...connection }, { ...connection });
    await entries(byUser('first'));
    const names = Array.from({ length: count }, (_, at) => `user-${at}`);
    const results = await Promise.all(names.map((user) => entries(byUser(user))));
    expect(results.map(String)).toEqual(names.map((user) => user.padEnd(10)));
    const counts = calls.slice(1).map(({ parameters }) => (JSON.parse(parameters[0]!) as unknown[]).length);
    expect(counts).toEqual(expected);
  });

  it('start while the turn of the event loop goes on', async () => {
    const { connection, calls } = createFakeConnection(10);
    const entries = createEntries(connection);
    await entries(byUser('first'));
    const [last, ...others] = users;
    const reads = others.map((user) => entries(byUser(user)));
    expect(calls).toHaveLength(1);
    reads.push(entries(byUser(last!)));
    expect(calls).toHaveLength(2);
    await Promise.all(reads);
  });

  it('start at once when they are large', async () => {
    const { connection, calls } = createFakeConnection(40_000);
    const entries = createEntries(connection);
    await entries(byUser('first'));
    const read = entries(byUser('a'));
    expect(calls).toHaveLength(2);
    await read;
  });

  it('are answered one by one when they are large', async () => {
    const { connection, calls } = createFakeConnection(40_000);
    const entries = createEntries(connection);
    await entries(byUser('first'));
    await Promise.all(users.map((user) => entries(byUser(user))));
    expect(calls.map(({ parameters }) => parameters[0])).toEqual(['first', ...users]);
  });

  it('do not share a statement with reads of another form, nor lose their turn to them', async () => {
    const { connection, calls } = createFakeConnection(10);
    const entries = createEntries(connection);
    await entries(byUser('first'));
    const byType: EntryQuery = { ...byUser(''), filter: { types: ['T'] } };
    await Promise.all([byUser('a'), byUser('b'), byType, byUser('c')].map((query) => entries(query)));
    expect(calls.slice(1).map(({ parameters }) => parameters[0])).toEqual(['[["a"],["b"],["c"]]', '[["T"]]']);
  });

  it('do not fail for the fault of one of them', async () => {
    const { connection } = createFakeConnection(10, 'c');
    const entries = createEntries(connection);
    await entries(byUser('first'.replace('c', '')));
    const results = await Promise.allSettled(users.map((user) => entries(byUser(user))));
    expect(results.map(({ status }) => status === 'fulfilled')).toEqual(users.map((user) => user !== 'c'));
  });
});

describe('reads that are in the way of other work', () => {
  let pool: ReadPool;
  /** The reads that were started, in order, and how each ends. */
  let started: { name: string; end: () => void }[];
  const names = () => started.map(({ name }) => name);
  const read = (name: string) => pool.all({ sql: 'SELECT', parameters: [name] }, { mustBeLatest: false });

  beforeEach(() => {
    started = [];
    const all = ({ parameters: [name] }: Query, { check }: { check: () => void }) =>
      new Promise((resolve, reject) => {
        const timer = setInterval(() => {
          try {
            check();
          } catch (error) {
            clearInterval(timer);
            reject(error);
          }
        }, 1);
        const end = (): void => {
          clearInterval(timer);
          resolve([name]);
        };
        started.push({ name: name!, end });
      });
    pool = createReadPool([{ all: all as Connection['all'] }], createQueries(sqlite, 1_000_000));
  });

  /** Pauses reads for work that ends when the test says so. */
  function pause(maxMs: number) {
    let end!: () => void;
    let begin!: () => void;
    const begun = new Promise<void>((resolve) => (begin = resolve));
    const done = pool.pause({ maxMs, interrupts: true }, () => {
      begin();
      return new Promise<string>((resolve) => (end = () => resolve('done')));
    });
    return { begun, done, end: () => end() };
  }

  it('are interrupted, and executed again after it, before those that came later', async () => {
    const reads = [read('a'), read('b')];
    const { begun, done, end } = pause(1);
    await begun;
    expect(names()).toEqual(['a']);
    end();
    expect(await done).toBe('done');
    expect(names()).toEqual(['a', 'a']);
    started[1]!.end();
    await reads[0];
    started[2]!.end();
    expect(await Promise.all(reads)).toEqual([['a'], ['b']]);
  });

  it('end first if that takes less time', async () => {
    const reading = read('a');
    const { begun, done, end } = pause(60_000);
    started[0]!.end();
    await begun;
    end();
    expect(await done).toBe('done');
    expect(await reading).toEqual(['a']);
    expect(names()).toEqual(['a']);
  });

  it('are interrupted once, however often there is such work', async () => {
    const reading = read('a');
    const { begun, done, end } = pause(1);
    await begun;
    end();
    await done;
    for (let time = 0; time < 3; time++) expect(await pause(1).done).toBeUndefined();
    started[1]!.end();
    expect(await reading).toEqual(['a']);
    expect(names()).toEqual(['a', 'a']);
  });
});
