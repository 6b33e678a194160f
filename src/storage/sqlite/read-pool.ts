import type { EntryQuery } from '../../logs/log-entry-repository';
import type { EntryColumn } from '../../logs/model/log-entry';
import { holdBack, TooManyBytesError } from '../../logs/model/errors';
import type { QueryContext } from '../../logs/model/read-context';
import type { Select } from '../dialect';
import type { createQueries } from '../queries';
import { toQuery, type Executor, type Query } from './connection';
import { createReadQueue } from '../../logs/model/read-queue';
import { createResultRoom, maxParallelBytes } from '../result-room';

/** Maximum number of reads that one statement answers. */
const maxReads = 16;
/** The same for results above {@link smallBytes}, which are read by several threads rather than by one. */
const maxLargerReads = 8;
/** Number of waiting reads at which a statement starts: it is executed while later requests of the turn are read. */
const startReads = 5;
/** Number of queued reads that are searched for such reads. */
const maxCandidates = 64;
/** Results with more bytes are read one by one, which bounds the memory of a statement. */
const maxSharedBytes = 32_768;
/** Reads with larger results do not wait for others that may share their statement. */
const smallBytes = 8_192;

/** A queued read. */
interface Read {
  readonly context: QueryContext | undefined;
  readonly toQuery: () => Query;
  /** A statement for several reads of entries. Undefined for other, large and repeated reads. */
  readonly shared: Select | undefined;
  /** Maximum number of reads in that statement. */
  readonly maxShared: number;
  readonly round: number;
  /** Whether its result was too large for another connection than the first. */
  readonly isLarge?: boolean;
  /** Whether it was interrupted once, which is not done again. */
  readonly isRepeated?: boolean;
  readonly resolve: (rows: never[]) => void;
  readonly reject: (reason: unknown) => void;
}

/** A statement in progress, and the reads that it answers. */
interface Run {
  readonly reads: readonly Read[];
  isInterrupted: boolean;
}

/** How long a pause waits for reads in progress. */
export interface PauseOptions {
  /** Milliseconds to wait. */
  readonly maxMs: number;
  /** Whether the reads that are then still in progress are interrupted, and executed again after the pause. */
  readonly interrupts?: boolean;
}

/** Milliseconds that interrupted reads may take to end. */
const maxInterruptMs = 1_000;

/** The row of a statement that reads entries. */
export interface EntriesRow {
  /** Entries as JSON objects with separators between; null if more than `limit` match. See {@link Query}. */
  readonly objects: Buffer | null;
}

export type ReadPool = ReturnType<typeof createReadPool>;

/**
 * Distributes reads over connections. Some reads of the same form that arrive in one turn of the event loop, and those
 * that wait while all connections are busy, share a statement: a round trip to the driver's thread and a transaction
 * take longer than reading 20 entries. A read that cannot share starts at once.
 * @param connections all but the first fail above {@link maxParallelBytes}, and the first then repeats the read
 */
