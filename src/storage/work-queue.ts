import { ServiceUnavailableError } from '../logs/model/errors';
import type { QueryContext } from '../logs/model/read-context';

/** Milliseconds added to the wait for expensive reads: on a busy machine, a cancel is a little late. */
const graceMs = 1_000;

/** Executes an expensive read in its turn. */
export type ExpensiveReadQueue = ReturnType<typeof createExpensiveReadQueue>;

/**
 * A queue for expensive reads, each of which may take `queryTimeoutMs`. A read may wait for twice that time
 * and a second. If another field of its request times out meanwhile, the client must get QUERY_TIMEOUT for
 * that field, not SERVICE_UNAVAILABLE for this one.
 * @param maxReads maximum number of reads in progress
 */
export function createExpensiveReadQueue(maxReads: number, queryTimeoutMs: number) {
  const queue = createWorkQueue(maxReads, 2 * queryTimeoutMs + graceMs);
  return <Result>(context: QueryContext, work: () => Promise<Result>): Promise<Result> =>
    queue.run(async () => {
      // If the previous read failed, its response is sent first; `check` then ends the reads of the same
      // request.
      await new Promise(setImmediate);
      context.check?.();
      return work();
    });
}

/**
 * Executes a few pieces of work at a time; the others wait for their turn.
 * @param maxRunning maximum number of pieces of work in progress
 * @param maxWaitMs milliseconds that a piece of work may wait for its turn
 */
export function createWorkQueue(maxRunning: number, maxWaitMs: number) {
  let free = maxRunning;
  let waiting: (() => void)[] = [];

  function waitForTurn(): Promise<void> {
    return new Promise((resolve, reject) => {
      const start = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        waiting = waiting.filter((other) => other !== start);
        reject(new ServiceUnavailableError('The database is overloaded. Try again later.'));
      }, maxWaitMs);
      waiting.push(start);
    });
  }

  return {
    /** @throws {ServiceUnavailableError} if its turn does not come in time */
    async run<Result>(work: () => Promise<Result>): Promise<Result> {
      if (free > 0) free--;
      else await waitForTurn();
      try {
        return await work();
      } finally {
        const next = waiting.shift();
        if (next) next();
        else free++;
      }
    },
  };
}
