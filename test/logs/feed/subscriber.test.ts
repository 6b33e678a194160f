import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { openPrincipal } from '../../../src/logs/access/principal';
import { createFeed, type FeedObserver } from '../../../src/logs/feed/feed';
import type { Subscriber } from '../../../src/logs/feed/subscriber';
import { ServerStoppingError } from '../../../src/logs/model/errors';
import type { LogEntry } from '../../../src/logs/model/log-entry';
import { createReadContext } from '../../../src/logs/model/read-context';
import { MemoryChanges } from '../support/memory-changes';

const columns = [[{ key: 'id', field: 'id' as const }]];
const context = createReadContext({ mustBeLatest: false, maxEntries: 10 });

let store: MemoryChanges;
let seen: { subscribers: number; messages: number; entries: number; tooSlow: number; errors: number };
let feed: ReturnType<typeof createFeed>;
beforeEach(() => {
  jest.useFakeTimers();
  store = new MemoryChanges();
  seen = { subscribers: 0, messages: 0, entries: 0, tooSlow: 0, errors: 0 };
  const observer: FeedObserver = {
    onSubscribers(count) {
      seen.subscribers = count;
    },
    onMessage(entryCount) {
      seen.messages++;
      seen.entries += entryCount;
    },
    onTooSlow() {
      seen.tooSlow++;
    },
    onError() {
      seen.errors++;
    },
  };
  feed = createFeed(store, observer);
});
afterEach(() => {
  feed.stop();
  jest.useRealTimers();
});

const subscribe = (after?: string, filter?: object): Promise<Subscriber> =>
  feed.subscribe({ after, filter }, columns, openPrincipal, context);

/** A message, as ids of entries and erased users. */
async function pull(subscriber: Subscriber) {
  const { value } = await subscriber.next();
  if (!value) return undefined;
  const parts = await value.entries(columns[0]!, context);
  const ids = (JSON.parse(parts.join('')) as LogEntry[]).map(({ id }) => Number(id));
  return {
    ids,
    erased: value.erasures.map(({ userId }) => userId),
    cursor: value.cursor,
    more: value.hasMore,
  };
}

/** The message, while time passes. */
async function pullWithin(subscriber: Subscriber, ms: number) {
  const pulled = pull(subscriber);
  let isSettled = false;
  void pulled.then(
    () => (isSettled = true),
    () => (isSettled = true),
  );
  for (let passed = 0; passed < ms && !isSettled; passed++) await jest.advanceTimersByTimeAsync(1);
  expect({ isSettled }).toEqual({ isSettled: true });
  return pulled;
}

const record = (count: number, part: Partial<LogEntry> = {}): void => {
  for (let at = 0; at < count; at++) store.record(part);
};

