import { LRUCache } from 'lru-cache';
import {
  holdBack,
  OverloadedError,
  QueryTimeoutError,
  RateLimitedError,
  toRetryMs,
  type RefusalError,
} from '../logs/model/errors';
import type { QueryContext } from '../logs/model/read-context';
import type { LaneObserver } from './events';

/** Executes an expensive read in its turn. */
export type ReadLane = ReturnType<typeof createReadLane>;

export interface ReadLaneOptions {
  /** Maximum number of reads in progress. */
  readonly maxReads: number;
  /** Milliseconds that a read may run. */
  readonly maxRunMs: number;
  /** Milliseconds that a read may wait and run. */
  readonly maxMs: number;
  readonly observer: LaneObserver | undefined;
}

/** Maximum number of reads of one client that wait. */
const maxWaitingOfClient = 16;
/** Maximum number of clients of which the last turn is known. */
const maxClients = 10_000;
/** Milliseconds that a read is expected to take while nothing is known. */
const unknownMs = 50;
/** How much of the mean duration the duration of the last read makes up. */
const newestShare = 1 / 8;

/** A read that waits for its turn. */
interface WaitingRead {
  readonly deadlineMs: number;
  readonly start: () => void;
  readonly refuse: () => void;
  /** Ends the wait if the request has ended. @returns whether it has */
  readonly dropIfGone: () => boolean;
}

/**
 * A lane for expensive reads. Of the clients whose reads wait, the one whose last turn is longest ago comes first, so
 * that a client that asks often keeps no other one waiting. The server's own work comes before all of them.
 *
 * A read is refused at once where its turn would come too late, as the duration of the last reads foretells: if it
 * waited first, the lane would spend its time on reads that are ended before they have a result.
 */
