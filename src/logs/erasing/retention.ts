import { createEraser } from './eraser';
import { microsPerDay, type Instant } from '../model/instant';
import type { LogEntryRepository } from '../log-entry-repository';

const intervalMs = 60_000;
const maxClockJumpMs = 86_400_000;
/** Idempotency keys deleted in one commit. */
const keysPerCommit = 500;

/** Options of {@link startRetention}. */
export interface RetentionOptions {
  readonly repository: LogEntryRepository;
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

/** Deletes expired entries and idempotency keys in batches, once a minute. */
export function startRetention(options: RetentionOptions) {
  const { repository, retentionDays, idempotencyKeyDays, now } = options;
  const eraser = createEraser(repository);
  let isStopped = false;
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

  async function deleteExpired(): Promise<void> {
    let expiredCount = 0;
    try {
      const time = now();
      const fault = await findFault(time);
      if (fault !== undefined && !isStopped) {
        isStopped = true;
        clearInterval(timer);
        options.onWrongClock(`${fault} by more than a day`);
      }
      const daysAgo = (days: number): Instant => time - BigInt(days) * microsPerDay;
      await deleteExpiredKeys(daysAgo(idempotencyKeyDays));
      if (retentionDays !== undefined && !isStopped) {
        const endTime = await repository.dropExpired(daysAgo(retentionDays));
        await eraser.erase(eraser.findSessions({ endTime }), {
          onErased: (count) => (expiredCount += count),
          endTime,
          isCancelled: () => isStopped,
        });
      }
      if (!isStopped) options.onComplete();
    } catch (error) {
      if (!isStopped) options.onError(error);
    } finally {
      if (expiredCount > 0) options.onErased(expiredCount);
    }
  }

  const run = (): Promise<void> => (currentRun ??= deleteExpired().finally(() => (currentRun = undefined)));
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
