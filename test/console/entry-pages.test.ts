import { describe, expect, it } from '@jest/globals';
import { EntryPages, nextMicrosecond, type ReadEntries } from '../../console/src/table/entry-pages';
import { pageSize } from '../../console/src/table/entry-run';

interface Stored {
  readonly id: string;
  readonly time: string;
}

const entry = (id: number, second = id): Stored => ({
  id: String(id),
  time: new Date(Date.UTC(2026, 0, 1) + second * 1_000).toISOString(),
});
const entryOf = (count: number): Stored[] => Array.from({ length: count }, (_, id) => entry(id));
/** Comparable as text. */
const microsOf = (time: string): string => time.slice(0, -1).padEnd(26, '0');
const keyOf = ({ time, id }: Stored): string => `${time} ${id.padStart(9, '0')}`;

/** Answers as the server does, from a list that a test may change; cursors are positions, not entries. */
function createServer(entries: Stored[]) {
  const answers: { order: string; after: string | null }[] = [];
  let failure: Error | undefined;
  const read: ReadEntries = async ({ filter, order, after }) => {
    await Promise.resolve();
    if (failure) throw failure;
    answers.push({ order, after });
    const sign = order === 'TIME_ASC' ? 1 : -1;
    const matching = entries
      .filter(({ time }) => !filter.startTime || microsOf(time) >= microsOf(filter.startTime))
      .filter(({ time }) => !filter.endTime || microsOf(time) < microsOf(filter.endTime))
      .sort((one, other) => sign * (keyOf(one) < keyOf(other) ? -1 : 1))
      .filter((one) => after === null || sign * (keyOf(one) > after ? 1 : -1) > 0)
      .filter((one) => keyOf(one) !== after);
    const nodes = matching.slice(0, pageSize);
    return {
      nodes: nodes as never,
      pageInfo: {
        hasNextPage: matching.length > pageSize,
        endCursor: nodes.length > 0 ? keyOf(nodes.at(-1)!) : null,
      },
    };
  };
  return { read, answers, fail: (error: Error | undefined) => (failure = error) };
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 5));

/** Scrolls by 30 rows at a time. @returns the ids of all rows, in their order */
async function scroll(pages: EntryPages, from: number, to: number): Promise<string[]> {
  const ids: string[] = [];
  const step = from < to ? 30 : -30;
  for (let row = from; step > 0 ? row < to : row > to; row += step) {
    const [top, bottom] = step > 0 ? [row, Math.min(row + step, to)] : [Math.max(row + step, to), row];
    pages.show(top, bottom);
    await settle();
    const seen = [];
    for (let at = top; at < bottom; at++) seen.push(pages.at(at)?.id ?? 'none');
    ids.push(...(step > 0 ? seen : seen.reverse()));
  }
  return ids;
}

const ids = (entries: Stored[]) => entries.map(({ id }) => id);

describe('the list of entries', () => {
  it('shows every entry on the way down and up, and keeps 21 pages', async () => {
    const entries = entryOf(3_210);
    const pages = new EntryPages({}, undefined, createServer(entries).read);
    pages.open();
    const newestFirst = ids(entries).reverse();
    expect(await scroll(pages, 0, 3_210)).toEqual(newestFirst);
    expect([pages.older.isComplete, pages.endRow, pages.isNewestRead]).toEqual([true, 3_210, true]);
    expect(pages.older.loadedPages).toBeLessThanOrEqual(22);
    expect(await scroll(pages, 3_210, 0)).toEqual(newestFirst.reverse());
    expect(pages.older.loadedPages).toBeLessThanOrEqual(22);
  });

  it('begins at any time, with each entry once on both sides, also of equal times', async () => {
    const entries = Array.from({ length: 900 }, (_, id) => entry(id, Math.floor(id / 7)));
    for (const at of [entries[0]!, entries[450]!, entries[899]!]) {
      const pages = new EntryPages({}, at.time, createServer(entries).read);
      pages.open();
      const older = await scroll(pages, 0, entries.filter(({ time }) => time <= at.time).length);
      const newer = await scroll(pages, 0, -entries.filter(({ time }) => time > at.time).length);
      expect([...newer.reverse(), ...older]).toEqual(ids(entries).reverse());
      expect([pages.isNewestRead, pages.older.isComplete]).toEqual([true, true]);
    }
  });

  it('ignores a time outside of the filter', () => {
    const filter = { startTime: '2026-01-02T00:00:00+01:00', endTime: '2026-01-03T00:00:00Z' };
    const { read } = createServer([]);
    const isSplit = (at: string) => new EntryPages(filter, at, read).newer !== undefined;
    expect(isSplit('2026-01-01T22:59:59.999Z')).toBe(false);
    expect(isSplit('2026-01-01T23:00:00.000Z')).toBe(true);
    expect(isSplit('2026-01-02T23:59:59.999999Z')).toBe(true);
    expect(isSplit('2026-01-03T00:00:00.000Z')).toBe(false);
  });

  it.each([
    ['recorded late', (entries: Stored[]) => entries.push(entry(9_999, 2_000))],
    ['erased', (entries: Stored[]) => entries.splice(2_000, 3)],
  ])('has no gap and no repeat after entries of a dropped page were %s', async (_, change) => {
    const entries = entryOf(3_000);
    const pages = new EntryPages({}, undefined, createServer(entries).read);
    pages.open();
    await scroll(pages, 0, 3_000);
    await scroll(pages, 3_000, 0);
    change(entries);
    const expected = ids([...entries].sort((one, other) => (keyOf(one) < keyOf(other) ? 1 : -1)));
    expect(await scroll(pages, 0, expected.length)).toEqual(expected);
  });

  it('keeps its rows when a page cannot be read, and goes on when asked', async () => {
    const entries = entryOf(1_000);
    const server = createServer(entries);
    const pages = new EntryPages({}, undefined, server.read);
    pages.open();
    pages.show(0, 30);
    await settle();
    const read = pages.endRow;
    const error = new Error('offline');
    server.fail(error);
    pages.show(read - 30, read);
    await settle();
    expect([pages.error, pages.endRow, pages.at(0)?.id]).toEqual([error, read, '999']);
    server.fail(undefined);
    pages.retry();
    await settle();
    expect(pages.error).toBeUndefined();
    expect(pages.endRow).toBeGreaterThan(read);
  });

  it('takes no answers after it was closed', async () => {
    const pages = new EntryPages({}, undefined, createServer(entryOf(100)).read);
    const close = pages.open();
    pages.show(0, 30);
    close();
    await settle();
    expect(pages.endRow).toBe(0);
    pages.open();
    pages.show(0, 30);
    await settle();
    expect(pages.endRow).toBe(100);
  });
});

it.each([
  ['2018-10-19T03:37:28.000Z', '2018-10-19T03:37:28.000001Z'],
  ['2018-10-19T03:37:28.123456Z', '2018-10-19T03:37:28.123457Z'],
  ['2018-12-31T23:59:59.999999Z', '2019-01-01T00:00:00.000Z'],
  // RFC 3339 has no year 10000.
  ['9999-12-31T23:59:59.999999Z', '9999-12-31T01:00:00.000-23:00'],
])('the microsecond after %s is %s', (time, next) => {
  expect(nextMicrosecond(time)).toBe(next);
});
