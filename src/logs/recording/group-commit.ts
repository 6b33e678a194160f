import { LogManagerError, ServiceUnavailableError, DatabaseBusyError } from '../model/errors';
import type { Instant } from '../model/instant';
import type { EncodedSession, LogEntryRepository, Receipt } from '../log-entry-repository';

export interface GroupCommitOptions {
  readonly insertSessions: LogEntryRepository['insertSessions'];
  readonly now: () => Instant;
  /** Most commits under way at a time. */
  readonly maxCommits: number;
  /** Most entries in one commit, unless one session alone has more. */
  readonly maxBatchEntries: number;
  /** Most characters of JSON in one commit, unless one session alone has more. */
  readonly maxBatchLength: number;
  /** Most characters of JSON that wait or are being written; more is refused. */
  readonly maxPendingLength: number;
  /** How long a session may wait for its commit to begin, in milliseconds, before it is refused; see {@link LogEntryRepository}. */
  readonly maxWaitMs: number;
  readonly onCommit: (commit: Commit) => void;
}

/** One commit that succeeded. */
export interface Commit {
  readonly sessionCount: number;
  /** Of these, how many had been recorded before, and added nothing. */
  readonly replayedCount: number;
  readonly entryCount: number;
  readonly durationMs: number;
}

export interface GroupCommit {
  /**
   * Settles after the commit that holds the session.
   * @throws {ServiceUnavailableError} when too much is waiting already, or the store cannot take it in time
   * @throws {Error} of the store's `insert`
   */
  add(session: EncodedSession): Promise<Receipt>;
  /** Settles when nothing waits any more. */
  drain(): Promise<void>;
}

interface Waiter {
  readonly session: EncodedSession;
  readonly since: number;
  readonly resolve: (receipt: Receipt) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Takes sessions that arrive while commits are under way into the next one, first come first served.
 * A disk syncs a few thousand times a second at best, so sharing a commit is what makes small sessions fast;
 * nobody waits for company: with no commit under way one starts at once.
 * While somebody else holds the store's lock, the next commit is tried again and again, and each session waits until its
 * own time is up: one that came late is not refused with those that have waited long.
 */
export function createGroupCommit(options: GroupCommitOptions): GroupCommit {
  const { maxCommits, maxBatchEntries, maxBatchLength, maxPendingLength, onCommit } = options;
  let queue: Waiter[] = [];
  let pendingLength = 0;
  let isScheduled = false;
  /** How the last try ended, if the store was busy. */
  let busy: { readonly error: DatabaseBusyError; readonly durationMs: number } | undefined;
  const underWay = new Set<Promise<void>>();

  /** One turn of the event loop lets the requests that arrived together into the first commit together. */
  function schedule(): void {
    if (isScheduled || underWay.size >= maxCommits) return;
    isScheduled = true;
    setImmediate(() => {
      isScheduled = false;
      start();
    });
  }

  function start(): void {
    refuseLate();
    if (queue.length === 0) return;
    const committed = commit(takeBatch()).then((again) => {
      queue = [...again, ...queue];
      underWay.delete(committed);
      start();
    });
    underWay.add(committed);
    if (queue.length > 0) schedule();
  }

  /**
   * Behind commits that hang, nobody hangs for as long as all of them together. While the store is busy, the next try is
   * expected to take as long as the last one.
   */
  function refuseLate(): void {
    const end = performance.now() + (busy?.durationMs ?? 0);
    const inTime = queue.findIndex(({ since }) => end - since <= options.maxWaitMs);
    const late = inTime < 0 ? queue : queue.slice(0, inTime);
    queue = queue.slice(late.length);
    for (const { session, reject } of late) {
      settle(session);
      reject(
        busy?.error ??
          new ServiceUnavailableError('The database is too slow now. Try again later.'),
      );
    }
  }

  function takeBatch(): Waiter[] {
    let entryCount = 0;
    let length = 0;
    let end = 0;
    const keys = new Set<string>();
    for (const { session } of queue) {
      // The second one is answered with what the first one has recorded.
      if (session.idempotency && keys.size === keys.add(session.idempotency.key).size) break;
      entryCount += session.entryCount;
      length += session.json.length;
      if (end > 0 && (entryCount > maxBatchEntries || length > maxBatchLength)) break;
      end++;
    }
    const batch = queue.slice(0, end);
    queue = queue.slice(end);
    return batch;
  }

  /** @returns those that are to be tried again */
  async function commit(batch: readonly Waiter[]): Promise<readonly Waiter[]> {
    const startedAt = performance.now();
    const receivedAt = options.now();
    try {
      const sessions = batch.map(({ session }) => session);
      const receipts = await options.insertSessions(sessions, receivedAt);
      busy = undefined;
      let entryCount = 0;
      let replayedCount = 0;
      for (const [at, { session, resolve }] of batch.entries()) {
        const receipt = receipts[at]!;
        settle(session);
        resolve(receipt);
        if (receipt.recordedDigest === undefined) entryCount += session.entryCount;
        else replayedCount++;
      }
      const durationMs = performance.now() - startedAt;
      onCommit({ sessionCount: batch.length, replayedCount, entryCount, durationMs });
      return [];
    } catch (error) {
      busy =
        error instanceof DatabaseBusyError
          ? { error, durationMs: performance.now() - startedAt }
          : undefined;
      if (busy) return batch;
      // What the store refuses as such it refuses for all; anything else may be the fault of one session.
      if (batch.length === 1 || error instanceof LogManagerError) {
        for (const { session, reject } of batch) {
          settle(session);
          reject(error);
        }
        return [];
      }
      const middle = batch.length >> 1;
      const rest = batch.slice(middle);
      const again = await commit(batch.slice(0, middle));
      return again.length > 0 ? [...again, ...rest] : commit(rest);
    }
  }

  function settle(session: EncodedSession): void {
    pendingLength -= session.json.length;
  }

  return {
    add: (session) => {
      if (pendingLength > 0 && pendingLength + session.json.length > maxPendingLength) {
        const message = 'Too many sessions are waiting to be stored. Try again later.';
        return Promise.reject(new ServiceUnavailableError(message));
      }
      pendingLength += session.json.length;
      return new Promise((resolve, reject) => {
        queue.push({ session, since: performance.now(), resolve, reject });
        schedule();
      });
    },
    drain: async () => {
      while (isScheduled || underWay.size > 0) {
        await (underWay.size > 0 ? Promise.race(underWay) : new Promise(setImmediate));
      }
    },
  };
}
