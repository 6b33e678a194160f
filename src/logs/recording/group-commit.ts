import {
  DatabaseBusyError,
  LogManagerError,
  OutcomeUnknownError,
  ServiceUnavailableError,
} from '../model/errors';
import type { Instant } from '../model/instant';
import type { EncodedSession, LogEntryRepository, Receipt } from '../log-entry-repository';

export interface GroupCommitOptions extends Pick<LogEntryRepository, 'insertSessions' | 'maxWaitMs'> {
  readonly now: () => Instant;
  /** Maximum number of commits in progress. */
  readonly maxCommits: number;
  /** Maximum number of entries in a commit; a larger session is a commit of its own. */
  readonly maxBatchEntries: number;
  /** Maximum number of JSON characters in a commit; a larger session is a commit of its own. */
  readonly maxBatchLength: number;
  /** Maximum number of JSON characters queued or being written; above it, sessions are refused. */
  readonly maxPendingLength: number;
  /** Called after each commit, when its sessions are answered. */
  readonly onCommit: (commit: Commit) => void;
  /** Called with bugs: an error that `onCommit` throws, and a wrong number of receipts. */
  readonly onBug: (error: unknown) => void;
}

/** A commit that succeeded. */
export interface Commit {
  readonly sessionCount: number;
  /** How many of these sessions had been recorded before, and added nothing. */
  readonly replayedCount: number;
  readonly entryCount: number;
  readonly durationMs: number;
}

const tooSlow = 'The database is overloaded: the session waited too long. Try again later.';

/** A queued session. */
interface QueuedSession {
  readonly session: EncodedSession;
  /** When it was queued, in milliseconds of `performance.now()`. */
  readonly since: number;
  readonly resolve: (receipt: Receipt) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Sessions that arrive while commits are in progress share the next commit, in the order of arrival. A disk
 * syncs a few thousand times a second at best, so sharing makes small sessions fast. With no commit in
 * progress, one starts at once.
 *
 * While another process holds the database lock, the next commit is retried, and each session waits up to its
 * own `maxWaitMs`: a session that came late is not refused together with those that have waited long.
 */
export function createGroupCommit(options: GroupCommitOptions) {
  const { maxCommits, maxBatchEntries, maxBatchLength, maxPendingLength, maxWaitMs, onCommit, onBug } =
    options;
  let queue: QueuedSession[] = [];
  let pendingLength = 0;
  let isScheduled = false;
  /** Set while the database is locked: the error and the duration of the last attempt. */
  let busy: { readonly error: DatabaseBusyError; readonly durationMs: number } | undefined;
  const inProgress = new Set<Promise<void>>();

  /** Waits for one turn of the event loop, so that requests that arrived together share the first commit. */
  function schedule(): void {
    if (isScheduled || inProgress.size >= maxCommits) return;
    isScheduled = true;
    setImmediate(() => {
      isScheduled = false;
      start();
    });
  }

  function start(): void {
    refuseLate();
    if (queue.length === 0) return;
    const committed = commit(takeBatch()).then((retried) => {
      queue = [...retried, ...queue];
      inProgress.delete(committed);
      start();
    });
    inProgress.add(committed);
    if (queue.length > 0) schedule();
  }

  /**
   * Refuses sessions that have waited for `maxWaitMs`. While the database is locked, the next attempt is
   * expected to take as long as the last one, and sessions whose time would be up by then are refused now.
   */
  function refuseLate(): void {
    const end = performance.now() + (busy?.durationMs ?? 0);
    const inTime = queue.findIndex(({ since }) => end - since <= maxWaitMs);
    const late = queue.splice(0, inTime < 0 ? queue.length : inTime);
    if (late.length === 0) return;
    rejectAll(late, busy?.error ?? new ServiceUnavailableError(tooSlow));
  }

  function takeBatch(): QueuedSession[] {
    let entryCount = 0;
    let length = 0;
    const keys = new Set<string>();
    const end = queue.findIndex(({ session }, at) => {
      const { idempotency } = session;
      // The second session of a key belongs to the next commit, which finds what the first one recorded.
      if (idempotency && keys.has(idempotency.key)) return true;
      if (idempotency) keys.add(idempotency.key);
      entryCount += session.entryCount;
      length += session.json.length;
      return at > 0 && (entryCount > maxBatchEntries || length > maxBatchLength);
    });
    return queue.splice(0, end < 0 ? queue.length : end);
  }

  /**
   * Commits a batch. The halves of a part that fails are tried after the other parts, so that few sessions
   * wait for one that is locked.
   * @returns the sessions to retry
   */
  async function commit(batch: readonly QueuedSession[]): Promise<readonly QueuedSession[]> {
    const parts = [batch];
    let failure: { readonly error: unknown; readonly durationMs: number } | undefined;
    for (const [at, part] of parts.entries()) {
      const startedAt = performance.now();
      if (failure && startedAt + failure.durationMs - part[0]!.since > maxWaitMs) {
        rejectAll(part, new ServiceUnavailableError(tooSlow, { cause: failure.error }));
        continue;
      }
      const sessions = part.map(({ session }) => session);
      let receipts: readonly Receipt[];
      // Only the insert is in `try`: after it, the sessions are stored and must not be inserted again.
      try {
        receipts = await options.insertSessions(sessions, options.now(), at > 0);
      } catch (error) {
        const durationMs = performance.now() - startedAt;
        failure = { error, durationMs };
        busy = error instanceof DatabaseBusyError ? { error, durationMs } : undefined;
        if (busy) return parts.slice(at).flat();
        // A LogManagerError concerns every session; any other error may be caused by one of them.
        if (part.length === 1 || error instanceof LogManagerError) rejectAll(part, error);
        else parts.push(part.slice(0, part.length >> 1), part.slice(part.length >> 1));
        continue;
      }
      busy = undefined;
      resolveAll(part, receipts, performance.now() - startedAt);
    }
    return [];
  }

  function resolveAll(
    batch: readonly QueuedSession[],
    receipts: readonly Receipt[],
    durationMs: number,
  ): void {
    if (receipts.length !== batch.length) {
      const message = `The repository returned ${receipts.length} receipts for ${batch.length} sessions`;
      const error = new OutcomeUnknownError({ cause: new Error(message) });
      rejectAll(batch, error);
      onBug(error);
      return;
    }
    let entryCount = 0;
    let replayedCount = 0;
    for (const [at, { session, resolve }] of batch.entries()) {
      const receipt = receipts[at]!;
      pendingLength -= session.json.length;
      resolve(receipt);
      if (receipt.recordedDigest === undefined) entryCount += session.entryCount;
      else replayedCount++;
    }
    try {
      onCommit({ sessionCount: batch.length, replayedCount, entryCount, durationMs });
    } catch (error) {
      onBug(error);
    }
  }

  function rejectAll(batch: readonly QueuedSession[], error: unknown): void {
    for (const { session, reject } of batch) {
      pendingLength -= session.json.length;
      reject(error);
    }
  }

  return {
    /**
     * Settles after the commit that holds the session.
     * @throws {ServiceUnavailableError} if the queue is full, or the commit does not start within `maxWaitMs`
     * @throws {OutcomeUnknownError} if the session may be stored, or not
     * @throws {Error} of `insertSessions`
     */
    add(session: EncodedSession): Promise<Receipt> {
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

    /** Settles when the queue is empty and no commit is in progress. */
    async drain(): Promise<void> {
      while (isScheduled || inProgress.size > 0) {
        await (inProgress.size > 0 ? Promise.race(inProgress) : new Promise(setImmediate));
      }
    },
  };
}
