import { expect, it } from '@jest/globals';
import { TooManyEntriesError } from '../../../src/logs/model/errors';
import { createReadContext } from '../../../src/logs/model/read-context';
import { readClickMap } from '../../../src/logs/reading/click-map';
import { openTestStore } from '../../support/database/store';

it('a click map has at most 10,000 cells', async () => {
  const store = await openTestStore('sqlite::memory:');
  try {
    for (const [start, count] of [
      [0, 5_000],
      [5_000, 5_001],
    ] as const) {
      const rows = Array.from({ length: count }, (_, at) => `[0,"T",{"x":${start + at},"y":0}]`);
      await store.insertSessions([{ json: `["u","s",[${rows.join(',')}],0,0]`, entryCount: count }], 0n);
    }
    const read = (cell: number, filter?: object) =>
      readClickMap(
        store,
        { filter, x: 'x', y: 'y', cell },
        createReadContext({ mustBeLatest: false, maxEntries: 1 }),
      );
    const error: unknown = await read(1).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TooManyEntriesError);
    expect(error).toMatchObject({ code: 'RESULT_TOO_LARGE', details: { limit: 10_000 } });
    const properties = [{ path: ['x'], is: { lt: 10_000 } }];
    expect((await read(1, { userIds: ['u'], properties })).cells).toHaveLength(10_000);
    expect((await read(2)).cells).toHaveLength(5_001);
  } finally {
    await store.close();
  }
});
