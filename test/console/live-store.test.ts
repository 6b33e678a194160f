import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createLiveStore, isSeam, type LiveEntry, type LiveStore } from '../../console/src/live/live-store';

let count = 0;
const entry = (userId = 'anna', receivedAt = '2026-01-01T00:00:00.000Z'): LiveEntry => {
  const id = String((count += 1));
  const time = '2026-01-01T00:00:00.000Z';
  return { id, time, type: 'CLICK', properties: {}, userId, sessionId: `of ${userId}`, receivedAt };
};
const entries = (size: number): LiveEntry[] => Array.from({ length: size }, () => entry());
const message = (of: readonly LiveEntry[], more: object = {}) => ({
  entries: of,
  erasures: [],
  cursor: 'c',
  hasMore: false,
  ...more,
});
const erasure = (userId: string, sessionId: string | null = null) => ({
  userId,
  sessionId,
  erasedAt: '2026-01-01T00:00:01.000Z',
});
const newestFirst = (of: readonly LiveEntry[]): string[] => of.map(({ id }) => id).reverse();
const idsOf = (store: LiveStore): string[] => store.getSnapshot().rows.map(({ id }) => id);
const passTime = (ms = 250) => jest.advanceTimersByTime(ms);

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

describe('the store of live entries', () => {
  it('has the newest entries on top, and the seam below them', () => {
    const store = createLiveStore();
    const [first, second] = [entries(2), entries(3)];
    store.add(message(first));
    store.add(message(second));
    passTime();
    expect(idsOf(store)).toEqual([...newestFirst([...first, ...second]), 'seam-start']);
  });

  it('calls its listeners at most four times a second', () => {
    const store = createLiveStore();
    const listener = jest.fn();
    store.subscribe(listener);
    for (let ms = 0; ms < 2_000; ms += 25) {
      store.add(message(entries(50)));
      passTime(25);
    }
    expect(listener.mock.calls.length).toBeGreaterThanOrEqual(7);
    expect(listener.mock.calls.length).toBeLessThanOrEqual(8);
  });

  it('draws a bounded number of rows, and counts every entry', () => {
    const store = createLiveStore({ maxRows: 100 });
    for (let at = 0; at < 40; at += 1) {
      store.add(message(entries(50)));
      if (at % 7 === 0) passTime();
    }
    passTime();
    const { rows, received, notDrawn, waiting } = store.getSnapshot();
    expect(rows).toHaveLength(100);
    expect([received, notDrawn, waiting]).toEqual([2_000, 1_900, 0]);
  });

  it('stands still while it is paused, counts what waits, and marks where it was paused', () => {
    const store = createLiveStore({ maxRows: 100, now: () => 5_000 });
    const [before, after] = [entries(2), entries(3)];
    store.add(message(before));
    store.pause('hover');
    store.pause('scroll');
    store.add(message(after));
    passTime();
    expect(idsOf(store)).toEqual([...newestFirst(before), 'seam-start']);
    expect(store.getSnapshot()).toMatchObject({ received: 5, waiting: 3, notDrawn: 0 });

    store.resume('hover');
    expect(store.getSnapshot()).toMatchObject({ waiting: 3, pausedBy: ['scroll'] });
    store.resume();
    expect(idsOf(store)).toEqual([...newestFirst(after), 'seam-pause', ...newestFirst(before), 'seam-start']);
    expect(store.getSnapshot().rows.find(isSeam)).toEqual({ id: 'seam-pause', seam: 'pause', at: 5_000 });
    expect(store.getSnapshot()).toMatchObject({ received: 5, waiting: 0, pausedBy: [] });
  });

  it('counts more than it keeps while it is paused', () => {
    const store = createLiveStore({ maxRows: 10 });
    store.add(message(entries(1)));
    store.pause('button');
    for (let at = 0; at < 10; at += 1) store.add(message(entries(7)));
    passTime();
    expect(store.getSnapshot()).toMatchObject({ received: 71, waiting: 70, notDrawn: 0 });
    store.resume();
    expect(store.getSnapshot()).toMatchObject({ received: 71, waiting: 0, notDrawn: 61 });
  });

  it('has one seam of a kind, and none where nothing came meanwhile', () => {
    const store = createLiveStore();
    store.add(message(entries(1)));
    for (const size of [1, 0, 1]) {
      store.pause('hover');
      store.add(message(entries(size)));
      store.resume('hover');
    }
    expect(idsOf(store).filter((id) => id === 'seam-pause')).toHaveLength(1);
    expect(idsOf(store).indexOf('seam-pause')).toBe(1);
  });

  it('marks where the connection was lost', () => {
    const store = createLiveStore();
    const [before, after] = [entries(1), entries(1)];
    store.add(message(before));
    store.markReconnect(1_000);
    store.add(message(after));
    passTime();
    expect(idsOf(store)).toEqual([
      ...newestFirst(after),
      'seam-reconnect',
      ...newestFirst(before),
      'seam-start',
    ]);
  });

  it('shows what was there below the seam, without doubles whichever comes first', () => {
    const store = createLiveStore();
    const [live, late, old] = [entries(2), entry(), entries(2)];
    store.add(message(live));
    store.addEarlier([late, live[1]!, ...old]);
    passTime();
    expect(idsOf(store)).toEqual([...newestFirst(live), 'seam-start', late.id, ...old.map(({ id }) => id)]);
    store.add(message([late]));
    passTime();
    expect(idsOf(store)).toEqual([late.id, ...newestFirst(live), 'seam-start', ...old.map(({ id }) => id)]);
    expect(store.getSnapshot()).toMatchObject({ received: 3, notDrawn: 0 });
  });

  it('removes what was erased: rows, waiting entries, and those that were there before', () => {
    const store = createLiveStore();
    const [anna, ben] = [entry('anna'), entry('ben')];
    store.add(message([anna, ben]));
    passTime();
    store.open(anna);
    store.pause('button');
    store.add(message([entry('anna'), entry('ben')], { erasures: [erasure('anna')] }));
    passTime();
    expect(idsOf(store)).toEqual([ben.id, 'seam-start']);
    expect(store.getSnapshot()).toMatchObject({ received: 4, waiting: 1, notDrawn: 0, erasedId: anna.id });

    const later = entry('anna', '2026-01-01T00:00:02.000Z');
    store.addEarlier([later, entry('anna')]);
    passTime();
    expect(idsOf(store)).toEqual([ben.id, 'seam-start', later.id]);
  });

  it('has no seam on top when what came after the pause is erased', () => {
    const store = createLiveStore();
    const ben = entry('ben');
    store.add(message([ben]));
    store.pause('button');
    store.add(message([entry('anna')]));
    store.resume();
    store.add(message([], { erasures: [erasure('anna')] }));
    passTime();
    expect(idsOf(store)).toEqual([ben.id, 'seam-start']);
  });

  it('removes one session only, and keeps what is recorded after an erasure', () => {
    const store = createLiveStore();
    const other = { ...entry('anna'), sessionId: 'another' };
    store.add(message([entry('anna'), other], { erasures: [erasure('anna', 'of anna')] }));
    const again = entry('anna');
    store.add(message([again]));
    passTime();
    expect(idsOf(store)).toEqual([again.id, other.id, 'seam-start']);
  });

  it('says that it is behind when the server has had more for a second', () => {
    const store = createLiveStore();
    store.add(message(entries(1), { hasMore: true }));
    passTime(900);
    store.add(message([entry('anna', '2026-01-01T00:00:09.000Z')], { hasMore: true }));
    passTime();
    expect(store.getSnapshot()).toMatchObject({ isBehind: true, receivedUpTo: '2026-01-01T00:00:09.000Z' });
    store.add(message(entries(1)));
    passTime();
    expect(store.getSnapshot().isBehind).toBe(false);
  });
});
