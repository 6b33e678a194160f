import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startServer, type TestServer } from '../../support/server/server';
import {
  entryList,
  readPage,
  sessionList,
  startWriter,
  timeline,
  walk,
  type Connection,
  type List,
} from '../support/walk';
import { recordAll, type Session } from '../../support/server/web-sessions';
import { caseCount, isAll } from '../../support/scale';

const instant = '2018-10-18T12:00:00.000Z';
const around = [
  ['2018-10-17T00:00:00Z', 30],
  ['2018-10-18T11:59:59.999999Z', 10],
  [instant, 250],
  ['2018-10-18T12:00:00.000001Z', 10],
  ['2018-10-18T12:00:00.001Z', 5],
  ['2018-10-19T00:00:00Z', 5],
] as const;
const users = ['u1', 'u2', 'u3', 'u4'];

/** 310 entries of each of four users, 250 of which share one instant with those of the others. */
const sessions: readonly Session[] = users.map((userId) => ({
  userId,
  sessionId: `of ${userId}`,
  actions: around.flatMap(([time, count]) =>
    Array.from({ length: count }, (_, at) => ({
      time,
      type: at % 2 === 0 ? 'CLICK' : 'VIEW',
      properties: { at },
    })),
  ),
}));
/** 40 of these begin at one instant, where others have entries, too. */
const shortSessions: readonly Session[] = Array.from({ length: 60 }, (_, at) => ({
  userId: `v${at % 7}`,
  sessionId: `short ${at}`,
  actions: [{ time: at < 40 ? instant : `2018-10-1${at % 10}T00:00:00Z`, type: 'OPEN', properties: {} }],
}));

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
  // Their entries are recorded one after the other, so that ids are in another order than users.
  for (const { actions, ...ids } of [...sessions].reverse()) {
    for (let at = 0; at < actions.length; at += 100) {
      await recordAll(server, [{ ...ids, actions: actions.slice(at, at + 100) }]);
    }
  }
  await recordAll(server, shortSessions, 4);
});
afterAll(() => server.stop());

interface Node {
  readonly id: string;
  readonly time: string;
}

/** What is there now, by another way: in the order of time, then of recording. */
async function readEntries(): Promise<readonly (Node & { userId: string; type: string })[]> {
  const { data } = await server.graphql('{ logs { id time userId type } }');
  return data.logs as (Node & { userId: string; type: string })[];
}

/** A session behind a reader, at its instant, and before it. */
const disturbance = (at: number, ids: object = { userId: `w${at}`, sessionId: 'w' }) => ({
  ...ids,
  actions: ['2018-10-17T12:00:00Z', instant, '2018-10-18T12:00:00.0005Z', '2018-10-20T00:00:00Z'].map(
    (time) => ({ time, type: 'CLICK', properties: { at: 1 } }),
  ),
});

/** That a walk gave all that was there at the start once and in order, and anything else once at most. */
function expectComplete(walked: readonly Node[], before: readonly Node[]): void {
  const wanted = new Set(before.map(({ id }) => id));
  const found = walked.filter(({ id }) => wanted.has(id)).map(({ id }) => id);
  expect(found).toEqual(before.map(({ id }) => id));
  expect(new Set(walked.map(({ id }) => id)).size).toBe(walked.length);
}

const orders = ['TIME_ASC', 'TIME_DESC'] as const;
// One at a time takes thousands of requests.
const sizes = isAll ? [1, 7, 100, 1_000] : [23, 1_000];
const walks = orders.flatMap((order) => sizes.map((first) => ({ order, first })));
const inOrder = <Item>(order: string, items: readonly Item[]): readonly Item[] =>
  order === 'TIME_ASC' ? items : items.toReversed();

