import { createEraser } from './eraser';
import type { Instant } from '../model/instant';
import type { LogEntryRepository } from '../log-entry-repository';

const intervalMs = 60_000;
/** Idempotency keys deleted in one commit. */
const keysPerCommit = 500;
const microsPerDay = 86_400_000_000n;

/** Options of {@link startRetention}. */
export interface RetentionOptions {
  readonly repository: LogEntryRepository;
  /** Maximum age of entries in days, by their `time`. Undefined: entries never expire. */
  readonly retentionDays: number | undefined;
  /** Maximum age of idempotency keys in days. */
  readonly idempotencyKeyDays: number;
  readonly now: () => Instant;
  /** Called when a run has deleted everything that had expired. */
  readonly onComplete: (expiredCount: number) => void;
  /** Called when a run fails. The next run retries. */
  readonly onError: (error: unknown) => void;
}

/** Deletes expired entries and idempotency keys in batches, once a minute. */
export function startRetention({
  repository,
  retentionDays,
  idempotencyKeyDays,
  now,
  onComplete,
  onError,
}: RetentionOptions) {
  const eraser = createEraser(repository);
  let isStopped = false;
  let currentRun: Promise<void> | undefined;

  const daysAgo = (days: number): Instant => now() - BigInt(days) * microsPerDay;

  async function deleteExpiredKeys(): Promise<void> {
    const before = daysAgo(idempotencyKeyDays);
    let deletedCount = keysPerCommit;
    while (deletedCount === keysPerCommit && !isStopped) {
      deletedCount = await repository.deleteIdempotencyKeys(before, keysPerCommit);
    }
  }

  async function eraseExpiredEntries(days: number): Promise<number> {
    const endTime = await repository.dropExpired(daysAgo(days));
    return eraser.erase(eraser.findSessions({ endTime }), endTime, () => isStopped);
  }

  async function deleteExpired(): Promise<void> {
    try {
      await deleteExpiredKeys();
      if (isStopped) return;
      onComplete(retentionDays === undefined ? 0 : await eraseExpiredEntries(retentionDays));
    } catch (error) {
      if (!isStopped) onError(error);
    }
  }

  const run = (): Promise<void> => (currentRun ??= deleteExpired().finally(() => (currentRun = undefined)));
  void run();
  const timer = setInterval(() => void run(), intervalMs);

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
