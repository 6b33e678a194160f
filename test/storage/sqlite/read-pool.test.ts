import { describe, expect, it } from '@jest/globals';
import type { EntryQuery } from '../../../src/logs/log-entry-repository';
import type { Connection, Query } from '../../../src/storage/sqlite/connection';
import { createReadPool } from '../../../src/storage/sqlite/read-pool';

const columns = [{ key: 'id', field: 'id' }] as const;
const byUser = (user: string): EntryQuery => ({
  columns,
  limit: 10,
  user,
  mustBeLatest: false,
});

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
    close: () => Promise.resolve(),
  };
  return { connection, calls };
}

const users = ['a', 'b', 'c', 'd', 'e'];

describe('reads that wait for a connection', () => {
  it('are answered by one statement, each with its own result, once they are known to be small', async () => {
    const { connection, calls } = createFakeConnection(10);
    const { entries } = createReadPool([connection]);
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
    const { entries } = createReadPool([connection]);
    await entries(byUser('first'));
    await Promise.all(users.map((user) => entries(byUser(user))));
    expect(calls.map(({ parameters }) => parameters[0])).toEqual(
      ['first', ...users].map((user) => JSON.stringify([user])),
    );
  });

  it('do not share a statement with reads of another form, nor lose their turn to them', async () => {
    const { connection, calls } = createFakeConnection(10);
    const { entries } = createReadPool([connection]);
    await entries(byUser('first'));
    const byType: EntryQuery = { ...byUser(''), user: undefined, type: 'T' };
    await Promise.all([byUser('a'), byUser('b'), byType, byUser('c')].map(entries));
    expect(calls.slice(1).map(({ parameters }) => parameters[0])).toEqual([
      '[["a"]]',
      '[["b"],["c"]]',
      '[["T"]]',
    ]);
  });

  it('do not fail for the fault of one of them', async () => {
    const { connection } = createFakeConnection(10, 'c');
    const { entries } = createReadPool([connection]);
    await entries(byUser('first'.replace('c', '')));
    const results = await Promise.allSettled(users.map((user) => entries(byUser(user))));
    expect(results.map(({ status }) => status === 'fulfilled')).toEqual(
      users.map((user) => user !== 'c'),
    );
  });
});
