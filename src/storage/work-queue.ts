import { ServiceUnavailableError } from '../logs/model/errors';

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
