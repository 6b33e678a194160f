import { expect, it } from '@jest/globals';
import type { Select } from '../../../src/storage/dialect';
import { createLargeResults } from '../../../src/storage/postgres/large-results';

it('statements with many values are executed one at a time, those of one request after each other', async () => {
  const { read } = createLargeResults({ maxBytes: 1_000_000, maxWaitMs: 1_000, maxLargeReads: 2 });
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