export function createReadLane({ maxReads, maxRunMs, maxMs, observer }: ReadLaneOptions) {
  let runningCount = 0;
  let waitingCount = 0;
  let meanMs = unknownMs;
  let lastStartMs = 0;
  let turn = 0;
  /** The waiting reads of each client; undefined: the server itself. */
  const waiting = new Map<string | undefined, WaitingRead[]>();
  /** The number of the last turn of each client. */
  const lastTurns = new LRUCache<string, number>({ max: maxClients });
  const lastTurnOf = (client: string | undefined): number =>
    client === undefined ? -1 : (lastTurns.get(client) ?? 0);

  function countWaiting(change: number): void {
    waitingCount += change;
    observer?.onWaiting(waitingCount);
  }

  /** The number of turns of waiting reads before that of a new read of a client. */
  function turnsBefore(client: string | undefined): number {
    const rounds = waiting.get(client)?.length ?? 0;
    const lastTurn = lastTurnOf(client);
    let turns = rounds;
    for (const [other, { length }] of waiting) {
      if (other !== client) turns += Math.min(length, rounds + (lastTurnOf(other) <= lastTurn ? 1 : 0));
    }
    return turns;
  }

  /** Milliseconds until the turn of a new read of a client, if reads take as long as the last ones. */
  function expectWaitMs(client: string | undefined, readMs: number): number {
    return ((turnsBefore(client) + 1) * readMs) / maxReads;
  }

  /**
   * Why a new read would be refused, if so.
   * @param isCounted whether it is refused, and counted
   */
  function findRefusal(context: QueryContext, isCounted = false): RefusalError | undefined {
    if (runningCount < maxReads) return undefined;
    const client = context.client?.();
    if (client === undefined) return undefined;
    // The reads in progress have taken this long already.
    const readMs = Math.max(meanMs, performance.now() - lastStartMs);
    const waitMs = expectWaitMs(client, readMs);
    const isShareUsed = (waiting.get(client)?.length ?? 0) >= maxWaitingOfClient;
    if (!isShareUsed && waitMs + readMs <= maxMs) return undefined;
    if (dropGone()) return findRefusal(context, isCounted);
    if (isCounted) observer?.onRefused(isShareUsed ? 'share' : 'overload');
    return isShareUsed ? new RateLimitedError(toRetryMs(waitMs)) : new OverloadedError(toRetryMs(waitMs));
  }

  /** @returns whether reads waited whose requests have ended */
  function dropGone(): boolean {
    const reads = [...waiting.values()].flat();
    return reads.filter((read) => read.dropIfGone()).length > 0;
  }

  function leave(client: string | undefined, read: WaitingRead): void {
    const others = waiting.get(client)!.filter((other) => other !== read);
    if (others.length > 0) waiting.set(client, others);
    else waiting.delete(client);
    countWaiting(-1);
  }

  const lateError = (): OverloadedError => {
    observer?.onRefused('deadline');
    return new OverloadedError(toRetryMs(meanMs));
  };

  function waitForTurn(client: string | undefined, deadlineMs: number, check: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (then: () => void) => (): void => {
        clearTimeout(timer);
        leave(client, read);
        then();
      };
      const start = end(resolve);
      const refuse = end(() => reject(lateError()));
      // The server's own work has no deadline.
      const timer = deadlineMs < Infinity ? setTimeout(refuse, deadlineMs - performance.now()) : undefined;
      const dropIfGone = (): boolean => {
        try {
          check();
          return false;
        } catch (error) {
          end(() => reject(error))();
          return true;
        }
      };
      const read = { deadlineMs, start, refuse, dropIfGone };
      waiting.set(client, [...(waiting.get(client) ?? []), read]);
      countWaiting(1);
    });
  }

  /** The waiting read of the client whose last turn is longest ago. */
  function findNext(): WaitingRead | undefined {
    let next: string | undefined;
    let nextTurn = Infinity;
    for (const client of waiting.keys()) {
      const lastTurn = lastTurnOf(client);
      if (lastTurn < nextTurn) [next, nextTurn] = [client, lastTurn];
    }
    return waiting.get(next)?.[0];
  }

  function startNext(): void {
    runningCount--;
    for (let next = findNext(); next; next = findNext()) {
      // It would probably be ended before it has a result.
      if (next.deadlineMs - performance.now() < meanMs / 2) next.refuse();
      else {
        runningCount++;
        return next.start();
      }
    }
    // What comes next may take less.
    if (runningCount === 0) meanMs = unknownMs;
  }

  /**
   * @param work executes the read, for at most the milliseconds that it is given
   * @throws {RateLimitedError} if too many reads of the client wait
   * @throws {OverloadedError} if its turn would come, or comes, too late
   */
  async function run<Result>(
    context: QueryContext,
    work: (maxRunMs: number) => Promise<Result>,
  ): Promise<Result> {
    const client = context.client?.();
    const arrivedMs = performance.now();
    const deadlineMs = client === undefined ? Infinity : arrivedMs + maxMs;
    if (runningCount < maxReads) runningCount++;
    else {
      const refusal = findRefusal(context, true);
      if (refusal) {
        await holdBack();
        throw refusal;
      }
      await waitForTurn(client, deadlineMs, () => context.check?.());
    }
    lastStartMs = performance.now();
    if (client !== undefined) lastTurns.set(client, ++turn);
    let startedMs: number | undefined;
    try {
      // If the previous read failed, its response is sent first; `check` then ends the reads of the same request.
      await new Promise(setImmediate);
      context.check?.();
      startedMs = performance.now();
      const leftMs = deadlineMs - startedMs;
      observer?.onStarted(startedMs - arrivedMs);
      return await work(Math.min(maxRunMs, leftMs)).catch((error: unknown) => {
        throw error instanceof QueryTimeoutError && leftMs < maxRunMs ? lateError() : error;
      });
    } finally {
      if (startedMs !== undefined && client !== undefined) {
        meanMs += (performance.now() - startedMs - meanMs) * newestShare;
      }
      startNext();
    }
  }

  return { findRefusal, run };
}
