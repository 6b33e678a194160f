import { ServiceUnavailableError } from '../logs/errors';

/** Lets a few pieces of work go on at a time; the others wait for their turn. */
export interface Lane {
  /** @throws {ServiceUnavailableError} when its turn does not come in time */
  run<Result>(work: () => Promise<Result>): Promise<Result>;
}

/**
 * @param most pieces of work at a time
 * @param maxWaitMs how long one waits, in milliseconds
 */
export function createLane(most: number, maxWaitMs: number): Lane {
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