describe('a walk', () => {
  it.each(walks)(
    'through all entries in $order, $first at a time, gives each that was there exactly once',
    async ({ order, first }) => {
      const before = inOrder(order, await readEntries());
      expect(before.filter(({ time }) => time === instant).length).toBeGreaterThanOrEqual(1_000);
      const stop = startWriter(server, 25, disturbance);
      const walked = (await walk(server, entryList(order), first)) as Node[];
      expect(await stop()).toBeGreaterThan(0);
      expectComplete(walked, before);
      const times = walked.map(({ time }) => time.replace('Z', '').padEnd(26, '0'));
      expect(times).toEqual(inOrder(order, [...times].sort()));
    },
  );

  it.each(orders.flatMap((order) => [caseCount(23, 7), 100].map((first) => ({ order, first }))))(
    'through the entries of several users and types in $order, $first at a time, does so too',
    async ({ order, first }) => {
      const filter = {
        userIds: ['u3', 'u1', 'nobody', 'w1', 'w2'],
        types: ['CLICK', 'OPEN'],
        startTime: '2018-10-18',
        properties: [{ path: ['at'], is: { gte: 1 } }],
      };
      const before = (await readEntries()).filter(
        ({ userId, type, time }) =>
          filter.userIds.includes(userId) && type === 'CLICK' && time >= '2018-10-18T',
      );
      const stop = startWriter(server, 10, (at) => disturbance(at % 3));
      const walked = (await walk(server, entryList(order, filter), first)) as Node[];
      await stop();
      const ids = new Set(walked.map(({ id }) => id));
      // Those with `at: 0` do not match: one of each instant and user.
      const matching = before.filter(({ id }) => ids.has(id));
      expect(before.length - matching.length).toBe(10);
      expectComplete(walked, inOrder(order, matching));
    },
  );

  it.each(walks)(
    'through one session in $order, $first at a time, does so while the session goes on',
    async ({ order, first }) => {
      const ids = { userId: 'u2', sessionId: 'of u2' };
      const before = (await readEntries()).filter(({ userId }) => userId === 'u2');
      const stop = startWriter(server, 10, (at) => disturbance(at, ids));
      const walked = (await walk(server, timeline(order, ids), first)) as Node[];
      await stop();
      expectComplete(walked, inOrder(order, before));
    },
  );

  it.each(sizes)(
    'through all sessions, %d at a time, gives each exactly once, those that began last first',
    async (first) => {
      const list = sessionList();
      const before = await walk(server, list, 1_000);
      expect(before.length).toBeGreaterThanOrEqual(64);
      const stop = startWriter(server, 10, (at) =>
        // A session that goes on stays where it is, unless it gets what is earlier than all that it has.
        at % 2 === 0
          ? { ...disturbance(at), userId: `x${first}-${at}` }
          : {
              userId: 'u1',
              sessionId: 'of u1',
              actions: [{ time: instant, type: 'CLICK' }],
            },
      );
      const walked = await walk(server, list, first);
      await stop();
      const known = new Set(before.map((session) => JSON.stringify(session)));
      expect(walked.filter((session) => known.has(JSON.stringify(session)))).toEqual(before);
      expect(new Set(walked.map((session) => JSON.stringify(session))).size).toBe(walked.length);
      const starts = walked.map((session) => (session as { startedAt: string }).startedAt);
      expect(starts).toEqual([...starts].sort().reverse());
    },
  );
});

it('a session that gets an entry earlier than all others moves, and no other session does', async () => {
  const send = (n: number, time: string) =>
    recordAll(server, [
      { userId: 'moved', sessionId: `m${n}`, actions: [{ time, type: 'T', properties: {} }] },
    ]);
  for (const n of [1, 2, 3, 4, 5]) await send(n, `2018-01-0${n}T00:00:00Z`);
  const list = sessionList({ userIds: ['moved'] });
  const namesOf = ({ edges }: Connection) =>
    edges.map(({ node }) => (node as { sessionId: string }).sessionId);
  const first = await readPage(server, list, { first: 2 });
  await send(5, '2018-01-02T12:00:00Z');
  const rest = await readPage(server, list, { first: 10, after: first.pageInfo.endCursor });
  expect([...namesOf(first), ...namesOf(rest)]).toEqual(['m5', 'm4', 'm3', 'm5', 'm2', 'm1']);
});

