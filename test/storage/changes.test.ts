import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { comparePositions, startOfFeed, type Changes, type ChangesQuery } from '../../src/logs/change-store';
import { type LogEntryRepository } from '../../src/logs/log-entry-repository';
import { endOfTime } from '../../src/logs/model/instant';
import { maxLookedAt, maxNotices } from '../../src/storage/changes';
import { createDatabase, dialect, untilReadable, type TestDatabase } from '../support/database/database';
import { openTestStore } from '../support/database/store';

const columns = (['id', 'type', 'userId', 'sessionId', 'properties'] as const).map((field) => ({
  key: field,
  field,
}));
const context = { mustBeLatest: true };
/** Reads all from the start in one page. */
const everything: ChangesQuery = {
  filter: {},
  columns,
  after: startOfFeed,
  first: 1_000,
  maxBytes: 1_000_000,
};

let database: TestDatabase;
let store: LogEntryRepository;
beforeEach(async () => {
  database = await createDatabase();
  store = await openTestStore(database.url);
});
afterEach(async () => {
  await store.close();
  await database.remove();
});

const changes = () => store.changes;
const find = async (query: Partial<ChangesQuery> = {}): Promise<Changes> => {
  await untilReadable(database);
  return changes().find({ ...everything, ...query }, context);
};
const typesOf = ({ objects }: Changes): string[] =>
  (JSON.parse(`[${objects.toString()}]`) as { type: string }[]).map(({ type }) => type);

/** Records entries of a user with these types. */
async function record(types: readonly string[], user = 'u', session = 's', properties = {}): Promise<void> {
  const rows = types.map((type, at) => [at, type, properties]);
  const json = JSON.stringify([user, session, rows, 0, types.length - 1]);
  await store.insertSessions([{ json, entryCount: types.length }], 0n);
}

/** Notes an erasure, and erases what is before it. */
async function erase(userId: string, sessionId?: string): Promise<void> {
  const before = await changes().noteErasure({ userId, sessionId, erasedAt: 5n });
  const sessions = [{ userId, sessionId: sessionId ?? 's' }];
  await store.eraseEntries({ sessions, before, endTime: endOfTime, limit: 1_000 });
  await changes().finishErasure(before, true);
}

/** All pages from the start, as what a consumer does with them. */
async function readAll(query: Partial<ChangesQuery> = {}): Promise<(string | object)[]> {
  const seen: (string | object)[] = [];
  let after = startOfFeed;
  for (let hasMore = true; hasMore;) {
    const page = await find({ ...query, after });
    expect(page.positions).toHaveLength(typesOf(page).length);
    for (const [at, position] of page.positions.entries()) {
      expect(comparePositions(position, page.positions[at - 1] ?? after)).toBeGreaterThan(0);
    }
    expect(comparePositions(page.end, page.positions.at(-1) ?? after)).toBeGreaterThanOrEqual(0);
    seen.push(...typesOf(page), ...page.erasures);
    ({ end: after, hasMore } = page);
  }
  expect((await find({ ...query, after })).positions).toEqual([]);
  return seen;
}

