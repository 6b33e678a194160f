import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { openPrincipal } from '../../../src/logs/access/principal';
import { comparePositions, type Position } from '../../../src/logs/change-store';
import { createFeed, type Feed } from '../../../src/logs/feed/feed';
import type { LogEntry } from '../../../src/logs/model/log-entry';
import { createReadContext } from '../../../src/logs/model/read-context';
import { caseCount } from '../../support/scale';
import { MemoryChanges, unobserved, type Commit } from '../support/memory-changes';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const columns = [[{ key: 'id', field: 'id' as const }]];
const context = createReadContext({ mustBeLatest: false, maxEntries: 10 });
const users = ['a', 'b', 'c'];
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** What one consumer wants, and what it got: the ids of entries and erasures, in order. */
class Consumer {
  readonly got: number[] = [];
  /** What comes after it is wanted. */
  start: Position | undefined;
  #cursor: string | undefined;
  #isOver = false;
  problem: unknown;

  constructor(
    private readonly feed: Feed,
    private readonly store: MemoryChanges,
    readonly filter: { readonly userIds?: readonly string[] },
    /** Milliseconds between messages. */
    private readonly pauses: () => number,
  ) {}

  /** Subscribes again and again, from the last cursor. */
  async run(): Promise<void> {
    while (!this.#isOver) {
      try {
        const { filter } = this;
        if (this.#cursor === undefined) this.start = this.store.end;
        const subscriber = await this.feed.subscribe(
          { filter, after: this.#cursor },
          columns,
          openPrincipal,
          context,
        );
        for await (const page of subscriber) {
          const text = (await page.entries(columns[0]!, context)).join('');
          this.got.push(...(JSON.parse(text) as LogEntry[]).map(({ id }) => Number(id)));
          for (const { userId } of page.erasures) this.got.push(this.#positionOf(userId));
          this.#cursor = page.cursor;
          await pause(this.pauses());
          if (this.#isOver) break;
        }
      } catch (error) {
        const { code } = error as { readonly code?: string };
        if (code !== 'SERVICE_UNAVAILABLE' && code !== 'SUBSCRIBER_TOO_SLOW') {
          this.problem = error;
          return;
        }
        await pause(50);
      }
    }
  }

  /** The position of the first erasure of a user that it has not got. */
  #positionOf(userId: string): number {
    const found = this.store.commits.find(
      (commit) =>
        'erasure' in commit &&
        commit.erasure.userId === userId &&
        comparePositions(commit.position, this.start!) > 0 &&
        !this.got.includes(commit.position.id),
    );
    return found?.position.id ?? -1;
  }

  stop(): void {
    this.#isOver = true;
  }
}

const userOf = (commit: Commit): string => ('entry' in commit ? commit.entry : commit.erasure).userId;

it('no schedule of commits, erasures, failures and slow consumers makes a gap or a double', async () => {
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('record'), user: fc.nat(2), n: fc.nat(6) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('flood'), user: fc.nat(2), n: fc.nat(2_500) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('erase'), user: fc.nat(2), n: fc.nat(1) }) },
    { weight: 8, arbitrary: fc.record({ kind: fc.constant('wait'), user: fc.nat(2), n: fc.nat(60) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('long'), user: fc.nat(2), n: fc.nat(40_000) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('fail'), user: fc.nat(2), n: fc.nat(1) }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('join'), user: fc.nat(3), n: fc.nat(1_000) }) },
  );
  const counts = { got: 0 };
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60 }), fc.nat(), async (steps, seed) => {
      let state = seed;
      const random = (below: number): number => {
        state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
        return (state >> 8) % below;
      };
      const store = new MemoryChanges();
      // With fewer, a consumer that is far behind needs more than the calm to catch up: a page takes 25 ms.
      store.maxLookedAt = 20 + random(20) * 100;
      store.delay = () => (random(3) > 0 ? Promise.resolve() : pause(random(40)));
      const feed = createFeed(store, unobserved);
      const consumers: Consumer[] = [];
      const runs: Promise<void>[] = [];
      let isCalm = false;
      for (const { kind, user, n } of steps) {
        const userId = users[user] ?? 'a';
        if (kind === 'record' || kind === 'flood') {
          for (let at = 0; at < n; at++) store.record({ userId: users[random(3)]! });
        } else if (kind === 'erase') store.erase(userId);
        else if (kind === 'wait' || kind === 'long') await jest.advanceTimersByTimeAsync(n);
        else if (kind === 'fail') store.isDown = n > 0;
        else {
          const filter = user === 3 ? {} : { userIds: [userId] };
          const slowness = [1, 10, 200, 35_000][n % 4]!;
          const consumer = new Consumer(feed, store, filter, () => (isCalm ? 0 : random(slowness)));
          consumers.push(consumer);
          runs.push(consumer.run());
        }
      }
      isCalm = true;
      store.isDown = false;
      await jest.advanceTimersByTimeAsync(100_000);
      for (const consumer of consumers) consumer.stop();
      feed.stop();
      await jest.advanceTimersByTimeAsync(60_000);
      await Promise.all(runs);
      for (const { got, filter, start, problem } of consumers) {
        expect(problem).toBeUndefined();
        counts.got += got.length;
        const wanted = store.commits.filter(
          (commit) =>
            comparePositions(commit.position, start!) > 0 &&
            (filter.userIds?.includes(userOf(commit)) ?? true),
        );
        const isDelivered = new Set(got);
        // Entries that were erased meanwhile may be missing.
        const expected = wanted.filter(
          (commit) => !store.erased.has(commit) || isDelivered.has(commit.position.id),
        );
        expect(got).toEqual(expected.map(({ position }) => position.id));
      }
      expect(store.listeners.size).toBe(0);
    }),
    { numRuns: caseCount(25, 150) },
  );
  expect(counts.got).toBeGreaterThan(1_000);
});
