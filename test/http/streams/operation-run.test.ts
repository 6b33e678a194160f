import { describe, expect, it } from '@jest/globals';
import type { Answer } from '../../../src/graphql/execution/execute';
import type { Message, Subscription } from '../../../src/graphql/execution/subscribe';
import { runOperation } from '../../../src/http/streams/operation-run';
import { createTurns } from '../../../src/http/streams/turns';

const answer: Answer = { status: 200, result: { data: {} } };
const message: Message = { result: { data: {} }, cursor: 'c', isLast: false };
const last: Message = { result: { errors: [{ message: 'too slow' }] }, cursor: 'c', isLast: true };

/** A subscription of these messages; `end` is called by the server. */
function createSubscription(messages: Message[]) {
  let end!: () => void;
  let isReturned = false;
  const subscription: Subscription = {
    ended: new Promise((resolve) => (end = resolve)),
    next: async () => {
      const value = messages.shift();
      return value ? { done: false, value } : { done: true, value: undefined };
    },
    return: async () => {
      isReturned = true;
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]: () => subscription,
  };
  return { subscription, end: () => end(), isReturned: () => isReturned };
}

function createRunner() {
  const takeTurn = createTurns();
  const log: string[] = [];
  const run = (name: string, start: () => Promise<Answer | Subscription>) =>
    runOperation({
      takeTurn,
      start: async () => {
        log.push(`${name} starts`);
        return start();
      },
      onStarted: () => log.push(`${name} started`),
      onEnded: () => {
        log.push(`${name} is to be cut`);
        return () => log.push(`${name} is not to be cut`);
      },
    });
  return { run, log };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('operations of a WebSocket', () => {
  it('start when the answer before is sent', async () => {
    const { run, log } = createRunner();
    const [first, second] = [run('a', async () => answer), run('b', async () => answer)];
    const results = [first.next(), second.next()];
    await turn();
    expect(log).toEqual(['a starts', 'a started']);
    expect((await results[0])?.value?.isOfSubscription).toBe(false);
    // graphql-ws pulls again when it has sent the result.
    expect((await first.next()).done).toBe(true);
    await results[1];
    expect(log).toEqual(['a starts', 'a started', 'b starts', 'b started']);
  });

  it('do not start when the client has completed them before their turn', async () => {
    const { run, log } = createRunner();
    const [first, second, third] = ['a', 'b', 'c'].map((name) => run(name, async () => answer));
    const results = [first!.next(), second!.next(), third!.next()];
    await second!.return!();
    await results[0];
    await first!.return!();
    expect((await results[1])?.done).toBe(true);
    expect((await results[2])?.done).toBe(false);
    expect(log).not.toContain('b starts');
    expect(log).toContain('b started');
  });

  it('keep their turn while they execute, though the client has completed them', async () => {
    const { run, log } = createRunner();
    let finish!: (value: Answer) => void;
    const first = run('a', () => new Promise((resolve) => (finish = resolve)));
    const second = run('b', async () => answer);
    const results = [first.next(), second.next()];
    await turn();
    await first.return!();
    await turn();
    expect(log).toEqual(['a starts']);
    finish(answer);
    await results[1];
    expect(log.at(-1)).toBe('b started');
  });

  it('that fail let the next one start', async () => {
    const { run } = createRunner();
    const failed = run('a', async () => ({ status: 400, result: { errors: [{ message: 'no' }] } }));
    const next = run('b', async () => answer);
    await expect(failed.next()).rejects.toMatchObject({ errors: [{ message: 'no' }] });
    expect((await next.next()).done).toBe(false);
  });
});

describe('a subscription of a WebSocket', () => {
  it('has no turn once it has started', async () => {
    const { run } = createRunner();
    const feed = run('a', async () => createSubscription([message, message]).subscription);
    expect((await feed.next()).value?.isOfSubscription).toBe(true);
    expect((await run('b', async () => answer).next()).done).toBe(false);
    expect((await feed.next()).done).toBe(false);
  });

  it('is cut if it has ended and its last message is not pulled', async () => {
    const { run, log } = createRunner();
    const { subscription, end } = createSubscription([message, last]);
    const feed = run('a', async () => subscription);
    await feed.next();
    end();
    await turn();
    expect(log.at(-1)).toBe('a is to be cut');
    await expect(feed.next()).rejects.toMatchObject({ errors: [{ message: 'too slow' }] });
    expect(log.at(-1)).toBe('a is not to be cut');
  });

  it('is ended when its client completes it while it starts', async () => {
    const { run } = createRunner();
    const { subscription, isReturned } = createSubscription([message]);
    let finish!: (value: Subscription) => void;
    const feed = run('a', () => new Promise((resolve) => (finish = resolve)));
    const result = feed.next();
    await turn();
    await feed.return!();
    finish(subscription);
    expect((await result).done).toBe(true);
    expect(isReturned()).toBe(true);
  });
});
