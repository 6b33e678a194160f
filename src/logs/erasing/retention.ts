import { createEraser } from './eraser';
import type { Instant } from '../model/instant';
import type { LogEntryRepository } from '../log-entry-repository';

const everyMs = 60_000;
/** Keys that go in one commit. */
const keysAtOnce = 500;
const microsPerDay = 86_400_000_000n;

export interface RetentionOptions {
  readonly repository: LogEntryRepository;
  /** After how many days entries go, by their time; undefined: never. */
  readonly retentionDays: number | undefined;
  /** After how many days the keys of sessions are forgotten. */
  readonly idempotencyKeyDays: number;
  readonly now: () => Instant;
  /** Everything that was due has been done. */
  readonly onDone: (expiredCount: number) => void;
  /** Something was not done; there will be another try. */
  readonly onTrouble: (error: unknown) => void;
}

export interface Retention {
  /** Does what is due, and settles when that is done. */
  run(): Promise<void>;
  /** Settles when nothing is under way any more. */
  stop(): Promise<void>;
}

/** Lets go what is too old, every minute, in small steps. */
export function startRetention(options: RetentionOptions): Retention {
  const { repository, retentionDays, idempotencyKeyDays, now, onDone, onTrouble } = options;
  const eraser = createEraser(repository);
  let isStopped = false;
  let running: Promise<void> | undefined;

  const daysAgo = (days: number): Instant => now() - BigInt(days) * microsPerDay;

  async function expire(days: number): Promise<number> {
    const endTime = await repository.dropExpired(daysAgo(days));
    return eraser.erase(eraser.sessionsOf({ endTime }), endTime, () => isStopped);
  }

  async function work(): Promise<void> {
    try {
      const before = daysAgo(idempotencyKeyDays);
      while (
        !isStopped &&
        (await repository.deleteIdempotencyKeys(before, keysAtOnce)) === keysAtOnce
      );
      if (isStopped) return;
      onDone(retentionDays === undefined ? 0 : await expire(retentionDays));
    } catch (error) {
      if (!isStopped) onTrouble(error);
    }
  }

  const run = (): Promise<void> => {
    running ??= work().finally(() => (running = undefined));
    return running;
  };
  void run();
  const timer = setInterval(() => void run(), everyMs);

  return {
    run,
    stop: async () => {
      isStopped = true;
      clearInterval(timer);
      await running;
    },
  };
}
