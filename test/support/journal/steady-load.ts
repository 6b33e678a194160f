import { sleep } from '../processes/children';

interface Failure {
  /** When the call ended, as `performance.now()` has it. */
  readonly at: number;
  readonly what: string;
}

export interface SteadyLoad {
  /** Waits for the calls under way. */
  stop(): Promise<LoadResult>;
}

interface LoadResult {
  readonly count: number;
  readonly slowestMs: number;
  readonly failures: readonly Failure[];
}

/**
 * Calls begun at a rate that does not heed how fast they are answered, as those of many clients: a server that stands
 * still for a second gets all that was due in it. A call gives back what was wrong with its answer.
 */
export function startSteadyLoad(
  perSecond: number,
  send: (at: number) => Promise<string | undefined>,
): SteadyLoad {
  const startedAt = performance.now();
  const failures: Failure[] = [];
  const underWay = new Set<Promise<void>>();
  let count = 0;
  let slowestMs = 0;
  let isStopped = false;
  const begin = (): void => {
    const begunAt = performance.now();
    const call = send(count++)
      .catch((error: unknown) => String(error))
      .then((what) => {
        slowestMs = Math.max(slowestMs, performance.now() - begunAt);
        if (what !== undefined) failures.push({ at: performance.now(), what });
        underWay.delete(call);
      });
    underWay.add(call);
  };
  const run = async (): Promise<void> => {
    while (!isStopped) {
      while (count < ((performance.now() - startedAt) / 1_000) * perSecond) begin();
      await sleep(2);
    }
  };
  const done = run();
  return {
    stop: async () => {
      isStopped = true;
      await done;
      await Promise.all(underWay);
      return { count, slowestMs, failures };
    },
  };
}
