import { ServiceUnavailableError } from './errors';
import type { QueryContext } from './read-context';
import { createReadQueue } from './read-queue';

/** Who asks for work. */
type Client = Pick<QueryContext, 'client'>;

/** A piece of work that waits for its turn. */
interface WaitingWork {
  readonly context: Client | undefined;
  readonly round: number;
  readonly weight: number;
  readonly start: () => void;
}

export interface WorkQueueOptions {
  /** Maximum weight of the work in progress. A piece of work counts 1 where it has no other weight. */
  readonly capacity: number;
  /** Milliseconds that a piece of work may wait for its turn. */
  readonly maxWaitMs: number;
  /** Whether the pieces of work of one request follow each other. */
  readonly keepsTogether?: boolean;
  /** Creates the error of work whose turn does not come in time. */
  readonly createLateError?: () => Error;
  /** Called with the number of pieces of work that wait whenever it changes. */
  readonly onWaiting?: (count: number) => void;
}

const databaseOverloaded = (): Error =>
  new ServiceUnavailableError('The database is overloaded. Try again later.');

/**
 * Executes a few pieces of work at a time. The others wait for their turn: those of requests as in
 * {@link createReadQueue}, all others in the order in which they came. Work that is heavier than the capacity is executed
 * alone.
 */
export function createWorkQueue(options: WorkQueueOptions) {
  const { capacity, maxWaitMs, keepsTogether = false, createLateError = databaseOverloaded } = options;
  const { onWaiting } = options;
  let free = capacity;
  const queue = createReadQueue<WaitingWork>();

  function waitForTurn(context: Client | undefined, weight: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const start = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        queue.remove(work);
        onWaiting?.(queue.waiting().length);
        // It may have been too heavy for what was free.
        startNext();
        reject(createLateError());
      }, maxWaitMs);
      const work = { context, round: queue.nextRound(context), weight, start };
      queue.add(work);
      onWaiting?.(queue.waiting().length);
    });
  }

  function startNext(last?: Client): void {
    for (;;) {
      const waiting = queue.waiting();
      const next = (keepsTogether && waiting.find((other) => other.context === last)) || waiting[0];
      if (!next || next.weight > free) return;
      free -= next.weight;
      queue.take([next]);
      onWaiting?.(waiting.length - 1);
      next.start();
    }
  }

  /**
   * Waits for a turn.
   * @returns the weight of the turn, for {@link end}
   */
  function begin(context: Client | undefined, weight: number): number | Promise<number> {
    const counted = Math.min(weight, capacity);
    if (free < counted || queue.waiting().length > 0) {
      return waitForTurn(context, counted).then(() => counted);
    }
    free -= counted;
    return counted;
  }

  function end(weight: number, context: Client | undefined): void {
    free += weight;
    startNext(context);
  }

  return {
    /**
     * @param context the request that reads
     * @throws {Error} if its turn does not come in time
     */
    async run<Result>(work: () => Promise<Result>, context?: Client, weight = 1): Promise<Result> {
      const begun = begin(context, weight);
      const counted = typeof begun === 'number' ? begun : await begun;
      try {
        return await work();
      } finally {
        end(counted, context);
      }
    },

    /**
     * Waits for a turn that ends elsewhere.
     * @returns a function that ends it; only the first call counts
     * @throws {Error} if it does not come in time
     */
    async enter(context: Client | undefined, weight: number): Promise<() => void> {
      let left = await begin(context, weight);
      return () => {
        if (left === 0) return;
        const counted = left;
        left = 0;
        end(counted, context);
      };
    },

    /** Whether work waits for its turn. */
    isBusy: (): boolean => queue.waiting().length > 0,
  };
}
