import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ServiceUnavailableError } from '../../../src/logs/model/errors';
import { createWorkQueue } from '../../../src/logs/model/work-queue';

const maxWaitMs = 1_000;

let started: string[];
let ends: (() => void)[];
let queue: ReturnType<typeof createWorkQueue>;

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
  [started, ends] = [[], []];
  queue = createWorkQueue({ capacity: 2, maxWaitMs });
});
afterEach(() => void jest.useRealTimers());

/** Adds work of a client, which is the first letter of its name; of the server itself for an upper-case letter. */
function add(name: string): Promise<string> {
  const client = /^[a-z]/.test(name) ? name[0] : undefined;
  const context = { mustBeLatest: false, client: () => client };
  const work = () =>
    new Promise<string>((resolve) => {
      started.push(name);
      ends.push(() => resolve(name));
    });
  return queue.run(work, context);
}
const addAll = (names: string): Promise<string>[] => names.split(' ').map(add);

async function endNext(count: number): Promise<void> {
  for (; count > 0; count--) {
    ends.shift()!();
    await new Promise(setImmediate);
  }
}

it('work of one client, and that of the server, is started in order', async () => {
  const all = [
    ...addAll('a1 a2 a3 a4'),
    ...['A', 'B'].map((name) => queue.run(async () => started.push(name))),
  ];
  expect(started).toEqual(['a1', 'a2']);
  await endNext(4);
  await Promise.all(all);
  expect(started).toEqual(['a1', 'a2', 'a3', 'A', 'B', 'a4']);
});

it('a client that has much work keeps no other one waiting', async () => {
  const all = addAll('a1 a2 a3 a4 a5 a6 b1 b2 c1');
  await endNext(9);
  await Promise.all(all);
  expect(started).toEqual(['a1', 'a2', 'a3', 'b1', 'c1', 'a4', 'b2', 'a5', 'a6']);
});

it('work whose turn does not come in time is not started, and takes no turn', async () => {
  const running = addAll('a1 a2');
  const late = expect(Promise.allSettled(addAll('a3 a4'))).resolves.toEqual(
    Array(2).fill({ status: 'rejected', reason: expect.any(ServiceUnavailableError) }),
  );
  jest.advanceTimersByTime(maxWaitMs - 1);
  const inTime = addAll('b1 b2');
  jest.advanceTimersByTime(1);
  await late;
  await endNext(4);
  expect(await Promise.all([...running, ...inTime])).toEqual(['a1', 'a2', 'b1', 'b2']);
  expect(started).toEqual(['a1', 'a2', 'b1', 'b2']);
});

it('the work of one request is kept together where that is asked for', async () => {
  queue = createWorkQueue({ capacity: 1, maxWaitMs, keepsTogether: true });
  const [a, b] = ['a', 'b'].map((name) => ({ mustBeLatest: false, client: () => name }));
  const run = (context: typeof a, name: string) => queue.run(async () => started.push(name), context);
  await Promise.all([run(a, 'a1'), run(b, 'b1'), run(b, 'b2'), run(a, 'a2'), run(a, 'a3')]);
  expect(started).toEqual(['a1', 'a2', 'a3', 'b1', 'b2']);
});

describe('work with weights', () => {
  /** Adds work of a weight, which is the number in its name. */
  const addHeavy = (names: string): Promise<string>[] =>
    names.split(' ').map((name) =>
      queue.run(
        () =>
          new Promise<string>((resolve) => {
            started.push(name);
            ends.push(() => resolve(name));
          }),
        undefined,
        Number(name.slice(1)),
      ),
    );

  beforeEach(() => void (queue = createWorkQueue({ capacity: 10, maxWaitMs })));

  it('is started in order, as much as the capacity allows', async () => {
    const all = addHeavy('a4 b5 c3 d1 e9 f1');
    expect(started).toEqual(['a4', 'b5']);
    await endNext(1);
    expect(started).toEqual(['a4', 'b5', 'c3', 'd1']);
    await endNext(3);
    expect(started).toEqual(['a4', 'b5', 'c3', 'd1', 'e9', 'f1']);
    await endNext(2);
    await Promise.all(all);
  });

  it('that is heavier than the capacity is executed alone', async () => {
    const all = addHeavy('a1 b99 c1');
    expect(started).toEqual(['a1']);
    await endNext(1);
    expect(started).toEqual(['a1', 'b99']);
    await endNext(1);
    expect(started).toEqual(['a1', 'b99', 'c1']);
    await endNext(1);
    await Promise.all(all);
  });

  it('that waits too long lets the work behind it start', async () => {
    const [first, late] = addHeavy('a5 b9');
    const refused = expect(late).rejects.toThrow('overloaded');
    jest.advanceTimersByTime(maxWaitMs - 1);
    const [behind] = addHeavy('c5');
    expect(started).toEqual(['a5']);
    jest.advanceTimersByTime(1);
    await refused;
    expect(started).toEqual(['a5', 'c5']);
    await endNext(2);
    expect(await Promise.all([first, behind])).toEqual(['a5', 'c5']);
  });

  it('may end elsewhere, once', async () => {
    const end = await queue.enter(undefined, 10);
    const next = queue.enter(undefined, 10);
    expect(queue.isBusy()).toBe(true);
    end();
    end();
    await next;
    const [last] = addHeavy('a1');
    expect([started, queue.isBusy()]).toEqual([[], true]);
    (await next)();
    await new Promise(setImmediate);
    await endNext(1);
    expect(await last).toBe('a1');
  });
});
