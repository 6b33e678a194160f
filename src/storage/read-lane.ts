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
import type { Select } from './dialect';
import type { LaneObserver } from './events';
import { copyResult, createHandOut, endOf, shareContext, type Sharer } from './shared-read';

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
  /** Called a second after the lane was idle after many reads: their requests have left much garbage. */
  readonly onCrowdEnd: () => void;
}

/** The turn of a read. */
export interface Turn {
  /** Milliseconds that the read may run. */
  readonly maxMs: number;
  /** The context of the request, or of all requests that share the read. */
  readonly context: QueryContext;
  /** Whether no other read ran, and none of another client waited, when it started. */
  readonly isAlone: boolean;
}

/** Maximum number of reads of one client that wait. */
const maxWaitingOfClient = 16;
/** From so many waiting reads on, a client may have those of one request only: requests take memory. */
const manyWaiting = 2_048;
/** So many waiting reads are a crowd. */
const crowd = 100;
/** Milliseconds until the last answers to a crowd are sent. */
const crowdEndMs = 1_000;
/** Maximum number of clients of which the last turn is known. */
const maxClients = 10_000;
/** Milliseconds that a read is expected to take while nothing is known. */
const unknownMs = 50;
/** A read may take so much longer than the last equal one. */
const slack = 1.25;
/** Characters of the keys of which the last duration is known, and of one. */
const maxKeyLength = 1_000_000;
const maxOneKeyLength = 10_000;
/** How much of the mean duration the duration of the last read makes up. */
const newestShare = 1 / 8;

/** A read that has not started. Times are milliseconds of `performance.now()`. */
interface NewRead extends Pick<Sharer, 'context' | 'deadlineMs'> {
  readonly client: string | undefined;
  /** Equal for reads that have the same result. Undefined: the read is not shared. */
  readonly key: string | undefined;
  readonly arrivedMs: number;
}

/** A read that waits for its turn. */
interface WaitingRead extends NewRead {
  readonly start: () => void;
  readonly refuse: () => void;
  /** Ends the wait if the request has ended. @returns whether it has */
  readonly dropIfGone: () => boolean;
  /** Ends the wait for a turn, as an equal read starts. */
  readonly share: () => Sharer;
}

/**
 * A lane for expensive reads. Of the clients whose reads wait, the one whose last turn is longest ago comes
 * first, so that a client that asks often keeps no other one waiting. The server's own work comes before all.
 *
 * A read that starts answers all equal reads that wait: many clients look at the same dashboard. It starts
 * after they came, so that each sees what was acknowledged before.
 *
 * A read is refused at once where its turn would come too late, as the duration of the last reads foretells.
 * If it waited first, the lane would spend its time on reads that are ended before they have a result.
 */
