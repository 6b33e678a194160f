import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { QueryContext } from '../../src/logs/model/read-context';
import { createReadLane, type ReadLane } from '../../src/storage/read-lane';
import { shareContext } from '../../src/storage/shared-read';

const maxMs = 12_000;

let lane: ReadLane;
/** Ends the read in progress. */
let end: () => void;
let crowdsEnded: number;

beforeEach(async () => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
  busy(0);
  crowdsEnded = 0;
  lane = createReadLane({
    maxReads: 1,
    maxRunMs: 10_000,
    maxMs,
    observer: undefined,
    onCrowdEnd: () => crowdsEnded++,
  });
  void read('first', 'first');
  await settle();
});
afterEach(() => {
  jest.restoreAllMocks();
});

/** Makes the event loop look busy for a share of the time. */
function busy(utilization: number): void {
  jest.spyOn(performance, 'eventLoopUtilization').mockReturnValue({ idle: 0, active: 0, utilization });
}

async function settle(): Promise<void> {
  for (let round = 0; round < 5; round++) await new Promise(setImmediate);
}

const contextOf = (client: string, check?: () => void): QueryContext => ({
  mustBeLatest: true,
  client: () => client,
  ...(check && { check }),
});

/** A read that ends when the test says so, and its result or the message of its error. */
function read(client: string, sql: string, check?: () => void): Promise<string> {
  const work = () => new Promise<string>((resolve) => (end = () => resolve(sql)));
  return lane
    .run(contextOf(client, check), work, { sql, values: [] })
    .catch((error: unknown) => (error as Error).message);
}

async function endRead(): Promise<void> {
  end();
  await settle();
}

describe('the results of shared reads', () => {
  it('are handed out 5 ms apart, those of different reads, too', async () => {
    let done = 0;
    for (const sql of ['a', 'b', 'c', 'd']) {
      for (let at = 0; at < 10; at++) void read(`${sql} ${at}`, sql).then(() => done++);
    }
    await settle();
    for (let ended = 0; ended < 5; ended++) await endRead();
    // The request that came first for each read, and one more.
    expect(done).toBe(5);
    await jest.advanceTimersByTimeAsync(20);
    expect(done).toBe(9);
    // While the event loop is busy, 100 ms apart.
    busy(1);
    await jest.advanceTimersByTimeAsync(210);
    expect(done).toBeGreaterThan(9);
    expect(done).toBeLessThan(13);
    busy(0.4);
    await jest.advanceTimersByTimeAsync(300);
    expect(done).toBe(40);
  });

  it('do not wait for requests that have ended', async () => {
    let isGone = false;
    const check = (): void => {
      if (isGone) throw new Error('gone');
    };
    void read('a', 'equal');
    for (let at = 0; at < 100; at++) void read(`gone ${at}`, 'equal', check);
    const last = read('last', 'equal');
    await settle();
    await endRead();
    isGone = true;
    await endRead();
    await jest.advanceTimersByTimeAsync(10);
    expect(await Promise.race([last, Promise.resolve('waits')])).toBe('equal');
  });

  it('reach requests whose time is up while they are handed out', async () => {
    const reads = Array.from({ length: 300 }, (_, at) => read(`client ${at}`, 'equal'));
    await jest.advanceTimersByTimeAsync(3_000);
    await endRead();
    await jest.advanceTimersByTimeAsync(maxMs - 3_100);
    await endRead();
    await jest.advanceTimersByTimeAsync(2_000);
    expect(new Set(await Promise.all(reads))).toEqual(new Set(['equal']));
  });

  it('are all handed out when a crowd ends', async () => {
    let done = 0;
    for (let at = 0; at < 150; at++) void read(`client ${at}`, 'equal').then(() => done++);
    await settle();
    await endRead();
    await endRead();
    await jest.advanceTimersByTimeAsync(500);
    expect([done < 150, crowdsEnded]).toEqual([true, 0]);
    await jest.advanceTimersByTimeAsync(1_500);
    expect([done, crowdsEnded]).toEqual([150, 1]);
    const few = [read('a', 'equal'), read('b', 'equal')];
    await settle();
    await endRead();
    await endRead();
    await jest.advanceTimersByTimeAsync(2_000);
    await Promise.all(few);
    expect(crowdsEnded).toBe(1);
  });

  it('are copied for each request, before the first one releases its own', async () => {
    const readText = (client: string) =>
      lane.run(contextOf(client), async () => [{ text: Buffer.from('text') }], { sql: 'equal', values: [] });
    const [first, second] = [readText('a'), readText('b')];
    await settle();
    await endRead();
    (await first)[0]!.text.fill(0);
    await jest.advanceTimersByTimeAsync(10);
    expect((await second)[0]!.text.toString()).toBe('text');
  });

  it('are errors if they cannot be copied', async () => {
    const readText = (client: string) =>
      lane
        .run(contextOf(client), async () => Buffer.alloc(1), { sql: 'equal', values: [] })
        .then(String, (error: unknown) => (error as Error).message);
    const reads = [readText('a'), readText('b')];
    await settle();
    jest.spyOn(Buffer, 'from').mockImplementation(() => {
      throw new RangeError('Array buffer allocation failed');
    });
    await endRead();
    await jest.advanceTimersByTimeAsync(10);
    jest.restoreAllMocks();
    expect(await Promise.all(reads)).toEqual(Array(2).fill('Array buffer allocation failed'));
  });
});

it('reads with different values or requirements share nothing', async () => {
  const started: string[] = [];
  const start = (name: string, mustBeLatest: boolean, value: string) =>
    lane.run({ mustBeLatest, client: () => name }, async () => void started.push(name), {
      sql: 'equal',
      values: [value],
    });
  const reads = [start('a', true, '1'), start('b', true, '2'), start('c', false, '1'), start('d', true, '1')];
  await settle();
  await endRead();
  await jest.advanceTimersByTimeAsync(10);
  await Promise.all(reads);
  expect(started).toEqual(['a', 'b', 'c']);
});

it('a request that was refused is admitted while an equal read waits', async () => {
  void read('a', 'equal');
  await jest.advanceTimersByTimeAsync(5_000);
  const context = contextOf('b');
  const refusal = lane.findRefusal(context, false, 'other');
  expect(refusal).toBeDefined();
  const error = await Promise.race([
    lane.run(context, async () => '', { sql: 'other', values: [] }).catch((reason: unknown) => reason),
    jest.advanceTimersByTimeAsync(250),
  ]);
  const { readKey } = error as { readKey: string };
  expect(lane.findRefusal(context, false, readKey)).toBeDefined();
  expect(lane.findRefusal(context, false, readKey.replace('other', 'equal'))).toBeUndefined();
});

it('a read that throws at once ends its turn', async () => {
  await endRead();
  const broken = (): never => {
    throw new Error('broken');
  };
  await expect(lane.run(contextOf('a'), broken)).rejects.toThrow('broken');
  const next = read('b', 'next');
  await settle();
  await endRead();
  expect(await next).toBe('next');
});

it('a shared read has the room of the request that has most', () => {
  const full = (): void => {
    throw new Error('full');
  };
  const sharers = [Infinity, 5].map((room) => ({
    context: { mustBeLatest: true, room: () => room, admit: () => {} },
  }));
  const shared = shareContext({ mustBeLatest: true, room: () => 0, admit: full }, sharers as never);
  expect(shared.room!()).toBe(Infinity);
  expect(() => shared.admit!(1)).not.toThrow();
});
