import { expect, it } from '@jest/globals';
import { readEntries } from '../../../src/logs/reading/entries';
import { unobserved } from '../support/memory-changes';
import { createServices } from '../../../src/logs/services';
import { createReadContext } from '../../../src/logs/model/read-context';
import { createDatabase } from '../../support/database/database';
import { openTestStore } from '../../support/database/store';
import { openPrincipal } from '../../../src/logs/access/principal';

it('a clock that is set back loses nothing: entries of one time stay in the order of recording', async () => {
  const database = await createDatabase();
  const store = await openTestStore(database.url);
  const clock = ['12:00:02', '12:00:03', '09:30:00', '09:30:00', '12:00:01'];
  const received = clock.map((time) => `2026-03-29T${time}.000Z`);
  let ticks = 0;
  const { recorder } = createServices({
    repository: store,
    version: '1',
    maxLogsResult: 100,
    maxResponseBytes: 32_000_000,
    maxRequestBytes: 1_000,
    queryTimeoutMs: 10_000,
    now: () => BigInt(Date.parse(received[ticks++]!)) * 1_000n,
    retentionDays: undefined,
    erasureNoticeDays: 30,
    isOpen: () => true,
    onCommit: () => {},
    onBug: () => {},
    onDeleted: () => {},
    feedObserver: unobserved,
  });
  try {
    for (const type of ['a', 'b', 'c', 'd', 'e']) {
      const actions = [{ time: '2026-03-29T12:00:00Z', type }];
      const { entries } = await recorder.recordSession(
        { userId: 'u', sessionId: 's', actions },
        openPrincipal,
      );
      expect(entries()).toMatchObject([{ type, receivedAt: received[ticks - 1] }]);
    }
    const columns = [
      { key: 'type', field: 'type' },
      { key: 'receivedAt', field: 'receivedAt' },
    ] as const;
    const context = createReadContext({ mustBeLatest: true, maxEntries: 100 });
    const parts = await readEntries(store, {}, columns, context);
    expect(JSON.parse(parts.join(''))).toEqual(
      ['a', 'b', 'c', 'd', 'e'].map((type, at) => ({ type, receivedAt: received[at] })),
    );
  } finally {
    await store.close();
    await database.remove();
  }
});