export function createReadLane({ maxReads, maxRunMs, maxMs, observer, onCrowdEnd }: ReadLaneOptions) {
  let runningCount = 0;
  let waitingCount = 0;
  let hadCrowd = false;
  let meanMs = unknownMs;
  let lastStartMs = 0;
  let turn = 0;
  /** The waiting reads of each client; undefined: the server itself. */
  const waiting = new Map<string | undefined, WaitingRead[]>();
  /** The number of the last turn of each client. */
  const lastTurns = new LRUCache<string, number>({ max: maxClients });
  /** Milliseconds that the last read with a key took. */
  const durations = new LRUCache<string, number>({
    maxSize: maxKeyLength,
    maxEntrySize: maxOneKeyLength,
    sizeCalculation: (_, key) => key.length,
  });
  /** How many reads wait, by key. */
  const keyCounts = new Map<string, number>();
  const lastTurnOf = (client: string | undefined): number =>
    client === undefined ? -1 : (lastTurns.get(client) ?? 0);

  function countWaiting(change: number, key: string | undefined): void {
    waitingCount += change;
    hadCrowd ||= waitingCount >= crowd;
    if (key !== undefined) {
      const count = (keyCounts.get(key) ?? 0) + change;
      if (count > 0) keyCounts.set(key, count);
      else keyCounts.delete(key);
    }
    observer?.onWaiting(waitingCount);
  }

  /** The number of executions after which no read waits. */
  function executionsLeft(): number {
    let sharedCount = 0;
    for (const count of keyCounts.values()) sharedCount += count - 1;
    return waitingCount - sharedCount;
  }

  /** The number of turns of waiting reads before that of a new read of a client. */
  function turnsBefore(client: string | undefined): number {
    const rounds = waiting.get(client)?.length ?? 0;
    const lastTurn = lastTurnOf(client);
    let turns = rounds;
    for (const [other, { length }] of waiting) {
      if (other !== client) turns += Math.min(length, rounds + (lastTurnOf(other) <= lastTurn ? 1 : 0));
    }
    return Math.min(turns, executionsLeft());
  }

  /**
   * Why a new read would be refused, if so.
   * @param isCounted whether it is refused, and counted
   * @param key see {@link NewRead}
   */
  function findRefusal(context: QueryContext, isCounted = false, key?: string): RefusalError | undefined {
    if (runningCount < maxReads) return undefined;
    const client = context.client?.();
    if (client === undefined) return undefined;
    const turns = turnsBefore(client);
    // The reads in progress have taken this long already.
    const readMs = Math.max(meanMs, performance.now() - lastStartMs);
    const maxWaitMs = ((turns + 1) * readMs) / maxReads;
    const own = waiting.get(client) ?? [];
    const isShareUsed = own.length >= maxWaitingOfClient;
    const isCrowded =
      waitingCount >= manyWaiting && own.some((other) => other.context.client !== context.client);
    const isShared = key !== undefined && keyCounts.has(key);
    const isInTime = isShared || maxWaitMs + readMs <= maxMs;
    if (!isShareUsed && !isCrowded && isInTime) return undefined;
    if (dropGone()) return findRefusal(context, isCounted, key);
    if (isCounted) observer?.onRefused(isShareUsed ? 'share' : 'overload');
    // One read that takes long must not keep clients away while the lane is idle again.
    const retryMs = toRetryMs((turns * meanMs + readMs) / maxReads);
    return isShareUsed ? new RateLimitedError(retryMs, key) : new OverloadedError(retryMs, undefined, key);
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
    countWaiting(-1, read.key);
  }

  const lateError = (): OverloadedError => {
    observer?.onRefused('deadline');
    return new OverloadedError(toRetryMs(meanMs));
  };

  /** @returns the result of an equal read that started meanwhile; undefined when its turn has come */
  function waitForTurn(newRead: NewRead): Promise<{ readonly result: unknown } | undefined> {
    const { client, key, context, arrivedMs, deadlineMs } = newRead;
    return new Promise((resolve, reject) => {
      let isWaiting = true;
      let isSettled = false;
      const endWait = (): void => {
        if (isWaiting) leave(client, read);
        isWaiting = false;
      };
      const end = (then: () => void) => (): void => {
        isSettled = true;
        clearTimeout(timer);
        endWait();
        then();
      };
      const start = end(() => resolve(undefined));
      const refuse = end(() => reject(lateError()));
      // The server's own work has no deadline.
      const timer = deadlineMs < Infinity ? setTimeout(refuse, deadlineMs - performance.now()) : undefined;
      const dropIfGone = (): boolean => {
        const reason = endOf(context);
        if (reason !== undefined) end(() => reject(reason))();
        return reason !== undefined;
      };
      function share(): Sharer {
        endWait();
        observer?.onStarted(performance.now() - arrivedMs);
        return {
          context,
          deadlineMs,
          stopClock: () => clearTimeout(timer),
          isSettled: () => isSettled,
          resolve: (result) => end(() => resolve({ result }))(),
          reject: (reason) => end(() => reject(reason))(),
        };
      }
      const read = { ...newRead, start, refuse, dropIfGone, share };
      waiting.set(client, [...(waiting.get(client) ?? []), read]);
      countWaiting(1, key);
    });
  }

  /** Ends the waits of all reads with a key; their clients have had their turn. */
  function takeEqual(key: string | undefined): Sharer[] {
    if (key === undefined || !keyCounts.has(key)) return [];
    const sharers: Sharer[] = [];
    for (const [client, reads] of [...waiting]) {
      const equal = reads.filter((read) => read.key === key);
      if (equal.length > 0 && client !== undefined) lastTurns.set(client, turn);
      sharers.push(...equal.map((read) => read.share()));
    }
    return sharers;
  }

  /** The waiting read of the client whose last turn is longest ago. */
  function findFirst(): WaitingRead | undefined {
    let next: string | undefined;
    let nextTurn = Infinity;
    for (const client of waiting.keys()) {
      const lastTurn = lastTurnOf(client);
      if (lastTurn < nextTurn) [next, nextTurn] = [client, lastTurn];
    }
    return waiting.get(next)?.[0];
  }

  const expectMs = ({ key }: NewRead): number =>
    (key === undefined ? undefined : durations.get(key)) ?? meanMs;

  /** The read whose turn it is, or the shortest one for which it has time, which would be late after it. */
  function findNext(): WaitingRead | undefined {
    const first = findFirst();
    if (!first || first.client === undefined) return first;
    const firstMs = slack * expectMs(first);
    const timeMs = first.deadlineMs - performance.now() - firstMs;
    const shorter = [...waiting.values()]
      .flat()
      .filter((read) => expectMs(read) <= timeMs && slack * expectMs(read) < firstMs);
    return shorter.reduce((best, read) => (expectMs(read) < expectMs(best) ? read : best), first);
  }

  function startNext(): void {
    runningCount--;
    for (let next = findNext(); next; next = findNext()) {
      // It would probably be ended before it has a result.
      if (next.deadlineMs - performance.now() < expectMs(next) / 2) next.refuse();
      else {
        runningCount++;
        return next.start();
      }
    }
    if (runningCount > 0) return;
    // What comes next may take less.
    meanMs = unknownMs;
    endCrowd();
  }

  function endCrowd(): void {
    if (!hadCrowd || runningCount > 0 || handOut.isInProgress()) return;
    hadCrowd = false;
    setTimeout(onCrowdEnd, crowdEndMs).unref();
  }
  const handOut = createHandOut(endCrowd);

  /** A result, or the error of a read that took too long. */
  function withinDeadline<Result>(result: Promise<Result>, deadlineMs: number): Promise<Result> {
    if (deadlineMs === Infinity) return result;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(lateError()), deadlineMs - performance.now());
      result.then(resolve, reject).finally(() => clearTimeout(timer));
    });
  }

  /**
   * Starts a read whose turn has come, for all requests that wait for the same result.
   * @returns once it has started: its result, and whether other requests get it, too
   * @throws {Error} if its request has ended
   */
  async function start<Result>(
    { client, key, context, arrivedMs, deadlineMs }: NewRead,
    work: (turn: Turn) => Promise<Result>,
  ): Promise<{ readonly result: Promise<Result>; readonly isShared: boolean }> {
    lastStartMs = performance.now();
    if (client !== undefined) lastTurns.set(client, ++turn);
    try {
      // If the previous read failed, its response is sent first; `check` then ends reads of the same request.
      await new Promise(setImmediate);
      context.check?.();
    } catch (error) {
      startNext();
      throw error;
    }
    const startedMs = performance.now();
    observer?.onStarted(startedMs - arrivedMs);
    const sharers = takeEqual(key);
    const isAlone = runningCount === 1 && [...waiting.keys()].every((other) => other === client);
    const leftMs = Math.max(deadlineMs, ...sharers.map((sharer) => sharer.deadlineMs)) - startedMs;
    const maxTurnMs = Math.min(maxRunMs, leftMs);
    const shared = shareContext(context, sharers);
    const result = Promise.resolve()
      .then(() => work({ maxMs: maxTurnMs, context: shared, isAlone }))
      .catch((error: unknown) => {
        throw error instanceof QueryTimeoutError && leftMs < maxRunMs ? lateError() : error;
      });
    const end = (): void => {
      const tookMs = performance.now() - startedMs;
      if (client !== undefined) meanMs += (tookMs - meanMs) * newestShare;
      if (key !== undefined) durations.set(key, tookMs);
      startNext();
    };
    if (sharers.length > 0) void handOut.add(result, sharers);
    result.then(end, end);
    return { result, isShared: sharers.length > 0 };
  }

  /**
   * @param work executes the read
   * @param select what it reads; reads with equal statements and values may share an execution
   * @throws {RateLimitedError} if too many reads of the client wait
   * @throws {OverloadedError} if its turn would come, or comes, too late
   */
  async function run<Result>(
    context: QueryContext,
    work: (turn: Turn) => Promise<Result>,
    select?: Pick<Select, 'sql' | 'values'>,
  ): Promise<Result> {
    const client = context.client?.();
    const arrivedMs = performance.now();
    const deadlineMs = client === undefined ? Infinity : arrivedMs + maxMs;
    const key = select && JSON.stringify([context.mustBeLatest, select.sql, select.values]);
    const read = { client, key, context, arrivedMs, deadlineMs };
    if (runningCount < maxReads) runningCount++;
    else {
      const refusal = findRefusal(context, true, key);
      if (refusal) {
        await holdBack();
        throw refusal;
      }
      const found = await waitForTurn(read);
      if (found) return found.result as Result;
    }
    const { result, isShared } = await start(read, work);
    // It may run for those who came later.
    return isShared ? withinDeadline(result.then(copyResult), deadlineMs) : result;
  }

  return { findRefusal, run };
}
