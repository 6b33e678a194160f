import type { QueryContext } from '../logs/model/read-context';

/** A request that gets the result of an equal read of another request. */
export interface Sharer {
  readonly context: QueryContext;
  /** When it must have a result, in milliseconds of `performance.now()`. */
  readonly deadlineMs: number;
  /** Called when there is a result, so that its deadline no longer ends the request's wait. */
  readonly stopClock: () => void;
  /** Whether it has a result, or has waited for too long. */
  readonly isSettled: () => boolean;
  readonly resolve: (result: unknown) => void;
  readonly reject: (reason: unknown) => void;
}

/** Minimum and maximum number of milliseconds between two results that are handed out. */
const minPauseMs = 5;
const maxPauseMs = 100;
/** Share of the pause for which the event loop may be busy: with the response, and with other requests. */
const maxBusy = 0.5;

/** The context of a read for several requests. The read goes on until all of them have ended. */
export function shareContext(context: QueryContext, sharers: readonly Sharer[]): QueryContext {
  if (sharers.length === 0) return context;
  const contexts = [context, ...sharers.map((sharer) => sharer.context)];
  const roomOf = (one: QueryContext): number => one.room?.() ?? Infinity;
  /** One of those that go on, with the most room for its response. */
  const findRoomiest = (): QueryContext =>
    contexts
      .filter((one) => endOf(one) === undefined)
      .reduce((best, one) => (roomOf(one) > roomOf(best) ? one : best), context);
  return {
    ...context,
    check(): void {
      const reason = endOf(context);
      if (reason !== undefined && contexts.every((one) => endOf(one) !== undefined)) throw reason;
    },
    admit: (bytes) => findRoomiest().admit?.(bytes),
    room: () => roomOf(findRoomiest()),
  };
}

type Outcome = { readonly result: unknown } | { readonly error: unknown };

/** Settles when the event loop has been idle for long enough after a result was handed out. */
async function pause(): Promise<void> {
  const startedMs = performance.now();
  const before = performance.eventLoopUtilization();
  do await new Promise((done) => setTimeout(done, minPauseMs));
  while (
    performance.eventLoopUtilization(before).utilization > maxBusy &&
    performance.now() - startedMs < maxPauseMs
  );
}

/**
 * Gives the results of shared reads to their requests, one after the other: 85 responses made at once stop
 * the event loop for 290 ms.
 * @param onIdle called when each request has its result
 */
export function createHandOut(onIdle: () => void) {
  let readCount = 0;
  let last = Promise.resolve();

  async function giveAll(outcome: Outcome, sharers: readonly Sharer[]): Promise<void> {
    for (const { context, isSettled, resolve, reject } of sharers) {
      const end = endOf(context);
      if (end !== undefined) reject(end);
      if (isSettled()) continue;
      try {
        if ('error' in outcome) reject(outcome.error);
        else resolve(copyResult(outcome.result));
      } catch (error) {
        reject(error);
      }
      await pause();
    }
  }

  return {
    isInProgress: (): boolean => readCount > 0,

    async add(read: Promise<unknown>, sharers: readonly Sharer[]): Promise<void> {
      readCount++;
      const outcome: Outcome = await read.then(
        (result) => ({ result }),
        (error: unknown) => ({ error }),
      );
      for (const { stopClock } of sharers) stopClock();
      last = last.then(() => giveAll(outcome, sharers));
      await last;
      if (--readCount === 0) onIdle();
    },
  };
}

/** Copies a result and its buffers: each request frees the memory of its own with `releaseMemory`. */
export function copyResult<Result>(result: Result): Result {
  if (Buffer.isBuffer(result)) return Buffer.from(result) as Result;
  if (!Array.isArray(result)) return result;
  return result.map((row: unknown) => {
    if (typeof row !== 'object' || row === null) return row;
    if (!Object.values(row).some((value) => Buffer.isBuffer(value))) return row;
    return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, copyResult(value)]));
  }) as Result;
}

/** The error of `check`, if the request has ended. */
export function endOf(context: QueryContext): Error | undefined {
  try {
    context.check?.();
    return undefined;
  } catch (error) {
    return error as Error;
  }
}
