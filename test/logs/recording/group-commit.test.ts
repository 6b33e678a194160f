import { afterEach, describe, expect, it, jest } from '@jest/globals';
import {
  DatabaseBusyError,
  OutcomeUnknownError,
  ServiceUnavailableError,
  StorageFullError,
} from '../../../src/logs/model/errors';
import { createGroupCommit, type Commit } from '../../../src/logs/recording/group-commit';
import type { EncodedSession, LogEntryRepository } from '../../../src/logs/log-entry-repository';
import { createTestServices } from '../../graphql/support/graphql';
import { openPrincipal } from '../../../src/logs/access/principal';

const session = (json: string, entryCount = 1): EncodedSession => ({ json, entryCount });

const options = {
  now: () => 7n,
  maxCommits: 1,
  maxBatchEntries: 10,
  maxBatchLength: 20,
  maxPendingLength: 40,
  maxWaitMs: 60_000,
  onCommit: () => {},
  onBug: (error: unknown) => {
    throw error;
  },
};

/** A group commit over a repository that keeps its commits, and fails where `refuse` returns an error. */
function setUp(
  refuse: (batch: readonly string[]) => Error | undefined = () => undefined,
  take: (batch: readonly string[]) => Promise<void> = () => new Promise(setImmediate),
  maxCommits = 1,
) {
  const attempts: string[][] = [];
  const commits: Commit[] = [];
  let nextId = 1;
  let underWay = 0;
  const groupCommit = createGroupCommit({
    ...options,
    maxCommits,
    insertSessions: async (sessions, receivedAt) => {
      expect(++underWay).toBeLessThanOrEqual(maxCommits);
      const batch = sessions.map(({ json }) => json);
      attempts.push(batch);
      await take(batch);
      underWay--;
      const error = refuse(batch);
      if (error) throw error;
      return sessions.map(({ entryCount }) => {
        const firstId = nextId;
        nextId += entryCount;
        return { firstId, receivedAt, recordedDigest: undefined };
      });
    },
    onCommit: (commit) => commits.push(commit),
  });
  return { groupCommit, attempts, commits };
}

/** Replaces `performance.now()` by a clock that only the returned function moves, by milliseconds. */
function stopClock(): (ms: number) => void {
  let now = 0;
  jest.spyOn(performance, 'now').mockImplementation(() => now);
  return (ms) => {
    now += ms;
  };
}

