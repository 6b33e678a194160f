import { expect, it } from '@jest/globals';
import { types } from 'pg';
import type { Select } from '../../../src/storage/dialect';
import { createLargeResults } from '../../../src/storage/postgres/large-results';
import type { Query } from '../../../src/storage/postgres/pool';

it('statements with many values are executed one at a time, those of one request after each other', async () => {
  const { read } = createLargeResults(1_000_000, 1_000);
  const started: string[] = [];
  let runningCount = 0;
  const [a, b] = ['a', 'b'].map((client) => ({ mustBeLatest: false, client: () => client }));
  const execute = async ({ sql }: { sql: string }): Promise<never[]> => {
    started.push(sql);
    expect(++runningCount).toBe(1);
    await new Promise(setImmediate);
    runningCount--;
    return [];
  };
  const start = (context: typeof a, sql: string) => {
    const select: Select = { sql, values: [], readClass: 'expensive', hasManyValues: true };
    return read(select, context!, execute as never);
  };
  await Promise.all([start(a, 'a1'), start(b, 'b1'), start(b, 'b2'), start(a, 'a2'), start(a, 'a3')]);
  expect(started).toEqual(['a1', 'a2', 'a3', 'b1', 'b2']);
});

it('bounded statements with large or unknown results are executed two at a time, others at once', async () => {
  const { read } = createLargeResults(32_000_000, 10_000);
  let runningCount = 0;
  let maxRunningCount = 0;
  const pieces = ['x'.repeat(300_000), 'é'.repeat(100_000)];
  const text = pieces.join(',');
  const execute = async (query: Query): Promise<object[]> => {
    maxRunningCount = Math.max(maxRunningCount, ++runningCount);
    await new Promise((resolve) => setTimeout(resolve, 5));
    runningCount--;
    if (query.sql.includes('small')) return [{ objects: 'x', bytes: 1 }];
    if (!query.types) return [{ objects: text, bytes: Buffer.byteLength(text) }];
    const parse = query.types.getTypeParser(types.builtins.VARCHAR) as (piece: string) => unknown;
    for (const piece of pieces) parse(piece);
    return [{ objects: 'of the last piece' }];
  };
  const largeText = { name: 'objects', separator: ',', others: [], maxBytesAt: 0 };
  /** Reads six times at once. @returns the results, and how many statements were executed at a time */
  async function readAll(sql: string, readClass: Select['readClass'] = 'bounded') {
    maxRunningCount = 0;
    const select: Select = { sql, values: ['0'], readClass, largeText };
    const rows = await Promise.all(
      Array.from({ length: 6 }, () =>
        read<{ objects: string }>(select, { mustBeLatest: false }, execute as never),
      ),
    );
    return [new Set(rows.map(([row]) => row!.objects.toString())), maxRunningCount];
  }
  const large = new Set([text]);
  const small = new Set(['x']);
  expect(await readAll('small')).toEqual([small, 2]);
  expect(await readAll('small')).toEqual([small, 6]);
  expect(await readAll('large')).toEqual([large, 2]);
  expect(await readAll('large')).toEqual([large, 2]);
  expect(await readAll('small')).toEqual([small, 6]);
  // The lane bounds their number.
  expect(await readAll('expensive', 'expensive')).toEqual([large, 6]);
  expect(await readAll('expensive', 'expensive')).toEqual([large, 6]);
});