describe('a subscription', () => {
  it('begins with an empty message that has a cursor, then has what is committed', async () => {
    record(3);
    const subscriber = await subscribe();
    const first = await pullWithin(subscriber, 1);
    expect(first).toMatchObject({ ids: [], erased: [], more: false });
    record(2);
    expect(await pullWithin(subscriber, 26)).toMatchObject({ ids: [4, 5] });
    const again = await subscribe(first!.cursor);
    expect(await pullWithin(again, 1)).toMatchObject({ ids: [4, 5] });
  });

  it('begins with what is there after its cursor, in pages', async () => {
    const { cursor } = (await pullWithin(await subscribe(), 1))!;
    record(2_500);
    const subscriber = await subscribe(cursor);
    const sizes: number[] = [];
    for (let at = 0; at < 3; at++) sizes.push((await pullWithin(subscriber, 26))!.ids.length);
    expect(sizes).toEqual([1_000, 1_000, 500]);
    record(1);
    expect(await pullWithin(subscriber, 26)).toMatchObject({ ids: [2_501], more: false });
  });

  it('ends a message at an erasure', async () => {
    const subscriber = await subscribe();
    await pullWithin(subscriber, 1);
    // The hub reads for subscribers that wait.
    const other = await subscribe(undefined, { userIds: ['other'] });
    await pullWithin(other, 1);
    void other.next().catch(() => {});
    record(1, { userId: 'a' });
    await jest.advanceTimersByTimeAsync(30);
    record(1, { userId: 'b' });
    store.erase('a');
    record(1, { userId: 'c' });
    await jest.advanceTimersByTimeAsync(30);
    // The hub has forgotten the entry of a.
    expect(await pullWithin(subscriber, 26)).toMatchObject({ ids: [2], erased: ['a'], more: true });
    expect(await pullWithin(subscriber, 26)).toMatchObject({ ids: [4], erased: [], more: false });
  });

  it('has messages 25 ms apart, and one every 10 s', async () => {
    const subscriber = await subscribe();
    await pullWithin(subscriber, 1);
    let start = performance.now();
    record(1);
    expect(await pullWithin(subscriber, 100)).toMatchObject({ ids: [1] });
    record(1);
    expect(await pullWithin(subscriber, 100)).toMatchObject({ ids: [2] });
    expect(performance.now() - start).toBeGreaterThanOrEqual(49);
    start = performance.now();
    const idle = await pullWithin(subscriber, 10_100);
    expect(idle).toMatchObject({ ids: [], erased: [] });
    expect(performance.now() - start).toBeGreaterThanOrEqual(10_000);
  });

  it('moves its cursor past what does not match', async () => {
    const filter = { userIds: ['a'] };
    const subscriber = await subscribe(undefined, filter);
    const first = await pullWithin(subscriber, 1);
    record(5, { userId: 'b' });
    const idle = await pullWithin(subscriber, 10_100);
    expect(idle).toMatchObject({ ids: [] });
    expect(idle!.cursor).not.toBe(first!.cursor);
    record(1, { userId: 'a' });
    const before = store.reads;
    const again = await subscribe(idle!.cursor, filter);
    expect(await pullWithin(again, 1)).toMatchObject({ ids: [6] });
    // That of the page, and that of the hub.
    expect(store.reads).toBe(before + 2);
  });

  it('that is not pulled for 30 s is ended with its cursor, and resumes from it', async () => {
    const subscriber = await subscribe();
    await pullWithin(subscriber, 1);
    record(1);
    const last = await pullWithin(subscriber, 100);
    record(1);
    let isEnded = false;
    void subscriber.ended.then(() => (isEnded = true));
    await jest.advanceTimersByTimeAsync(29_900);
    expect([isEnded, seen]).toMatchObject([false, { subscribers: 1, tooSlow: 0 }]);
    await jest.advanceTimersByTimeAsync(200);
    expect([isEnded, seen]).toMatchObject([true, { subscribers: 0, tooSlow: 1 }]);
    await expect(subscriber.next()).rejects.toMatchObject({
      code: 'SUBSCRIBER_TOO_SLOW',
      details: { cursor: last!.cursor },
    });
    expect(await subscriber.next()).toEqual({ done: true, value: undefined });
    expect(await pullWithin(await subscribe(last!.cursor), 1)).toMatchObject({ ids: [2] });
  });

  it('outlives a database that fails for a minute', async () => {
    const subscriber = await subscribe();
    await pullWithin(subscriber, 1);
    store.isDown = true;
    record(1);
    const idle = await pullWithin(subscriber, 10_100);
    expect(idle).toMatchObject({ ids: [] });
    for (let passed = 0; passed < 5; passed++) await pullWithin(subscriber, 10_100);
    // With pauses that grow to 5 s.
    expect(seen.errors).toBeGreaterThan(10);
    expect(seen.errors).toBeLessThan(20);
    store.isDown = false;
    expect(await pullWithin(subscriber, 5_100)).toMatchObject({ ids: [1] });
  });

  it('is refused a cursor of another database, of the future, and of another filter', async () => {
    record(2);
    const { cursor } = (await pullWithin(await subscribe(), 1))!;
    const reasonOf = async (after: string, filter?: object): Promise<unknown> => {
      const error: unknown = await subscribe(after, filter).catch((thrown: unknown) => thrown);
      return (error as { readonly details: object }).details;
    };
    expect(await reasonOf(cursor, { userIds: ['a'] })).toMatchObject({
      violations: [{ path: 'after', message: expect.stringContaining('another filter') as unknown }],
    });
    store.commits.pop();
    expect(await reasonOf(cursor)).toMatchObject({ reason: 'CURSOR_FROM_THE_FUTURE' });
    record(1);
    await store.renewEpoch();
    expect(await reasonOf(cursor)).toMatchObject({ reason: 'CURSOR_OF_ANOTHER_DATABASE' });
  });

  it('is ended when the database gets a new epoch, and when the server stops', async () => {
    const subscriber = await subscribe();
    await pullWithin(subscriber, 1);
    const pulled = pullWithin(subscriber, 1_000);
    await store.renewEpoch();
    await expect(pulled).rejects.toMatchObject({ details: { reason: 'CURSOR_OF_ANOTHER_DATABASE' } });
    const other = await subscribe();
    const first = await pullWithin(other, 1);
    const waiting = pullWithin(other, 100);
    feed.stop();
    await expect(waiting).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      details: { cursor: first!.cursor },
    });
    await other.ended;
    await expect(subscribe()).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    expect(seen.subscribers).toBe(0);
  });

  it('of a bound key has its own user only', async () => {
    const principal = { ...openPrincipal, userId: 'own' };
    const subscriber = await feed.subscribe({}, columns, principal, context);
    const others = await feed.subscribe({ filter: { userIds: ['other'] } }, columns, principal, context);
    await pullWithin(subscriber, 1);
    await pullWithin(others, 1);
    record(1, { userId: 'other' });
    record(1, { userId: 'own' });
    expect(await pullWithin(subscriber, 100)).toMatchObject({ ids: [2], erased: [] });
    store.erase('other');
    store.erase('own');
    expect(await pullWithin(subscriber, 100)).toMatchObject({ ids: [], erased: ['own'] });
    expect(await pullWithin(others, 10_100)).toMatchObject({ ids: [], erased: [] });
  });
});

