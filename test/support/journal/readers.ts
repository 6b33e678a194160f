import { readBack } from './api';
import { sleep } from '../processes/children';
import type { Journal } from './journal';

export interface Reads {
  readonly summary: string;
  readonly slowestMs: number;
  /** How many were refused in a way that says that they may be asked again. */
  readonly refused: number;
  /** Answers that were wrong, or errors of the wrong kind. */
  readonly wrong: readonly string[];
}

export interface Readers {
  /** Lets each reader finish the call that it has begun. */
  stop(): Promise<Reads>;
}

/** Clients that read the session that was acknowledged last, from the addresses in turn. */
export function startReaders(
  journal: Journal,
  urls: readonly string[],
  { count, pauseMs }: { readonly count: number; readonly pauseMs: number },
): Readers {
  const wrong: string[] = [];
  let answered = 0;
  let refused = 0;
  let slowestMs = 0;
  let isStopped = false;
  const read = async (reader: number): Promise<void> => {
    for (let at = 0; !isStopped; at++) {
      const startedAt = performance.now();
      const problem = await readBack(urls[(reader + at) % urls.length]!, journal.last!.sessionId);
      slowestMs = Math.max(slowestMs, performance.now() - startedAt);
      if (!problem) answered++;
      else if (problem.isRefusal) refused++;
      else wrong.push(problem.what);
      await sleep(pauseMs);
    }
  };
  const all = Promise.all(Array.from({ length: count }, (_, reader) => read(reader)));
  all.catch(() => {});
  return {
    stop: async () => {
      isStopped = true;
      await all;
      const slowest = `slowest call ${Math.round(slowestMs)} ms`;
      const summary = `reads: ${answered} whole, ${refused} refused, ${wrong.length} wrong; ${slowest}`;
      return { summary, slowestMs, refused, wrong };
    },
  };
}