describe('group commit', () => {
  afterEach(() => void jest.restoreAllMocks());

  it('takes sessions that arrive together into one commit and tells each its first id', async () => {
    const { groupCommit, attempts, commits } = setUp();
    const receipts = await Promise.all([
      groupCommit.add(session('a', 2)),
      groupCommit.add(session('b', 3)),
      groupCommit.add(session('c')),
    ]);
    expect(attempts).toEqual([['a', 'b', 'c']]);
    expect(receipts.map(({ firstId }) => firstId)).toEqual([1, 3, 6]);
    expect(receipts[0].receivedAt).toBe(7n);
    expect(commits).toMatchObject([{ sessionCount: 3, entryCount: 6 }]);
  });

  it('has one commit under way at a time; what arrives meanwhile makes up the next', async () => {
    const { groupCommit, attempts } = setUp();
    const first = groupCommit.add(session('a'));
    await new Promise(setImmediate);
    const rest = [groupCommit.add(session('b')), groupCommit.add(session('c'))];
    await Promise.all([first, ...rest]);
    expect(attempts).toEqual([['a'], ['b', 'c']]);
  });

  it('has as many commits under way as it may, and each of them takes all that waits', async () => {
    const { groupCommit, attempts } = setUp(
      undefined,
      () => new Promise((resolve) => setTimeout(resolve, 20)),
      2,
    );
    const turn = () => new Promise(setImmediate);
    const receipts = [groupCommit.add(session('a'))];
    await turn();
    receipts.push(groupCommit.add(session('b')), groupCommit.add(session('c')));
    await turn();
    receipts.push(groupCommit.add(session('d')), groupCommit.add(session('e')));
    await turn();
    expect(attempts).toEqual([['a'], ['b', 'c']]);
    await groupCommit.drain();
    expect(attempts).toEqual([['a'], ['b', 'c'], ['d', 'e']]);
    expect((await Promise.all(receipts)).length).toBe(5);
  });

  it('refuses what has waited too long behind a commit that hangs, and takes what comes later', async () => {
    const advance = stopClock();
    let release = (): void => {};
    const hang = new Promise<void>((resolve) => (release = resolve));
    const { groupCommit, attempts } = setUp(undefined, (batch) =>
      batch.includes('hangs') ? hang : Promise.resolve(),
    );
    const hanging = groupCommit.add(session('hangs'));
    await new Promise(setImmediate);
    const late = groupCommit.add(session('late'));
    advance(60_001);
    const inTime = groupCommit.add(session('in time'));
    release();
    await expect(late).rejects.toBeInstanceOf(ServiceUnavailableError);
    await Promise.all([hanging, inTime]);
    expect(attempts).toEqual([['hangs'], ['in time']]);
    await groupCommit.drain();
    // Nothing of it counts as waiting any more.
    await expect(groupCommit.add(session('x'.repeat(40)))).resolves.toBeDefined();
  });

  it('bounds a commit in entries and in length, but takes a larger session alone', async () => {
    const { groupCommit, attempts } = setUp();
    const added = [session('a', 6), session('b', 6), session('c', 12), session('d'.repeat(21))];
    await Promise.all(added.map((one) => groupCommit.add(one)));
    expect(attempts.map((batch) => batch.length)).toEqual([1, 1, 1, 1]);
  });

  it('splits a commit that fails, so that only the guilty session does', async () => {
    const { groupCommit } = setUp((batch) => (batch.includes('bad') ? new Error('no') : undefined));
    const results = await Promise.allSettled(
      ['a', 'b', 'bad', 'c', 'd'].map((json) => groupCommit.add(session(json))),
    );
    const expected = ['fulfilled', 'fulfilled', 'rejected', 'fulfilled', 'fulfilled'];
    expect(results.map(({ status }) => status)).toEqual(expected);
  });

  it('does not split what the store refuses as such', async () => {
    const { groupCommit, attempts } = setUp(() => new ServiceUnavailableError('busy'));
    const results = await Promise.allSettled([groupCommit.add(session('a')), groupCommit.add(session('b'))]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(attempts).toEqual([['a', 'b']]);
  });

  it.each([new StorageFullError(), new ServiceUnavailableError('away')])(
    'is refused as a whole with %p, and not tried again',
    async (error) => {
      const { groupCommit, attempts } = setUp(() => error);
      const results = await Promise.allSettled(['a', 'b'].map((json) => groupCommit.add(session(json))));
      expect(results).toEqual(Array(2).fill({ status: 'rejected', reason: error }));
      expect(attempts).toEqual([['a', 'b']]);
    },
  );

  it('is tried again while the store is busy, with all that have come since behind it', async () => {
    let tries = 0;
    const { groupCommit, attempts } = setUp(() => (++tries <= 2 ? new DatabaseBusyError() : undefined));
    const first = [groupCommit.add(session('a')), groupCommit.add(session('b'))];
    await new Promise(setImmediate);
    const later = groupCommit.add(session('c'));
    const receipts = await Promise.all([...first, later]);
    expect(attempts).toEqual([
      ['a', 'b'],
      ['a', 'b', 'c'],
      ['a', 'b', 'c'],
    ]);
    expect(receipts.map(({ firstId }) => firstId)).toEqual([1, 2, 3]);
  });

  it('keeps the order when the store is busy with a part of a commit that was split', async () => {
    let isBusy = true;
    const { groupCommit, attempts } = setUp((batch) => {
      if (batch.includes('bad')) return new Error('no');
      if (!isBusy) return undefined;
      isBusy = false;
      return new DatabaseBusyError();
    });
    const results = await Promise.allSettled(
      ['a', 'b', 'bad', 'c'].map((json) => groupCommit.add(session(json))),
    );
    const statuses = results.map(({ status }) => status);
    expect(statuses).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(attempts.slice(0, 3)).toEqual([
      ['a', 'b', 'bad', 'c'],
      ['a', 'b'],
      ['a', 'b', 'bad', 'c'],
    ]);
  });

  it('refuses each session of a busy store when its own time is up, before a try that would end later', async () => {
    const advance = stopClock();
    let late: Promise<unknown> | undefined;
    let tries = 0;
    const { groupCommit, attempts } = setUp(
      () => (tries <= 2 ? new DatabaseBusyError() : undefined),
      async () => {
        if (++tries > 2) return;
        advance(25_000);
        if (tries === 2) late = groupCommit.add(session('late'));
      },
    );
    const early = groupCommit.add(session('early'));
    // It has 60 seconds, and a third try would take until 75.
    await expect(early).rejects.toBeInstanceOf(DatabaseBusyError);
    await expect(late).resolves.toMatchObject({ firstId: 1 });
    expect(attempts).toEqual([['early'], ['early'], ['late']]);
    await groupCommit.drain();
    // Nothing of it counts as waiting any more.
    await expect(groupCommit.add(session('x'.repeat(40)))).resolves.toBeDefined();
  });

  it('of a recorder has nobody beside a session of more than a megabyte, which may take too long', async () => {
    const insert = jest.fn<LogEntryRepository['insertSessions']>(async (sessions) => {
      if (sessions.some(({ json }) => json.length > 1_000_000)) {
        throw new ServiceUnavailableError('It took too long.');
      }
      return sessions.map(() => ({ firstId: 1, receivedAt: 0n, recordedDigest: undefined }));
    });
    const { recorder } = createTestServices({
      maxConcurrentInserts: 2,
      maxWaitMs: 6_000,
      insertSessions: insert,
    } as unknown as LogEntryRepository);
    const record = (count: number, text: string) => {
      const action = { time: '2026-01-01T00:00:00Z', type: 'T', properties: { text } };
      return recorder.recordSession(
        {
          userId: 'u',
          sessionId: 's',
          actions: Array<object>(count).fill(action),
        },
        openPrincipal,
      );
    };
    const results = await Promise.allSettled([
      record(1, 'a'),
      record(40, 'x'.repeat(30_000)),
      record(2, 'b'),
      record(3, 'c'),
    ]);
    const expected = ['fulfilled', 'rejected', 'fulfilled', 'fulfilled'];
    expect(results.map(({ status }) => status)).toEqual(expected);
    expect(insert.mock.calls.map(([sessions]) => sessions.length)).toEqual([1, 1, 2]);
  });

  it('refuses what would exceed the bound of what waits, and takes it again later', async () => {
    const { groupCommit } = setUp();
    const waiting = [groupCommit.add(session('a'.repeat(20))), groupCommit.add(session('b'.repeat(20)))];
    await expect(groupCommit.add(session('c'))).rejects.toBeInstanceOf(ServiceUnavailableError);
    await Promise.all(waiting);
    await expect(groupCommit.add(session('c'))).resolves.toMatchObject({ firstId: 3 });
  });

  it.each([0, 1, 3])(
    'leaves the outcome unknown when a commit of 2 sessions returns %d receipts, and inserts nothing again',
    async (count) => {
      const receipt = { firstId: 1, receivedAt: 0n, recordedDigest: undefined };
      const insertSessions = jest.fn(async () => Array.from({ length: count }, () => receipt));
      const onBug = jest.fn();
      const groupCommit = createGroupCommit({ ...options, insertSessions, onBug });
      const results = await Promise.allSettled(['a', 'b'].map((json) => groupCommit.add(session(json))));
      for (const result of results) {
        const { reason } = result as PromiseRejectedResult;
        expect(reason).toBeInstanceOf(OutcomeUnknownError);
        expect(String((reason as Error).cause)).toContain(`${count} receipts for 2 sessions`);
      }
      await groupCommit.drain();
      expect(insertSessions).toHaveBeenCalledTimes(1);
      expect(onBug).toHaveBeenCalledTimes(1);
    },
  );

  it('neither inserts again nor stops when the observer of commits throws', async () => {
    const onBug = jest.fn();
    const insertSessions = jest.fn<LogEntryRepository['insertSessions']>(async (sessions) =>
      sessions.map(() => ({ firstId: 1, receivedAt: 0n, recordedDigest: undefined })),
    );
    const groupCommit = createGroupCommit({
      ...options,
      insertSessions,
      onCommit: () => {
        throw new Error('observer');
      },
      onBug,
    });
    await Promise.all([groupCommit.add(session('a')), groupCommit.add(session('b'))]);
    await groupCommit.add(session('c'));
    await groupCommit.drain();
    expect(insertSessions.mock.calls.map(([sessions]) => sessions.length)).toEqual([2, 1]);
    expect(onBug.mock.calls).toMatchObject(Array(2).fill([{ message: 'observer' }]));
  });

  it('drains: settles when everything that was taken is committed', async () => {
    const { groupCommit, commits } = setUp();
    const added = ['a', 'b', 'c'].map((json) => groupCommit.add(session(json)));
    await groupCommit.drain();
    expect(commits).toHaveLength(1);
    await Promise.all(added);
  });
});
