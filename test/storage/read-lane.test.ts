import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { QueryTimeoutError } from '../../src/logs/model/errors';
import type { LaneObserver } from '../../src/storage/events';
import { createReadLane, type ReadLane } from '../../src/storage/read-lane';

const maxRunMs = 10_000;
const maxMs = 12_000;

let inLane: ReadLane['run'];
let refusals: string[];
let waitingCount: number;
/** The reads that were started, in order, and how each ends. */
let started: {
  name: string;
  allowedMs: number;
  isAlone: boolean;
  check: () => void;
  end: () => void;
  fail: (error: Error) => void;
}[];

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
  const idle = { idle: 0, active: 0, utilization: 0 };
  jest.spyOn(performance, 'eventLoopUtilization').mockReturnValue(idle);
  [refusals, waitingCount, started] = [[], 0, []];
  const observer: LaneObserver = {
    onWaiting: (count) => (waitingCount = count),
    onStarted: () => {},
    onRefused: (reason) => refusals.push(reason),
  };
  inLane = createReadLane({ maxReads: 1, maxRunMs, maxMs, observer, onCrowdEnd: () => {} }).run;
});

/** Lets everything happen that needs no time. */
async function settle(): Promise<void> {
  for (let round = 0; round < 3; round++) await new Promise(setImmediate);
}

/** A read that ends when the test says so; its outcome, or the code of its error. */
function read(
  client: string | undefined,
  name: string,
  { check, sql }: { check?: () => void; sql?: string } = {},
): Promise<unknown> {
  return inLane(
    { mustBeLatest: true, client: () => client, ...(check && { check }) },
    ({ maxMs: allowedMs, context, isAlone }) =>
      new Promise<string>((resolve, reject) => {
        const end = (): void => resolve(name);
        started.push({ name, allowedMs, isAlone, check: () => context.check?.(), end, fail: reject });
      }),
    sql === undefined ? undefined : { sql, values: [] },
  ).catch((error: unknown) => {
    const { code, message } = error as { code?: string; message: string };
    return code ?? message;
  });
}

/** Ends the read in progress after a time. */
async function endAfter(ms: number): Promise<void> {
  await jest.advanceTimersByTimeAsync(ms);
  started.at(-1)!.end();
  await settle();
}

/** Leaves a read of `a` in progress, after many that took 5 s. */
async function makeSlow(): Promise<void> {
  for (let at = 0; at < 30; at++) {
    void read('a', 'slow');
    await settle();
    if (at > 0) await endAfter(5_000);
  }
}

const names = (): string[] => started.map(({ name }) => name);