describe('a page of changes', () => {
  it('of an empty database is empty', async () => {
    const page = await find();
    expect(page).toMatchObject({ positions: [], erasures: [], hasMore: false, isFuture: false });
    expect(page.objects).toHaveLength(0);
    expect(page.epoch).toMatch(/^\w{8,40}$/);
    expect(await changes().findEnd(context)).toEqual({ epoch: page.epoch, end: page.end });
  });

  it('has the entries in the order of their commits, whatever their times', async () => {
    await record(['a', 'b']);
    await untilReadable(database);
    const { end } = await changes().findEnd(context);
    await record(['c'], 'v');
    const first = await find({ first: 1 });
    expect([typesOf(first), first.hasMore]).toEqual([['a'], true]);
    const rest = await find({ after: first.end });
    expect([typesOf(rest), rest.hasMore]).toEqual([['b', 'c'], false]);
    expect(typesOf(await find({ after: end }))).toEqual(['c']);
    expect(await readAll({ first: 1 })).toEqual(['a', 'b', 'c']);
    expect(await readAll({ first: 3 })).toEqual(['a', 'b', 'c']);
  });

  it('has the columns in the order asked for, as other pages have them', async () => {
    await record(['a'], 'ü"\n', 's', { x: { y: '\u0001' } });
    const { objects } = await find({ columns: [...columns, { key: '__typename', constant: 'LogEntry' }] });
    const { id, ...entry } = JSON.parse(objects.toString());
    expect(entry).toEqual({
      type: 'a',
      userId: 'ü"\n',
      sessionId: 's',
      properties: { x: { y: '\u0001' } },
      __typename: 'LogEntry',
    });
    expect(id).toMatch(/^\d+$/);
  });

  it('has no more bytes than asked for, but one entry at least', async () => {
    const nasty = '"'.repeat(100) + '\u0001'.repeat(100);
    await record(['1', '2', '3', '4'], nasty, nasty, { text: 'x'.repeat(1_000) });
    for (const maxBytes of [1, 1_000, 5_000, 10_000]) {
      let after = startOfFeed;
      const types: string[] = [];
      for (let hasMore = true; hasMore;) {
        const page = await find({ after, maxBytes });
        expect(page.objects.byteLength <= maxBytes || page.positions.length === 1).toBe(true);
        types.push(...typesOf(page));
        ({ end: after, hasMore } = page);
      }
      expect(types).toEqual(['1', '2', '3', '4']);
    }
    expect((await find({ maxBytes: 10_000 })).positions.length).toBeGreaterThan(1);
  });

  it('moves beyond entries that its filter refuses', async () => {
    await record(['a', 'b', 'a', 'b', 'b']);
    await untilReadable(database);
    const { end } = await changes().findEnd(context);
    const filter = { types: ['a'] };
    const page = await find({ filter });
    expect(page).toMatchObject({ end, hasMore: false });
    expect(await readAll({ filter, first: 1 })).toEqual(['a', 'a']);
    const other = await find({
      filter: { properties: [{ path: ['x'], predicate: { kind: 'exists', expected: true } }] },
    });
    expect(other).toMatchObject({ positions: [], end, hasMore: false });
    const some = { userIds: ['u', 'v'], sessionIds: ['s'], types: ['a', 'c'], startTime: 1n, endTime: 3n };
    expect(await readAll({ filter: some })).toEqual(['a']);
  });

  it('ends when it has looked at so many entries', async () => {
    const rare = ['rare'];
    await record(rare);
    for (let at = 0; at < maxLookedAt / 5_000; at++) await record(Array<string>(5_000).fill('x'));
    await record(rare);
    const filter = { types: ['rare'] };
    const page = await find({ filter });
    expect([typesOf(page), page.hasMore]).toEqual([rare, true]);
    const next = await find({ filter, after: page.end });
    expect([typesOf(next), next.hasMore]).toEqual([rare, false]);
  });

  it('knows positions that the database has not given out', async () => {
    await record(['a']);
    await untilReadable(database);
    const { end } = await changes().findEnd(context);
    expect(await find({ after: end })).toMatchObject({ positions: [], end, hasMore: false, isFuture: false });
    const after = { commit: end.commit + (dialect === 'sqlite' ? 0 : 1_000_000), id: end.id + 1 };
    expect(await find({ after })).toMatchObject({
      positions: [],
      end: after,
      hasMore: false,
      isFuture: true,
    });
  });
});

