import { ServiceUnavailableError } from '../logs/model/errors';
import type { QueryContext } from '../logs/model/read-context';
import { createReadQueue } from './read-queue';

/** A piece of work that waits for its turn. */
interface WaitingWork {
  readonly context: QueryContext | undefined;
  readonly round: number;
  readonly start: () => void;
}

/**
 * Executes a few pieces of work at a time. The others wait for their turn: those of requests as in
 * {@link createReadQueue}, all others in the order in which they came.
 * @param maxRunning maximum number of pieces of work in progress
 * @param maxWaitMs milliseconds that a piece of work may wait for its turn
 * @param keepsTogether whether the pieces of work of one request follow each other
 */
export function createWorkQueue(maxRunning: number, maxWaitMs: number, keepsTogether = false) {
  let free = maxRunning;
  const queue = createReadQueue<WaitingWork>();

  function waitForTurn(context: QueryContext | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const start = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        queue.remove(work);
        reject(new ServiceUnavailableError('The database is overloaded. Try again later.'));
      }, maxWaitMs);
      const work = { context, round: queue.nextRound(context), start };
      queue.add(work);
    });
  }

  return {
    /**
     * @param context the request that reads
     * @throws {ServiceUnavailableError} if its turn does not come in time
     */
    async run<Result>(work: () => Promise<Result>, context?: QueryContext): Promise<Result> {
      if (free > 0) free--;
      else await waitForTurn(context);
      try {
        return await work();
      } finally {
        const waiting = queue.waiting();
        const next = (keepsTogether && waiting.find((other) => other.context === context)) || waiting[0];
        if (next) {
          queue.take([next]);
          next.start();
        } else free++;
      }
    },
  };
}
