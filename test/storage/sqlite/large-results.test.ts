import { beforeEach, expect, it } from '@jest/globals';
import { OverloadedError, TooManyBytesError } from '../../../src/logs/model/errors';
import type { QueryContext } from '../../../src/logs/model/read-context';
import { createQueries } from '../../../src/storage/queries';
import type { Connection, Query } from '../../../src/storage/sqlite/connection';
import { sqlite } from '../../../src/storage/sqlite/dialect';
import { maxParallelBytes } from '../../../src/storage/result-room';
import { createReadPool, type ReadPool } from '../../../src/storage/sqlite/read-pool';

/** The reads in progress of each connection, as `first: name`, and how each ends. */
let running: Map<string, () => void>;
let started: string[];
let pool: ReadPool;

/** A connection whose results are large if their names are; only the first one can read these. */
const createConnection = (at: string) => ({
  all: (({ parameters: [name] }: Query) =>
    new Promise((resolve, reject) => {
      const key = `${at}: ${name}`;
      started.push(key);
      running.set(key, () => {
        running.delete(key);
        if (name!.startsWith('large') && at !== 'first') reject(new TooManyBytesError(maxParallelBytes));
        else resolve([name]);
      });
    })) as unknown as Connection['all'],
});
const read = (name: string, context: QueryContext = { mustBeLatest: false }) =>
  pool.all({ sql: 'SELECT', parameters: [name] }, context);
async function end(key: string): Promise<void> {
  running.get(key)!();
  await new Promise(setImmediate);
}

beforeEach(() => {
  [running, started] = [new Map(), []];
  pool = createReadPool(['first', 'second', 'third'].map(createConnection), createQueries(sqlite, 1_000_000));
});

it('large results are read one at a time, and others beside them', async () => {
  const reads = ['large 1', 'large 2', 'large 3', 'a', 'b'].map((name) => read(name));
  await end('third: large 2');
  await end('second: large 3');
  expect([...running.keys()]).toEqual(['first: large 1', 'third: a', 'second: b']);
  await end('third: a');
  await end('first: large 1');
  await end('first: large 3');
  await end('first: large 2');
  await end('second: b');
  expect(await Promise.all(reads)).toEqual([['large 1'], ['large 2'], ['large 3'], ['a'], ['b']]);
});

it('the reads of a request with a large result follow each other', async () => {
  const context: QueryContext = { mustBeLatest: false };
  const reads = [read('large 1'), read('large 2', context), read('a'), read('large 3'), read('b', context)];
  await end('third: large 2');
  await end('first: large 1');
  await end('first: large 2');
  expect(started.at(-1)).toBe('first: b');
  for (const key of ['first: b', 'second: a', 'third: large 3', 'first: large 3']) await end(key);
  await Promise.all(reads);
});

it('a large result is not read when there is no room for it', async () => {
  const admitted: number[] = [];
  const context = {
    mustBeLatest: false,
    admit: (bytes: number) => {
      admitted.push(bytes);
      throw new OverloadedError(1_000, '');
    },
  };
  const other = read('a');
  const refused = read('large', context);
  await end('third: large');
  expect(admitted).toEqual([]);
  await Promise.all([end('first: a'), other, expect(refused).rejects.toThrow(OverloadedError)]);
  expect(admitted).toEqual([maxParallelBytes]);
  expect(started).toEqual(['first: a', 'third: large']);
});

it('a result without room is refused as soon as it exceeds that, and the same read before it is executed', async () => {
  let room = 10_000;
  const limits: (number | undefined)[] = [];
  const admit = (bytes: number) => {
    if (bytes > room) throw new OverloadedError(1_000, '');
  };
  const all = (async ({ maxBytes }: Query) => {
    limits.push(maxBytes);
    if (maxBytes !== undefined) throw new TooManyBytesError(maxBytes);
    return ['result'];
  }) as unknown as Connection['all'];
  pool = createReadPool([{ all }], createQueries(sqlite, 1_000_000));
  const context = { mustBeLatest: false, room: () => room, admit };
  for (const name of ['a', 'a', 'b']) await expect(read(name, context)).rejects.toThrow(OverloadedError);
  expect(limits).toEqual([10_000, 10_000]);
  room = 20_000;
  await expect(read('a', context)).rejects.toThrow(OverloadedError);
  room = Infinity;
  expect(await read('a', context)).toEqual(['result']);
  expect(limits).toEqual([10_000, 10_000, 20_000, undefined]);
});