describe('an erasure', () => {
  const notice = { userId: 'u', sessionId: undefined, erasedAt: 5n };

  it('ends a page, comes after what was committed before it, and before what is committed later', async () => {
    await record(['gone'], 'u');
    await record(['a', 'b'], 'v');
    await erase('u');
    await record(['c'], 'u');
    await erase('v', 's');
    await erase('v', 'other');
    await record(['d'], 'w');
    const other = { userId: 'v', erasedAt: 5n };
    const expected = [notice, 'c', { ...other, sessionId: 's' }, { ...other, sessionId: 'other' }, 'd'];
    for (const first of [1, 2, 1_000]) expect(await readAll({ first })).toEqual(expected);
    const page = await find();
    expect(page).toMatchObject({ positions: [], erasures: [notice], hasMore: true });
    const last = await find({ after: (await find({ after: page.end })).end });
    expect([typesOf(last), last.erasures, last.hasMore]).toEqual([['d'], [], false]);
  });

  it('takes nothing that is recorded after its notice', async () => {
    await record(['old']);
    const before = await changes().noteErasure(notice);
    await record(['new']);
    const sessions = [{ userId: 'u', sessionId: 's' }];
    await store.eraseEntries({ sessions, before, endTime: endOfTime, limit: 1_000 });
    expect(await readAll()).toEqual([notice, 'new']);
  });

  it('is shown to filters of its user and of its session', async () => {
    await record(['a'], 'v');
    await erase('u', 's');
    await erase('u');
    await record(['b'], 'v');
    const ofSession = { ...notice, sessionId: 's' };
    for (const [filter, seen] of [
      [{ userIds: ['v'] }, ['a', 'b']],
      [{ userIds: ['u'] }, [ofSession, notice]],
      [{ sessionIds: ['s'] }, ['a', ofSession, notice, 'b']],
      [{ sessionIds: ['x', 'y'] }, [notice]],
      [{ types: ['a'] }, ['a', ofSession, notice]],
    ] as const) {
      expect(await readAll({ filter })).toEqual(seen);
    }
  });

  it('shares its page with others, up to a number', async () => {
    for (let at = 0; at < maxNotices + 1; at++) {
      await changes().noteErasure({ ...notice, userId: `u${at}` });
    }
    const page = await find();
    expect([page.erasures.length, page.hasMore]).toEqual([maxNotices, true]);
    const next = await find({ after: page.end });
    expect([next.erasures.length, next.hasMore]).toEqual([1, false]);
  });

  it('is unfinished until it is finished, and is forgotten later', async () => {
    const position = await changes().noteErasure({ ...notice, sessionId: 's' });
    expect(await changes().findUnfinished(5n)).toEqual([]);
    expect(await changes().findUnfinished(6n)).toEqual([{ ...notice, sessionId: 's', position }]);
    expect(await changes().forgetErasures(6n, 10)).toBe(0);
    await changes().finishErasure(position, true);
    expect(await changes().findUnfinished(6n)).toEqual([]);
    const removed = await changes().noteErasure(notice);
    await changes().finishErasure(removed, false);
    expect(await readAll()).toEqual([{ ...notice, sessionId: 's' }]);
    for (let at = 0; at < 2; at++) await erase('v');
    expect(await changes().forgetErasures(5n, 10)).toBe(0);
    expect(await changes().forgetErasures(6n, 2)).toBe(2);
    expect(await changes().forgetErasures(6n, 2)).toBe(1);
    expect(await readAll()).toEqual([]);
  });
});

describe('the epoch', () => {
  it('changes when it is renewed, for every process', async () => {
    const { epoch } = await find();
    const other = await openTestStore(database.url);
    try {
      const renewed = await changes().renewEpoch();
      expect(renewed).not.toBe(epoch);
      expect((await other.changes.find(everything, context)).epoch).toBe(renewed);
      expect((await other.changes.findEnd(context)).epoch).toBe(renewed);
    } finally {
      await other.close();
    }
  });
});

describe('a watch', () => {
  it('tells of commits of this process and of others, until it is ended', async () => {
    const other = await openTestStore(database.url);
    let onChange = (): void => {};
    const next = (): Promise<void> => new Promise((resolve) => (onChange = resolve));
    let calls = 0;
    const end = changes().watch(() => {
      calls++;
      onChange();
    });
    try {
      await next();
      for (const by of [store, other]) {
        const told = next();
        const json = JSON.stringify(['u', 's', [[0, 't', {}]], 0, 0]);
        await by.insertSessions([{ json, entryCount: 1 }], 0n);
        await told;
      }
      end();
      const before = calls;
      await record(['a']);
      let found = 0;
      const endOther = changes().watch(() => found++);
      while (found === 0) await new Promise(setImmediate);
      endOther();
      expect(calls).toBe(before);
    } finally {
      end();
      await other.close();
    }
  });
});

(dialect === 'sqlite' ? describe : describe.skip)('a database in memory', () => {
  it('has a feed too', async () => {
    const inMemory = await openTestStore('sqlite::memory:');
    try {
      const feed = inMemory.changes;
      const told = new Promise<void>((resolve) => {
        let calls = 0;
        const end = feed.watch(() => {
          if (++calls === 1) return void inMemory.insertSessions([{ json, entryCount: 1 }], 0n);
          end();
          resolve();
        });
        const json = JSON.stringify(['u', 's', [[0, 't', {}]], 0, 0]);
      });
      await told;
      await feed.noteErasure({ userId: 'u', sessionId: undefined, erasedAt: 5n });
      const page = await feed.find(everything, context);
      expect([typesOf(page), page.erasures.length, page.hasMore]).toEqual([['t'], 1, false]);
    } finally {
      await inMemory.close();
    }
  });
});
