import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { follow, silentMs, type Connection, type Sink } from '../../console/src/live/live-connection';

/** A server whose subscriptions the test answers. */
function start() {
  const attempts: { after: string | undefined; sink: Sink; ends: string[] }[] = [];
  const states: Connection[] = [];
  const received: string[] = [];
  const follower = follow({
    subscribe(after, sink) {
      const attempt = { after, sink, ends: [] as string[] };
      attempts.push(attempt);
      return (how) => attempt.ends.push(how);
    },
    onChanges: ({ entries }) => received.push(...entries.map(({ id }) => id)),
    onConnection: (connection) => states.push(connection),
    random: () => 1,
  });
  return {
    follower,
    attempts,
    received,
    last: () => attempts.at(-1)!,
    state: () => states.at(-1)!,
    send(cursor: string, ...ids: string[]) {
      const time = '2026-01-01T00:00:00.000Z';
      const rest = { time, type: 'A', properties: {}, userId: 'u', sessionId: 's', receivedAt: time };
      const entries = ids.map((id) => ({ id, ...rest }));
      attempts.at(-1)!.sink.next({ entries, erasures: [], cursor, hasMore: false });
    },
  };
}

const errors = (code: string, extensions: object = {}) => [
  { message: 'x', extensions: { code, retryable: false, ...extensions } },
];

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

describe('following the feed', () => {
  it.each([
    ['SUBSCRIBER_TOO_SLOW', errors('SUBSCRIBER_TOO_SLOW', { retryable: true })],
    ['the stop of the server', errors('SERVICE_UNAVAILABLE', { retryable: true })],
    ['a failure of the server', errors('INTERNAL_SERVER_ERROR')],
    ['a closed socket', { code: 1006, reason: '' }],
    ['an error of the network', new Error('x')],
  ])('goes on after the last cursor when %s ends it', (_name, reason) => {
    const feed = start();
    expect(feed.last().after).toBeUndefined();
    feed.send('c1', '1');
    feed.send('c2', '2');
    expect(feed.state()).toMatchObject({ state: 'live' });
    feed.last().sink.error(reason);
    expect(feed.state().state).toBe('reconnecting');
    jest.advanceTimersByTime(500);
    expect(feed.attempts.map(({ after }) => after)).toEqual([undefined, 'c2']);
    feed.send('c3', '3');
    expect(feed.state().state).toBe('live');
    expect(feed.received).toEqual(['1', '2', '3']);
    feed.follower.stop();
  });

  it('takes nothing from a subscription that it has given up', () => {
    const feed = start();
    feed.send('c1', '1');
    const old = feed.last();
    old.sink.complete();
    old.sink.next({ entries: [], erasures: [], cursor: 'old', hasMore: false });
    old.sink.error(new Error('twice'));
    jest.advanceTimersByTime(30_000);
    expect(feed.attempts[1]!.after).toBe('c1');
    feed.follower.stop();
  });

  it('waits longer after each failed attempt, at most 30 s, and as long as the server says', () => {
    const feed = start();
    const delays: number[] = [];
    for (let at = 0; at < 9; at += 1) {
      const [before, since] = [feed.attempts.length, Date.now()];
      feed.last().sink.error({ code: 1006 });
      while (feed.attempts.length === before) jest.advanceTimersByTime(100);
      delays.push(Date.now() - since);
    }
    expect(delays).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
    feed.send('c1');
    feed.last().sink.error(errors('SERVICE_UNAVAILABLE', { retryable: true, retryAfterMs: 5_000 }));
    jest.advanceTimersByTime(4_999);
    expect(feed.attempts).toHaveLength(10);
    jest.advanceTimersByTime(1);
    expect(feed.attempts).toHaveLength(11);
    feed.follower.stop();
  });

  it.each([
    ['FORBIDDEN', errors('FORBIDDEN'), 'FORBIDDEN'],
    [
      'a cursor of another database',
      errors('BAD_USER_INPUT', { reason: 'CURSOR_OF_ANOTHER_DATABASE' }),
      'BAD_USER_INPUT',
    ],
    ['a revoked key', { code: 4403, reason: 'The key is revoked.' }, 'UNAUTHENTICATED'],
  ])('ends for good on %s', (_name, reason, code) => {
    const feed = start();
    feed.last().sink.error(reason);
    expect(feed.state()).toMatchObject({ state: 'ended', error: { code } });
    jest.advanceTimersByTime(120_000);
    feed.follower.wake();
    expect(feed.attempts).toHaveLength(1);
  });

  it('drops a connection that is silent, as after sleep', () => {
    const feed = start();
    feed.send('c1');
    jest.advanceTimersByTime(silentMs + 5_000);
    expect(feed.attempts[0]!.ends).toEqual(['drop']);
    expect(feed.state()).toMatchObject({ state: 'reconnecting', error: { code: 'OFFLINE' } });
    jest.advanceTimersByTime(500);
    expect(feed.last().after).toBe('c1');
    feed.follower.stop();
  });

  it('tries at once when the computer wakes', () => {
    const feed = start();
    feed.send('c1');
    feed.last().sink.error({ code: 1006 });
    feed.follower.wake();
    expect(feed.attempts).toHaveLength(2);
    feed.send('c2');
    feed.follower.wake();
    expect(feed.attempts).toHaveLength(2);
    // Its timers stood still meanwhile.
    jest.setSystemTime(Date.now() + 3_600_000);
    feed.follower.wake();
    expect(feed.attempts[1]!.ends).toEqual(['drop']);
    feed.follower.stop();
  });
});
