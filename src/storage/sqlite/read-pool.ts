import type { EntryQuery } from '../../logs/log-entry-repository';
import type { Executor, Query } from './connection';
import { selectEntries, selectTimes, type ReadStatement } from './statements';
import type { QueryContext } from '../../logs/model/read-context';
import type { EntryColumn } from '../../logs/model/log-entry';

/** Most reads that one statement answers. */
const maxReads = 8;
/** How many of those that wait longest are looked at. */
const maxCandidates = 64;
/** Answers of more bytes are made one by one, so that memory stays bounded. */
const maxBytes = 32_768;

type Result = Buffer | string | null;

/** A read that waits for a connection. */
interface Waiter {
  readonly asker: QueryContext | undefined;
  readonly statement: ReadStatement;
  /** Computes it with a statement of its own, should the shared one fail. */
  readonly alone: () => ReadStatement;
  readonly resolve: (result: Result) => void;
  readonly reject: (reason: unknown) => void;
}

/** A query with any rows, which waits for a connection of its own. */
interface ExclusiveRead {
  readonly asker: QueryContext | undefined;
  readonly reject: (reason: unknown) => void;
  readonly execute: (connection: Executor) => Promise<void>;
}

export interface ReadPool {
  /** The JSON objects of the entries, with commas between; null when there are more than the limit. */
  entries(query: EntryQuery): Promise<Buffer | null>;
  /** The times of the first and the last of them, in microseconds: `first last`; null without entries. */
  times(query: EntryQuery): Promise<string | null>;
  /** Any other query, when its turn has come. */
  all<Row>(query: Query, asker?: QueryContext): Promise<Row[]>;
  /**
   * Lets no read begin while the work goes on, which begins when those under way have ended.
   * @param maxMs how long they are waited for, in milliseconds
   * @returns undefined when they did not end in time; then the work is not done
   */
  pause<Result>(maxMs: number, work: () => Promise<Result>): Promise<Result | undefined>;
}

/**
 * Shares reads among connections. While all of them are busy, reads of the same form gather, and one statement answers
 * them: going to the driver's thread and back, and a transaction, take longer than 20 entries do.
 */
export function createReadPool(connections: readonly Executor[]): ReadPool {
  const idle = [...connections];
  let waiting: (Waiter | ExclusiveRead)[] = [];
  let isPaused = false;
  let onIdle = (): void => {};
  /** Bytes of the last answer with these columns. */
  const lastBytes = new WeakMap<readonly EntryColumn[], number>();

  function read(
    asker: QueryContext,
    statement: ReadStatement,
    alone = () => statement,
  ): Promise<Result> {
    return new Promise((resolve, reject) => {
      waiting.push({ asker, statement, alone, resolve, reject });
      next();
    });
  }

  function next(): void {
    if (isPaused || idle.length === 0) return;
    while (waiting.length > 0 && !isWanted(waiting[0]!)) waiting = waiting.slice(1);
    if (waiting.length === 0) return;
    const connection = idle.pop()!;
    const [first] = waiting;
    void (isLoner(first!)
      ? executeFirst(connection, first)
      : answer(connection, takeBatch(first!)));
  }

  async function executeFirst(connection: Executor, { execute }: ExclusiveRead): Promise<void> {
    waiting = waiting.slice(1);
    await execute(connection);
    giveBack(connection);
  }

  /** The one that has waited longest, and others that its statement can answer. */
  function takeBatch(first: Waiter): readonly Waiter[] {
    const fits = (waiter: Waiter | ExclusiveRead): waiter is Waiter =>
      waiter === first ||
      (first.statement.isShared &&
        !isLoner(waiter) &&
        waiter.statement.sql === first.statement.sql);
    const candidates = waiting.slice(0, maxCandidates);
    const batch = new Set(candidates.filter(fits).slice(0, maxReads));
    waiting = waiting.filter((waiter) => !batch.has(waiter as Waiter));
    return [...batch];
  }

  async function answer(connection: Executor, batch: readonly Waiter[]): Promise<void> {
    const { sql, values, isShared } = batch[0]!.statement;
    const all = batch.map(({ statement }) => statement.values).join(',');
    try {
      const rows = await connection.all<{ result: Result }>({
        sql,
        // Without values there is no parameter to bind them to.
        parameters: isShared ? [`[${all}]`] : values === '[]' ? [] : [values],
      });
      batch.forEach(({ resolve }, at) => resolve(rows[at]!.result));
    } catch (error) {
      if (batch.length === 1) batch[0]!.reject(error);
      // The fault of one of them, perhaps.
      else waiting.push(...batch.map((waiter) => ({ ...waiter, statement: waiter.alone() })));
    }
    giveBack(connection);
  }

  function giveBack(connection: Executor): void {
    idle.push(connection);
    if (idle.length === connections.length) onIdle();
    next();
  }

  return {
    async entries(query) {
      const isSmall = (lastBytes.get(query.columns) ?? Infinity) <= maxBytes;
      const objects = (await read(query, selectEntries(query, isSmall), () =>
        selectEntries(query, false),
      )) as Buffer | null;
      lastBytes.set(query.columns, objects?.byteLength ?? Infinity);
      return objects;
    },
    async times(query) {
      return (await read(query, selectTimes(query))) as string | null;
    },
    async pause(maxMs, work) {
      isPaused = true;
      try {
        if (idle.length < connections.length) {
          await new Promise<void>((resolve) => {
            const timer = setTimeout(resolve, maxMs);
            onIdle = () => {
              clearTimeout(timer);
              resolve();
            };
          });
        }
        return idle.length === connections.length ? await work() : undefined;
      } finally {
        isPaused = false;
        connections.forEach(next);
      }
    },
    all: <Row>(query: Query, asker?: QueryContext) =>
      new Promise<Row[]>((resolve, reject) => {
        const execute = (connection: Executor): Promise<void> =>
          connection.all<Row>(query).then(resolve, reject);
        waiting.push({ asker, execute, reject });
        next();
      }),
  };
}

/** Whether it is still to be read; otherwise it has failed. */
function isWanted({ asker, reject }: Waiter | ExclusiveRead): boolean {
  try {
    asker?.check?.();
    return true;
  } catch (error) {
    reject(error);
    return false;
  }
}

function isLoner(waiter: Waiter | ExclusiveRead): waiter is ExclusiveRead {
  return 'execute' in waiter;
}