export function createReadPool(connections: readonly Executor[], queries: ReturnType<typeof createQueries>) {
  const idle = [...connections];
  const [unlimited] = connections;
  /** The request of the last large result, while it has more reads. */
  let lastLarge: QueryContext | undefined;
  const queue = createReadQueue<Read>();
  const room = createResultRoom(Math.min(queries.maxBytes, maxParallelBytes));
  let isScheduled = false;
  /**
   * What each connection executes. The keys stay: V8 rehashes a Set whose members come and go, and former members then
   * live until the next full collection, with the requests that they refer to.
   */
  const running = new Map<Executor, Run | undefined>(
    connections.map((connection) => [connection, undefined]),
  );
  let pauseCount = 0;
  const onIdle: (() => void)[] = [];
  /** Bytes of the last result with these columns. */
  const lastBytes = new WeakMap<readonly EntryColumn[], number>();

  /** A statement that reads its values from `read`, a row of {@link executeShared}. */
  const composeShared = (query: EntryQuery): Select => queries.entries(query, (at) => `read.v${at}`);

  /** Queues a read and returns its rows. */
  function enqueue<Row>(
    context: QueryContext | undefined,
    toQuery: () => Query,
    shared?: Select,
    maxShared = maxReads,
  ) {
    return new Promise<Row[]>((resolve, reject) => {
      const round = queue.nextRound(context);
      queue.add({ context, toQuery, shared, maxShared, round, resolve, reject });
      if (shared && maxShared === maxReads && !isEnough(shared)) schedule();
      else startNext();
    });
  }

  /** Whether so many reads of this form wait that a statement for them starts at once. */
  function isEnough({ sql }: Select): boolean {
    return (
      idle.length > 0 && queue.waiting().filter(({ shared }) => shared?.sql === sql).length >= startReads
    );
  }

  /** Starts reads after this turn of the event loop, unless enough wait for a statement before its end. */
  function schedule(): void {
    if (isScheduled || idle.length === 0) return;
    isScheduled = true;
    setImmediate(() => {
      isScheduled = false;
      idle.slice().forEach(startNext);
    });
  }

  function startNext(): void {
    if (pauseCount > 0 || idle.length === 0) return;
    let first = findNext();
    while (first && isCancelled(first)) {
      queue.take([first]);
      first = findNext();
    }
    if (!first) return;
    if (first.shared) {
      void executeShared(takeIdle(false), takeBatch(first.shared, first.maxShared));
    } else {
      queue.take([first]);
      if (first.isLarge) lastLarge = first.context;
      void executeAlone(takeIdle(true), first);
    }
  }

  /**
   * The first read that an idle connection can execute. The reads of a request with large results follow each other:
   * otherwise many requests would have a part of their results in memory, and no room for the rest.
   */
  function findNext(): Read | undefined {
    const waiting = queue.waiting();
    if (!idle.includes(unlimited!)) return waiting.find(({ isLarge }) => !isLarge);
    const more = lastLarge && waiting.find(({ context }) => context === lastLarge);
    if (!more) lastLarge = undefined;
    return more ?? waiting[0];
  }

  /** Rejects the read if its request no longer needs it, or its result has no room. */
  function isCancelled({ context, isLarge, toQuery, reject }: Read): boolean {
    try {
      context?.check?.();
      if (isLarge) context?.admit?.(maxParallelBytes);
    } catch (error) {
      reject(error);
      return true;
    }
    try {
      room.check(toQuery, context);
      return false;
    } catch (error) {
      void holdBack().then(() => reject(error));
      return true;
    }
  }

  function takeIdle(mayBeLarge: boolean): Executor {
    const at = idle.findLastIndex((connection) => (connection === unlimited) === mayBeLarge);
    return idle.splice(at, 1)[0]!;
  }

  function release(connection: Executor): void {
    idle.push(connection);
    if (isIdle()) for (const resolve of onIdle.splice(0)) resolve();
    startNext();
  }

  const isIdle = (): boolean => idle.length === connections.length;

  /** Settles when no read is in progress, or after a time. */
  function waitUntilIdle(maxMs: number): Promise<void> {
    return new Promise((resolve) => {
      if (isIdle()) return resolve();
      const timer = setTimeout(resolve, maxMs);
      onIdle.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  /**
   * Executes a statement that answers reads.
   * @returns undefined if it was interrupted, or the result is too large for the connection; the reads then wait to
   *   be executed again
   */
  async function execute(
    connection: Executor,
    query: Query,
    reads: readonly Read[],
  ): Promise<never[] | undefined> {
    const run: Run = { reads, isInterrupted: false };
    const check = (): void => {
      if (run.isInterrupted) throw new InterruptedError();
      if (reads.length === 1) reads[0]!.context?.check?.();
    };
    running.set(connection, run);
    try {
      return await connection.all<never>(query, { check });
    } catch (error) {
      if (error instanceof InterruptedError) {
        queue.addFirst(reads.map((read) => ({ ...read, shared: undefined, isRepeated: true })));
      } else if (error instanceof TooManyBytesError && isLimited(connection, query, reads)) {
        queue.addFirst(reads.map((read) => ({ ...read, shared: undefined, isLarge: reads.length === 1 })));
      } else throw error;
      return undefined;
    } finally {
      running.set(connection, undefined);
    }
  }

  /**
   * Whether a result that was too large may have room in another statement.
   * @throws {OverloadedError} when too many large responses are made or unsent
   */
  function isLimited(connection: Executor, query: Query, [first]: readonly Read[]): boolean {
    if (query.maxBytes === undefined) return connection !== unlimited;
    room.refuse(query, query.maxBytes, first!.context);
    return true;
  }

  async function executeAlone(connection: Executor, read: Read): Promise<void> {
    try {
      const maxBytes = room.limit(read.context);
      const query = read.toQuery();
      const rows = await execute(connection, maxBytes === undefined ? query : { ...query, maxBytes }, [read]);
      if (rows) read.resolve(rows);
    } catch (error) {
      read.reject(error);
    }
    release(connection);
  }

  /** The first reads that one statement can answer. */
  function takeBatch({ sql }: Select, maxShared: number): readonly Read[] {
    const candidates = queue.waiting().slice(0, maxCandidates);
    const batch = candidates.filter(({ shared }) => shared?.sql === sql).slice(0, maxShared);
    queue.take(batch);
    return batch;
  }

  /** Executes one statement with a row of values for each read; its rows are in the same order. */
  async function executeShared(connection: Executor, batch: readonly Read[]): Promise<void> {
    const { sql, values } = batch[0]!.shared!;
    const columns = ['1', ...values.map((_, at) => `value ->> ${at} AS v${at + 1}`)].join(', ');
    const parameter = JSON.stringify(batch.map(({ shared }) => shared!.values));
    try {
      const query = {
        sql: `WITH read AS MATERIALIZED (SELECT ${columns} FROM json_each(?))
          SELECT (${sql}) AS objects FROM read`,
        parameters: [parameter],
      };
      const rows = await execute(connection, query, batch);
      if (rows) batch.forEach(({ resolve }, at) => resolve([rows[at]!]));
    } catch (error) {
      if (batch.length === 1) batch[0]!.reject(error);
      // One read may have caused the error: each is repeated with a statement of its own.
      else for (const read of batch) queue.add({ ...read, shared: undefined });
    }
    release(connection);
  }

  return {
    /** Bounded reads of entries: the objects of {@link EntriesRow}. */
    entries: async (query: EntryQuery, context: QueryContext): Promise<Buffer | null> => {
      const { columns } = query;
      const bytes = lastBytes.get(columns) ?? Infinity;
      const shared = bytes <= maxSharedBytes ? composeShared(query) : undefined;
      const [row] = await enqueue<EntriesRow>(
        context,
        () => toQuery(queries.entries(query)),
        shared,
        bytes <= smallBytes ? maxReads : maxLargerReads,
      );
      const { objects } = row!;
      lastBytes.set(columns, objects?.byteLength ?? Infinity);
      return objects;
    },

    /** Executes any other query in its turn. */
    all: <Row>(query: Query, context?: QueryContext) => enqueue<Row>(context, () => query),

    /**
     * Starts no reads, waits for those in progress, then does the work. A read is interrupted once at most: pauses
     * that follow each other do not keep it from ending.
     * @returns undefined if reads were still in progress; the work is not done then
     */
    async pause<Result>(
      { maxMs, interrupts = false }: PauseOptions,
      work: () => Promise<Result>,
    ): Promise<Result | undefined> {
      pauseCount++;
      try {
        await waitUntilIdle(maxMs);
        const runs = [...running.values()].filter((run) => run !== undefined);
        if (interrupts && !runs.some(({ reads }) => reads.some(({ isRepeated }) => isRepeated))) {
          for (const run of runs) run.isInterrupted = true;
          await waitUntilIdle(maxInterruptMs);
        }
        return isIdle() ? await work() : undefined;
      } finally {
        pauseCount--;
        connections.forEach(startNext);
      }
    },
  };
}

/** Ends a statement that a pause interrupts. */
class InterruptedError extends Error {}