describe('the lane of expensive reads', () => {
  it('starts one read at a time, that of the client whose last turn is longest ago', async () => {
    const greedy = ['1', '2', '3', '4'].map((number) => read('greedy', `greedy ${number}`));
    await settle();
    const other = read('other', 'other');
    for (let ended = 0; ended < 5; ended++) await endAfter(10);
    expect(names()).toEqual(['greedy 1', 'other', 'greedy 2', 'greedy 3', 'greedy 4']);
    expect(await Promise.all([other, ...greedy])).toEqual([
      'other',
      ...names().filter((name) => name !== 'other'),
    ]);
  });

  it('gives a client no second turn before those who came later had one', async () => {
    void read('a', 'a 1');
    await settle();
    void read('b', 'b 1');
    void read('c', 'c 1');
    await endAfter(10);
    void read('a', 'a 2');
    void read('b', 'b 2');
    for (let ended = 0; ended < 5; ended++) await endAfter(10);
    expect(names()).toEqual(['a 1', 'b 1', 'c 1', 'a 2', 'b 2']);
  });

  it("starts the server's own work first, without a deadline", async () => {
    void read('a', 'a 1');
    await settle();
    void read('a', 'a 2');
    void read(undefined, 'erasing');
    await jest.advanceTimersByTimeAsync(maxMs * 2);
    await endAfter(10);
    expect(names()).toEqual(['a 1', 'erasing']);
  });

  it('lets 16 reads of a client wait, and none of another client less for it', async () => {
    const reads = Array.from({ length: 18 }, (_, at) => read('greedy', `greedy ${at}`));
    await settle();
    expect(waitingCount).toBe(16);
    void read('other', 'other');
    await settle();
    expect([waitingCount, refusals]).toEqual([17, ['share']]);
    await jest.advanceTimersByTimeAsync(250);
    expect(await reads[17]).toBe('RATE_LIMITED');
  });

  it('lets each client have the reads of one request while 2,048 wait', async () => {
    // Equal reads are in time, however many wait.
    const sql = 'SELECT 1';
    void read('a', 'running');
    await settle();
    for (let at = 0; at < 2_048; at++) void read(`client ${at >> 1}`, 'waits', { sql });
    const context = { mustBeLatest: true, client: () => 'new' };
    const ask = (of = context) => void inLane(of, async () => '', { sql, values: [] }).catch(() => {});
    ask();
    ask();
    await settle();
    // A context may be copied for one of the reads of its request.
    ask({ ...context });
    await settle();
    expect([waitingCount, refusals]).toEqual([2_051, []]);
    ask({ ...context, client: () => 'new' });
    await settle();
    expect([waitingCount, refusals]).toEqual([2_051, ['overload']]);
  });

  it('refuses a read at once whose turn would come too late, and says when to ask again', async () => {
    await makeSlow();
    void read('b', 'waits 5 s, then takes 5 s');
    await settle();
    const context = { mustBeLatest: true, client: () => 'c' };
    const refusal = inLane(context, async () => 'done').catch((error: unknown) => error);
    await settle();
    expect(refusals).toEqual(['overload']);
    await jest.advanceTimersByTimeAsync(250);
    const error = (await refusal) as { code: string; details: { retryAfterMs: number } };
    expect(error.code).toBe('SERVICE_UNAVAILABLE');
    // 10 s, spread by a quarter.
    expect(error.details.retryAfterMs).toBeGreaterThan(7_000);
    expect(error.details.retryAfterMs).toBeLessThan(13_000);
  });

  it('lets a client that has not had its turn go before one that waits for its second', async () => {
    await makeSlow();
    void read('a', 'second');
    await settle();
    void read('new', 'new');
    await endAfter(10);
    expect([names().at(-1), refusals]).toEqual(['new', []]);
  });

  it('admits no more reads than it could do if they took as long as the one in progress has taken', async () => {
    const reads = (prefix: string) =>
      Array.from({ length: 300 }, (_, at) => read(`${prefix} ${at}`, `${prefix} ${at}`));
    void reads('at once');
    await settle();
    expect(waitingCount).toBeLessThan(maxMs / 50);
    expect(refusals).toHaveLength(299 - waitingCount);
    await jest.advanceTimersByTimeAsync(3_000);
    const countBefore = waitingCount;
    void reads('later');
    await settle();
    expect(waitingCount).toBe(countBefore);
  });

  it('ends a read that has waited for too long', async () => {
    void read('a', 'running');
    await settle();
    const late = read('b', 'late');
    await jest.advanceTimersByTimeAsync(maxMs);
    expect([await late, refusals, waitingCount]).toEqual(['SERVICE_UNAVAILABLE', ['deadline'], 0]);
    expect(names()).toEqual(['running']);
  });

  it('lets a read take what is left after its wait, and says that the wait was too long', async () => {
    void read('a', 'running');
    await settle();
    const waited = read('b', 'waited');
    await endAfter(7_000);
    expect(started.map(({ allowedMs }) => Math.round(allowedMs))).toEqual([maxRunMs, maxMs - 7_000]);
    started.at(-1)!.fail(new QueryTimeoutError());
    expect([await waited, refusals]).toEqual(['SERVICE_UNAVAILABLE', ['deadline']]);
    const alone = read('b', 'alone');
    await settle();
    started.at(-1)!.fail(new QueryTimeoutError());
    expect(await alone).toBe('QUERY_TIMEOUT');
  });

  it('does not start a read whose request has ended', async () => {
    void read('a', 'running');
    await settle();
    let isGone = false;
    const check = (): void => {
      if (isGone) throw new Error('The request has ended.');
    };
    const gone = read('b', 'gone', { check });
    const next = read('c', 'next');
    isGone = true;
    await endAfter(10);
    await endAfter(10);
    expect([await gone, await next, names()]).toEqual([
      'The request has ended.',
      'next',
      ['running', 'next'],
    ]);
  });

  it('takes nothing of earlier reads for granted after it was idle', async () => {
    await makeSlow();
    await endAfter(5_000);
    const panels = Array.from({ length: 12 }, (_, at) => read('dashboard', `${at}`));
    await settle();
    for (let ended = 0; ended < panels.length; ended++) await endAfter(900);
    expect(await Promise.all(panels)).toEqual(panels.map((_, at) => `${at}`));
  });

  it('does not refuse a read because of others whose clients are gone', async () => {
    await makeSlow();
    let isGone = false;
    const check = (): void => {
      if (isGone) throw new Error('The request has ended.');
    };
    const gone = read('gone', 'gone', { check });
    isGone = true;
    const next = read('b', 'next');
    await settle();
    expect([await gone, waitingCount, refusals]).toEqual(['The request has ended.', 1, []]);
    await endAfter(10);
    await endAfter(10);
    expect(await next).toBe('next');
  });

  it('goes on after a read that failed', async () => {
    const failed = read('a', 'fails');
    await settle();
    const next = read('a', 'next');
    started[0]!.fail(new Error('broken'));
    await settle();
    await endAfter(0);
    expect([await failed, await next]).toEqual(['broken', 'next']);
  });

  it('starts shorter reads before a long one while that has time, and none before its own work', async () => {
    for (const [sql, ms] of Object.entries({ long: 8_000, middle: 3_000, short: 500 })) {
      void read('known', sql, { sql });
      await settle();
      await endAfter(ms);
    }
    void read('a', 'running');
    await settle();
    // The long read may take 10 s of 12.
    void read('b', 'long', { sql: 'long' });
    void read('c', 'middle', { sql: 'middle' });
    void read('d', 'short', { sql: 'short' });
    for (const ms of [10, 500, 8_000, 0]) await endAfter(ms);
    expect(names().slice(3)).toEqual(['running', 'short', 'long', 'middle']);
    void read('a', 'running');
    await settle();
    void read(undefined, 'own', { sql: 'long' });
    void read('d', 'short', { sql: 'short' });
    for (const ms of [10, 10]) await endAfter(ms);
    expect(names().slice(-2)).toEqual(['own', 'short']);
  });

  it('tells a read whether its client is alone', async () => {
    for (const name of ['a 1', 'a 2', 'a 3']) void read('a', name);
    await settle();
    await endAfter(10);
    void read('b', 'b 1');
    for (let ended = 0; ended < 3; ended++) await endAfter(10);
    expect(started.map(({ name, isAlone }) => [name, isAlone])).toEqual([
      ['a 1', true],
      ['a 2', true],
      ['b 1', false],
      ['a 3', true],
    ]);
  });

  describe('with equal reads', () => {
    const sql = 'SELECT 1';
    /** Lets all requests get their results, which takes some milliseconds for each. */
    const handOut = () => jest.advanceTimersByTimeAsync(100);

    it('executes those that wait once', async () => {
      void read('a', 'running', { sql });
      await settle();
      const reads = ['b 1', 'b 2', 'c'].map((name) => read(name[0], name, { sql }));
      const other = read('d', 'other', { sql: 'SELECT 2' });
      await settle();
      expect(waitingCount).toBe(4);
      for (let ended = 0; ended < 3; ended++) await endAfter(10);
      await handOut();
      expect(await Promise.all(reads)).toEqual(['b 1', 'b 1', 'b 1']);
      expect([await other, names()]).toEqual(['other', ['running', 'b 1', 'other']]);
    });

    it('executes one again that came after the other had started', async () => {
      const reads = [read('a', 'first', { sql })];
      await settle();
      reads.push(read('b', 'second', { sql }));
      await endAfter(10);
      reads.push(read('c', 'third', { sql }));
      await endAfter(10);
      await endAfter(10);
      expect(await Promise.all(reads)).toEqual(['first', 'second', 'third']);
    });

    it("executes the server's own with those of clients, without its deadline", async () => {
      void read('a', 'running');
      await settle();
      const own = read(undefined, 'own', { sql });
      const other = read('b', 'other', { sql });
      await endAfter(10);
      await jest.advanceTimersByTimeAsync(maxMs + 10_000);
      expect([await other, refusals]).toEqual(['SERVICE_UNAVAILABLE', ['deadline']]);
      await endAfter(0);
      await handOut();
      expect(await own).toBe('own');
    });

    it('counts the turn of each client', async () => {
      void read('a', 'running');
      await settle();
      void read('b', 'b 1', { sql });
      void read('c', 'c 1', { sql });
      await endAfter(10);
      void read('c', 'c 2');
      void read('new', 'new');
      await endAfter(10);
      expect(names()).toEqual(['running', 'b 1', 'new']);
    });

    it('gives each its own memory', async () => {
      void read('a', 'running');
      await settle();
      const results = ['b', 'c', 'd'].map((client) =>
        inLane(
          { mustBeLatest: true, client: () => client },
          async () => [{ text: Buffer.from('text'), count: 1 }],
          { sql, values: [] },
        ),
      );
      await endAfter(10);
      await handOut();
      const rows = (await Promise.all(results)).map(([row]) => row!);
      expect(rows.map(({ text, count }) => `${text.toString()} ${count}`)).toEqual(Array(3).fill('text 1'));
      expect(new Set(rows.map(({ text }) => text)).size).toBe(3);
      rows[0]!.text.fill(0);
      expect(rows.slice(1).map(({ text }) => text.toString())).toEqual(['text', 'text']);
    });

    it('goes on while one of the requests waits for it', async () => {
      const gone = new Set<string>();
      const check = (client: string) => (): void => {
        if (gone.has(client)) throw new Error(`${client} is gone`);
      };
      void read('a', 'running');
      await settle();
      const reads = ['b', 'c', 'd'].map((client) => read(client, client, { sql, check: check(client) }));
      await endAfter(10);
      const { check: checkAll, end } = started.at(-1)!;
      gone.add('b').add('c');
      expect(checkAll).not.toThrow();
      end();
      await settle();
      await handOut();
      expect(await Promise.all(reads.slice(1))).toEqual(['c is gone', 'b']);
      gone.add('d');
      expect(checkAll).toThrow('b is gone');
    });

    it('ends each that has waited for too long, and the read with the last', async () => {
      await makeSlow();
      const early = read('b', 'early', { sql });
      await jest.advanceTimersByTimeAsync(4_000);
      const late = read('c', 'late', { sql });
      await endAfter(0);
      const { allowedMs } = started.at(-1)!;
      expect(Math.round(allowedMs)).toBe(maxRunMs);
      await jest.advanceTimersByTimeAsync(maxMs - 4_000);
      expect([await early, refusals]).toEqual(['SERVICE_UNAVAILABLE', ['deadline']]);
      await endAfter(0);
      await handOut();
      expect(await late).toBe('early');
      expect(waitingCount).toBe(0);
    });

    it('fails all of them when it fails, and goes on', async () => {
      void read('a', 'running');
      await settle();
      const reads = ['b', 'c'].map((client) => read(client, client, { sql }));
      const next = read('d', 'next');
      await endAfter(10);
      started.at(-1)!.fail(new Error('broken'));
      await settle();
      await handOut();
      await endAfter(10);
      expect(await Promise.all([...reads, next])).toEqual(['broken', 'broken', 'next']);
    });

    it('refuses none that can share, and expects each execution once', async () => {
      await makeSlow();
      void read('b', 'first', { sql });
      const sharing = read('c', 'shares', { sql });
      await settle();
      const other = read('d', 'other', { sql: 'SELECT 2' });
      await settle();
      expect(refusals).toEqual(['overload']);
      await jest.advanceTimersByTimeAsync(250);
      expect(await other).toBe('SERVICE_UNAVAILABLE');
      await endAfter(10);
      await endAfter(10);
      await handOut();
      expect(await sharing).toBe('first');
    });
  });
});
