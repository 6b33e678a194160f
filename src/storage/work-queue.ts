import { ServiceUnavailableError } from '../logs/model/errors';
import type { QueryContext } from '../logs/model/read-context';

/** Lets a few pieces of work go on at a time; the others wait for their turn. */
export interface WorkQueue {
  /** @throws {ServiceUnavailableError} when its turn does not come in time */
  run<Result>(work: () => Promise<Result>): Promise<Result>;
}

/** For a database that is ended and does not notice at once, on a machine that is busy. */
const graceMs = 1_000;

/** Executes a scan of somebody's in its turn. */
export type ScanQueue = <Result>(
  asker: QueryContext,
  work: () => Promise<Result>,
) => Promise<Result>;

/**
 * A lane for scans, each of which may take as long as `queryTimeoutMs`. They wait more than twice as long, so that one that waits
 * behind another of its request is not told that the database is busy before that one is told that it takes too long.
 * @param most scans at a time
 */
export function createScanQueue(most: number, queryTimeoutMs: number): ScanQueue {
  const lane = createWorkQueue(most, 2 * queryTimeoutMs + graceMs);
  return (asker, work) =>
    lane.run(async () => {
      // When the one before has failed, the answer is sent first: it may be the same request's, which then wants no more.
      await new Promise(setImmediate);
      asker.check?.();
      return work();
    });
}

/**
 * @param most pieces of work at a time
 * @param maxWaitMs how long one waits, in milliseconds
 */
export function createWorkQueue(most: number, maxWaitMs: number): WorkQueue {
  let free = most;
  let waiting: (() => void)[] = [];

  async function enter(): Promise<void> {
    if (free > 0) {
      free--;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const go = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        waiting = waiting.filter((other) => other !== go);
        const message = 'The database has too much to do now. Try again later.';
        reject(new ServiceUnavailableError(message));
      }, maxWaitMs);
      waiting.push(go);
    });
  }

  function leave(): void {
    const next = waiting.shift();
    if (next) next();
    else free++;
  }

  return {
    async run(work) {
      await enter();
      try {
        return await work();
      } finally {
        leave();
      }
    },
  };
}