const lists: readonly (readonly [name: string, list: List])[] = [
  ['the oldest entries', entryList('TIME_ASC')],
  ['the newest entries', entryList('TIME_DESC')],
  ['the entries of users', entryList('TIME_ASC', { userIds: ['u1', 'u2'] })],
  ['the entries of a type', entryList('TIME_DESC', { types: ['CLICK'] })],
  ['a session', timeline('TIME_ASC', { userId: 'u1', sessionId: 'of u1' })],
  ['a session backwards', timeline('TIME_DESC', { userId: 'u1', sessionId: 'of u1' })],
  ['another session', timeline('TIME_ASC', { userId: 'u2', sessionId: 'of u2' })],
  ['all sessions', sessionList()],
  ['the sessions of users', sessionList({ userIds: ['v1', 'v2'] })],
  ['the sessions since', sessionList({ startTime: '2018-10-01' })],
];

async function expectRefusal(list: List, after: string): Promise<void> {
  const { errors } = await server.graphql(list.query, { first: 2, ...list.variables, after });
  const found = errors?.map(({ extensions }) => [
    extensions.code,
    extensions.violations?.map(({ path }) => path),
  ]);
  expect({ after, found }).toEqual({ after, found: [['BAD_USER_INPUT', ['after']]] });
}

/** Some at once, which takes less time. */
async function expectRefusals(list: List, cursors: Iterable<string>): Promise<void> {
  const queue = cursors[Symbol.iterator]();
  const work = async (): Promise<void> => {
    for (let next = queue.next(); !next.done; next = queue.next()) {
      await expectRefusal(list, next.value);
    }
  };
  await Promise.all(Array.from({ length: 8 }, work));
}

describe('a page', () => {
  it.each(lists)('of %s can go on after any of its edges', async (_name, list) => {
    const { edges } = await readPage(server, list, { first: 12 });
    expect(edges.length).toBeGreaterThan(8);
    expect(new Set(edges.map(({ cursor }) => cursor)).size).toBe(edges.length);
    for (const [at, { cursor }] of edges.entries()) {
      const rest = await readPage(server, list, { first: edges.length, after: cursor });
      expect(rest.edges.slice(0, edges.length - at - 1)).toEqual(edges.slice(at + 1));
      expect(rest.pageInfo.hasPreviousPage).toBe(true);
    }
  });

  it.each([
    ['entries', entryList('TIME_ASC', { userIds: ['nobody'] })],
    ['entries in an empty range', entryList('TIME_ASC', { startTime: '2018-10-18', endTime: '2018-10-18' })],
    ['sessions', sessionList({ userIds: ['nobody'] })],
    ['sessions in an empty range', sessionList({ startTime: instant, endTime: instant })],
  ])('of no %s has no cursors', async (_name, list) => {
    expect(await readPage(server, list, {})).toEqual({
      edges: [],
      pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
    });
  });

  it.each(lists)('of %s after the last item is empty, and has something before it', async (_name, list) => {
    let { pageInfo } = await readPage(server, list, { first: 1_000 });
    while (pageInfo.hasNextPage) {
      ({ pageInfo } = await readPage(server, list, { first: 1_000, after: pageInfo.endCursor }));
    }
    expect(await readPage(server, list, { after: pageInfo.endCursor })).toEqual({
      edges: [],
      pageInfo: { hasNextPage: false, hasPreviousPage: true, startCursor: null, endCursor: null },
    });
  });

  it.each(lists)('of %s has a next one exactly when there is more', async (_name, list) => {
    const [one, all] = await Promise.all([
      readPage(server, list, { first: 1 }),
      readPage(server, list, { first: 1_000 }),
    ]);
    expect(one.pageInfo).toMatchObject({ hasNextPage: true, endCursor: all.edges[0]!.cursor });
    if (all.pageInfo.hasNextPage) return;
    const fitting = await readPage(server, list, { first: all.edges.length });
    expect(fitting).toEqual(all);
    const shorter = await readPage(server, list, { first: all.edges.length - 1 });
    expect(shorter.pageInfo.hasNextPage).toBe(true);
  });
});

