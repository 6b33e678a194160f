import { ServiceUnavailableError } from '../logs/model/errors';
import type { QueryContext } from '../logs/model/read-context';

/** Executes a few pieces of work at a time; the others wait for their turn. */
export interface WorkQueue {
  /** @throws {ServiceUnavailableError} if its turn does not come in time */
  run<Result>(work: () => Promise<Result>): Promise<Result>;
}

/**
 * Milliseconds added to the wait for expensive reads: on a busy machine, a read ends a little after its time.
 */
const graceMs = 1_000;

/** Executes an expensive read in its turn. */
export type ExpensiveReadQueue = <Result>(
  context: QueryContext,
  work: () => Promise<Result>,
) => Promise<Result>;

/**
 * A queue for expensive reads, each of which may take `queryTimeoutMs`. A read waits for more than twice as
 * long: if it waits behind another field of its request, that field must fail with QUERY_TIMEOUT first.
 * @param maxReads maximum number of reads in progress
 */
export function createExpensiveReadQueue(maxReads: number, queryTimeoutMs: number): ExpensiveReadQueue {
  const queue = createWorkQueue(maxReads, 2 * queryTimeoutMs + graceMs);
  return (context, work) =>
    queue.run(async () => {
      // If the previous read failed, its response is sent first; `check` then ends the reads of the same
      // request.
      await new Promise(setImmediate);
      context.check?.();
      return work();
    });
}

/**
 * @param maxRunning maximum number of pieces of work in progress
 * @param maxWaitMs milliseconds that a piece of work may wait for its turn
 */
export function createWorkQueue(maxRunning: number, maxWaitMs: number): WorkQueue {
  let free = maxRunning;
  let waiting: (() => void)[] = [];

  async function enter(): Promise<void> {
    if (free > 0) {
      free--;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const start = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        waiting = waiting.filter((other) => other !== start);
        const message = 'The database has too much to do now. Try again later.';
        reject(new ServiceUnavailableError(message));
      }, maxWaitMs);
      waiting.push(start);
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