it('refuses subscriptions after it has stopped, without a line in the log for each client that tries', async () => {
  feed.stop();
  const error: unknown = await subscribe().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ServerStoppingError);
  expect(error).toMatchObject({ code: 'SERVICE_UNAVAILABLE', logLevel: 'debug' });
});

describe('the hub', () => {
  it('reads once for all subscribers, and not without them', async () => {
    const subscribers = await Promise.all(Array.from({ length: 20 }, () => subscribe()));
    await Promise.all(subscribers.map((each) => pullWithin(each, 1)));
    const before = store.reads;
    record(1);
    const messages = await Promise.all(subscribers.map((each) => pullWithin(each, 100)));
    expect(messages.map((message) => message!.ids)).toEqual(subscribers.map(() => [1]));
    expect(store.reads).toBe(before + 1);
    for (const each of subscribers) await each.return();
    record(1);
    await jest.advanceTimersByTimeAsync(1_000);
    expect([store.reads, store.listeners.size]).toEqual([before + 1, 0]);
  });

  it('reads nothing for subscribers that do not take their messages', async () => {
    const subscribers = await Promise.all(Array.from({ length: 3 }, () => subscribe()));
    await Promise.all(subscribers.map((each) => pullWithin(each, 1)));
    record(1);
    await Promise.all(subscribers.map((each) => pullWithin(each, 100)));
    const before = store.reads;
    record(10);
    await jest.advanceTimersByTimeAsync(1_000);
    expect([store.reads, store.listeners.size]).toEqual([before, 0]);
    record(2_000);
    await jest.advanceTimersByTimeAsync(20_000);
    expect(store.reads).toBe(before);
    const [first, second] = subscribers as [Subscriber, Subscriber];
    const ids: number[] = [];
    while (ids.length < 2_010) ids.push(...(await pullWithin(first, 100))!.ids);
    record(1);
    ids.push(...(await pullWithin(first, 100))!.ids);
    expect(ids).toEqual(Array.from({ length: 2_011 }, (_, at) => at + 2));
    // Its cursor is due.
    expect(await pullWithin(second, 1)).toMatchObject({ ids: [] });
    expect(await pullWithin(second, 100)).toMatchObject({ ids: ids.slice(0, 1_000) });
  });

  it('goes on where it was for a subscriber that pulls again within a second', async () => {
    const subscriber = await subscribe();
    await pullWithin(subscriber, 1);
    record(1);
    await pullWithin(subscriber, 100);
    const before = store.reads;
    record(1);
    await jest.advanceTimersByTimeAsync(900);
    expect(await pullWithin(subscriber, 1)).toMatchObject({ ids: [2] });
    expect(store.reads).toBe(before + 1);
  });
});