describe('a cursor', () => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

  it.each(lists)('of %s is refused by every other list', async (_name, list) => {
    const { pageInfo } = await readPage(server, list, { first: 2 });
    for (const [, other] of lists) {
      if (other !== list) await expectRefusal(other, pageInfo.endCursor!);
    }
    await readPage(server, list, { first: 2, after: pageInfo.endCursor! });
  });

  it('with any one character changed is refused', async () => {
    const ids = { userId: 'u1', sessionId: 'of u1' };
    const { pageInfo } = await readPage(server, timeline('TIME_ASC', ids), { first: 3 });
    const cursor = pageInfo.endCursor!;
    const altered = Array.from(cursor).flatMap((original, at) =>
      Array.from(`${alphabet[(at * 7) % 64]}${alphabet[(at * 31 + 1) % 64]}${at % 8 === 0 ? '+/= \né' : ''}`)
        .filter((character) => character !== original)
        .map((character) => cursor.slice(0, at) + character + cursor.slice(at + 1)),
    );
    expect(altered.length).toBeGreaterThan(100);
    // Ten in one request, since it takes thousands; a session may be null, so that each has an error of its own.
    for (let start = 0; start < altered.length; start += 10) {
      const some = altered.slice(start, start + 10);
      const fields = some.map(
        (after, at) => `a${at}: session(userId: "u1", sessionId: "of u1") {
          entries(first: 1, after: ${JSON.stringify(after)}) { pageInfo { endCursor } }
        }`,
      );
      const { errors } = await server.graphql(`{ ${fields.join(' ')} }`);
      const wrong = errors?.filter(
        ({ extensions }) => extensions.violations?.map(({ path }) => path).join() === 'after',
      );
      const names = new Set(wrong?.map(({ path }) => path![0]));
      expect(some.filter((_after, at) => !names.has(`a${at}`))).toEqual([]);
    }
  });

  it.each(lists)('of %s is refused when it was altered', async (_name, list) => {
    const { pageInfo } = await readPage(server, list, { first: 3 });
    const cursor = pageInfo.endCursor!;
    const altered = Array.from(cursor).flatMap((original, at) => {
      const rest = cursor.slice(at + 1);
      const next = alphabet[(alphabet.indexOf(original) + 1) % 64]!;
      const start = cursor.slice(0, at);
      // Changed, left out, doubled, and in other places; and cut off at either end.
      return [start + next + rest, start + rest, start + original + original + rest, start, rest];
    });
    const extended = ['A', '=', '==', ' ', '\n', '.', '\u00a0', cursor].flatMap((more) => [
      cursor + more,
      more + cursor,
    ]);
    const others = [
      cursor.toLowerCase(),
      Array.from(cursor).reverse().join(''),
      Buffer.from(cursor, 'base64url').toString('base64'),
      Buffer.from(cursor, 'base64url').toString('hex'),
      cursor.repeat(1_000),
      'A'.repeat(200_000),
      '0',
      '[]',
    ].filter((other) => other !== cursor);
    const some = altered.filter((_cursor, at) => at % caseCount(17, 1) === 0);
    await expectRefusals(list, new Set(['', ...some, ...extended, ...others]));
  });

  it.each([
    ['entries', entryList('TIME_ASC')],
    ['sessions', sessionList()],
  ])('of %s that somebody made up does not make the server fail', async (_name, list) => {
    const { pageInfo } = await readPage(server, list, { first: 1 });
    // As src/logs/cursor.ts does it, which keeps nothing secret: a check, the digest of the list, and a key.
    const list9 = Buffer.from(pageInfo.endCursor!, 'base64url').subarray(6, 15);
    const forge = (key: unknown): string => {
      const content = Buffer.concat([list9, Buffer.from(JSON.stringify(key))]);
      const check = createHash('sha256').update(content).digest().subarray(0, 6);
      return Buffer.concat([check, content]).toString('base64url');
    };
    const huge = '9'.repeat(30);
    for (const key of [
      ...['x', 1, null, {}, [], [null], ['1'], ['x', '1', '1'], ['1', 'x', 'x'], [[], [], []]],
      ...[
        ['1', huge, huge],
        [huge, '1', '1'],
        ['-1', '-1', '-1'],
        ['1', '\0', '\0'],
        ['1.5', '1', '1'],
      ],
    ]) {
      const variables = { first: 2, ...list.variables, after: forge(key) };
      const { errors = [] } = await server.graphql(list.query, variables);
      const codes = errors.map(({ extensions }) => extensions.code);
      expect({ key, codes: codes.filter((code) => code !== 'BAD_USER_INPUT') }).toEqual({
        key,
        codes: [],
      });
    }
  });

  it('is good for its filter with the items of lists in another order, or twice', async () => {
    const filter = {
      userIds: ['u1', 'u3', 'ü'],
      sessionIds: ['of u1', 'of u3', '😀', '\uffff'],
      types: ['CLICK', 'VIEW', 'OPEN'],
      startTime: '2018-10-17T06:00:00Z',
    };
    const same = [
      filter,
      {
        types: ['VIEW', 'OPEN', 'VIEW', 'CLICK', 'VIEW'],
        sessionIds: filter.sessionIds.toReversed(),
        userIds: ['ü', 'u3', 'ü', 'u1'],
        startTime: '2018-10-17T08:00:00.000000+02:00',
        endTime: null,
        properties: null,
      },
    ];
    const { edges, pageInfo } = await readPage(server, entryList('TIME_ASC', filter), { first: 5 });
    expect(edges).toHaveLength(5);
    for (const other of same) {
      const list = entryList('TIME_ASC', other);
      const next = await readPage(server, list, { first: 5, after: pageInfo.endCursor });
      expect((await readPage(server, list, { first: 10 })).edges).toEqual([...edges, ...next.edges]);
    }
    for (const other of [
      { ...filter, types: ['CLICK', 'VIEW'] },
      { ...filter, types: ['CLICK', 'VIEW', 'OPEN', 'CLOSE'] },
      { ...filter, userIds: filter.sessionIds, sessionIds: filter.userIds },
      { ...filter, startTime: '2018-10-17T06:00:00.000001Z' },
      { ...filter, startTime: null, endTime: filter.startTime },
      { ...filter, properties: [{ path: ['at'], is: { exists: true } }] },
    ]) {
      await expectRefusal(entryList('TIME_ASC', other), pageInfo.endCursor!);
    }
  });

  it('of sessions is good for its filter with the users in another order, or twice', async () => {
    const { edges, pageInfo } = await readPage(server, sessionList({ userIds: ['v1', 'v2'] }), {
      first: 3,
    });
    const same = sessionList({ userIds: ['v2', 'v1', 'v2'], startTime: null });
    const next = await readPage(server, same, { first: 3, after: pageInfo.endCursor });
    expect((await readPage(server, same, { first: 6 })).edges).toEqual([...edges, ...next.edges]);
  });

  it('is good for its filter with property filters, and the values of `in`, in another order', async () => {
    const bound = { types: ['CLICK'] };
    const some = { path: ['at'], is: { in: [2, 4, 6] } };
    const there = { path: ['at'], is: { exists: true } };
    const { pageInfo } = await readPage(
      server,
      entryList('TIME_ASC', { ...bound, properties: [some, there] }),
      { first: 2 },
    );
    for (const properties of [
      [there, some],
      [{ ...some, is: { in: [6, 2, 4] } }, there],
      [{ is: { in: [2, 4, 4, 6, 2] }, path: ['at'] }, there],
    ]) {
      const { edges } = await readPage(server, entryList('TIME_ASC', { ...bound, properties }), {
        first: 2,
        after: pageInfo.endCursor,
      });
      expect(edges).toHaveLength(2);
    }
  });

  it('means the same with and without an empty filter, and with another page size', async () => {
    const { edges, pageInfo } = await readPage(server, entryList('TIME_ASC'), { first: 4 });
    for (const filter of [null, {}, { userIds: null, startTime: null, properties: null }]) {
      const list = entryList('TIME_ASC', filter);
      const next = await readPage(server, list, { first: 3, after: pageInfo.endCursor });
      expect((await readPage(server, list, { first: 7 })).edges).toEqual([...edges, ...next.edges]);
    }
  });
});
