import type { createDeletion } from './deletion';
import { createEraser } from './eraser';
import { microsPerDay, type Instant } from '../model/instant';
import type { LogEntryRepository } from '../log-entry-repository';

const intervalMs = 60_000;
const maxClockJumpMs = 86_400_000;
/** Deletions on request are resumed this long after they were asked for; at start, all are. */
const resumeAfter: Instant = 60_000_000n;
/** Idempotency keys deleted in one commit. */
const keysPerCommit = 500;

type Deletion = ReturnType<typeof createDeletion>;

/** Options of {@link startRetention}. */
export interface RetentionOptions {
  readonly repository: LogEntryRepository;
  /** Resumes deletions on request that did not complete, and forgets those that did long ago. */
  readonly deletion: Pick<Deletion, 'resume' | 'forget'>;
  /** Maximum age of entries in days, by their `time`. Undefined: entries never expire. */
  readonly retentionDays: number | undefined;
  /** Maximum age of idempotency keys in days. */
  readonly idempotencyKeyDays: number;
  /** The wall clock. */
  readonly now: () => Instant;
  /** Called when a run ends that erased entries, even if it failed. */
  readonly onErased: (count: number) => void;
  /** Called when a run has deleted everything that had expired. */
  readonly onComplete: () => void;
  /** Called when a run fails. The next run retries. */
  readonly onError: (error: unknown) => void;
  /** Called when a clock is wrong by more than a day. No further run starts until the server is restarted. */
  readonly onWrongClock: (reason: string) => void;
}

/**
 * Deletes expired entries and idempotency keys in batches, and completes deletions that did not complete, once a minute.
 */
export function startRetention(options: RetentionOptions) {
  const { repository, deletion, retentionDays, idempotencyKeyDays, now } = options;
  const eraser = createEraser(repository);
  let isStopped = false;
  const isCancelled = (): boolean => isStopped;
  let isFirstRun = true;
  let forgottenAt: Instant | undefined;
  let currentRun: Promise<void> | undefined;
  let offsetMs = offsetOf(now());

  /** The wall clock minus the monotonic clock: changes if the wall clock is set, or the machine sleeps. */
  function offsetOf(time: Instant): number {
    return Number(time / 1_000n) - performance.now();
  }

  /** Why a time may be wrong by more than a day; undefined if it is right. */
  async function findFault(time: Instant): Promise<string | undefined> {
    const previousMs = offsetMs;
    offsetMs = offsetOf(time);
    if (Math.abs(offsetMs - previousMs) > maxClockJumpMs) return 'the clock of this machine jumped';
    const differenceMs = Number((time - ((await repository.now?.()) ?? time)) / 1_000n);
    if (Math.abs(differenceMs) <= maxClockJumpMs) return undefined;
    return 'the clocks of this machine and of the database differ';
  }

  async function deleteExpiredKeys(before: Instant): Promise<void> {
    let deletedCount = keysPerCommit;
    while (deletedCount === keysPerCommit && !isStopped) {
      deletedCount = await repository.deleteIdempotencyKeys(before, keysPerCommit);
    }
  }

  async function deleteExpired(time: Instant): Promise<void> {
    await deleteExpiredKeys(daysBefore(time, idempotencyKeyDays));
    if (retentionDays === undefined || isStopped) return;
    let expiredCount = 0;
    try {
      const endTime = await repository.dropExpired(daysBefore(time, retentionDays));
      const onErased = (count: number): void => void (expiredCount += count);
      await eraser.erase(eraser.findSessions({ endTime }), { onErased, endTime, isCancelled });
    } finally {
      if (expiredCount > 0) options.onErased(expiredCount);
    }
  }

  /** Forgets once a day: on SQLite, what is forgotten is searched for in the whole file. */
  async function tendDeletions(time: Instant): Promise<void> {
    await deletion.resume(isFirstRun ? time : time - resumeAfter, isCancelled);
    isFirstRun = false;
    if (isStopped || (forgottenAt !== undefined && time - forgottenAt < microsPerDay)) return;
    await deletion.forget(time, isCancelled);
    forgottenAt = time;
  }

  /** @returns whether the work was done */
  async function attempt(work: () => Promise<void>): Promise<boolean> {
    try {
      if (!isStopped) await work();
      return true;
    } catch (error) {
      if (!isStopped) options.onError(error);
      return false;
    }
  }

  async function runOnce(): Promise<void> {
    const time = now();
    const isTimeRight = await attempt(async () => {
      const fault = await findFault(time);
      if (fault === undefined || isStopped) return;
      isStopped = true;
      clearInterval(timer);
      options.onWrongClock(`${fault} by more than a day`);
    });
    if (!isTimeRight) return;
    const areDone = [await attempt(() => deleteExpired(time)), await attempt(() => tendDeletions(time))];
    if (!isStopped && !areDone.includes(false)) options.onComplete();
  }

  const run = (): Promise<void> => (currentRun ??= runOnce().finally(() => (currentRun = undefined)));
  const timer = setInterval(() => void run(), intervalMs);
  void run();

  return {
    /** Deletes what has expired. During a run, returns the promise of that run. */
    run,
    /** Starts no further run, and settles when the current one has ended. */
    async stop(): Promise<void> {
      isStopped = true;
      clearInterval(timer);
      await currentRun;
    },
  };
}

const daysBefore = (time: Instant, days: number): Instant => time - BigInt(days) * microsPerDay;
