import type { EntryQuery } from '../../logs/log-entry-repository';
import type { EntryColumn } from '../../logs/model/log-entry';
import type { QueryContext } from '../../logs/model/read-context';
import type { Select } from '../dialect';
import type { createQueries } from '../queries';
import { toQuery, type Executor, type Query } from './connection';

/** Maximum number of reads that one statement answers. */
const maxReads = 8;
/** Number of queued reads that are searched for such reads. */
const maxCandidates = 64;
/** Results with more bytes are read one by one, which bounds the memory of a statement. */
const maxSharedBytes = 32_768;

/** A queued read of entries. */
interface EntryRead {
  readonly query: EntryQuery;
  readonly context: QueryContext;
  /**
   * A statement that can answer other reads too. Undefined if the result may be large, or after a failure.
   */
  readonly shared: Select | undefined;
  readonly resolve: (objects: Buffer | null) => void;
  readonly reject: (reason: unknown) => void;
}

/** Any other queued read. */
interface ExclusiveRead {
  readonly context: QueryContext | undefined;
  readonly execute: (connection: Executor) => Promise<void>;
  readonly reject: (reason: unknown) => void;
}

interface EntriesRow {
  readonly objects: Buffer | null;
}

export interface ReadPool {
  /** Entries as JSON objects with commas between; null if more than `limit` match. */
  readonly entries: (query: EntryQuery, context: QueryContext) => Promise<Buffer | null>;
  /** Executes any other query in its turn. */
  all<Row>(query: Query, context?: QueryContext): Promise<Row[]>;
  /**
   * Starts no reads, waits for those in progress, then does the work.
   * @param maxMs milliseconds to wait
   * @returns undefined if reads were still in progress; the work is not done then
   */
  pause<Result>(maxMs: number, work: () => Promise<Result>): Promise<Result | undefined>;
}

/**
 * Distributes reads over connections. While all connections are busy, reads of the same form queue up, and
 * one statement answers several: a round trip to the driver's thread and a transaction take longer than
 * reading 20 entries.
 */
export function createReadPool(
  connections: readonly Executor[],
  queries: ReturnType<typeof createQueries>,
): ReadPool {
  const idle = [...connections];
  let waiting: (EntryRead | ExclusiveRead)[] = [];
  let isPaused = false;
  let onIdle = (): void => {};
  /** Bytes of the last result with these columns. */
  const lastBytes = new WeakMap<readonly EntryColumn[], number>();

  /** A statement that reads its values from `read`, a row of {@link executeShared}. */
  const composeShared = (query: EntryQuery): Select => queries.entries(query, (at) => `read.v${at}`);

  function enqueue(read: EntryRead | ExclusiveRead): void {
    waiting.push(read);
    startNext();
  }

  function startNext(): void {
    if (isPaused || idle.length === 0) return;
    while (waiting.length > 0 && isCancelled(waiting[0]!)) waiting = waiting.slice(1);
    const [first] = waiting;
    if (!first) return;
    const connection = idle.pop()!;
    if ('execute' in first) void executeExclusive(connection, first);
    else if (first.shared) void executeShared(connection, takeBatch(first));
    else void executeAlone(connection, first);
  }

  function release(connection: Executor): void {
    idle.push(connection);
    if (idle.length === connections.length) onIdle();
    startNext();
  }

  async function executeExclusive(connection: Executor, { execute }: ExclusiveRead): Promise<void> {
    waiting = waiting.slice(1);
    await execute(connection);
    release(connection);
  }

  async function executeAlone(connection: Executor, { query, resolve, reject }: EntryRead): Promise<void> {
    waiting = waiting.slice(1);
    await connection
      .all<EntriesRow>(toQuery(queries.entries(query)))
      .then(([row]) => resolve(row!.objects), reject);
    release(connection);
  }

  /** The first read, and others that its statement can answer. */
  function takeBatch(first: EntryRead): readonly EntryRead[] {
    const fits = (read: EntryRead | ExclusiveRead): read is EntryRead =>
      'shared' in read && read.shared?.sql === first.shared!.sql;
    const batch = new Set(waiting.slice(0, maxCandidates).filter(fits).slice(0, maxReads));
    waiting = waiting.filter((read) => !batch.has(read as EntryRead));
    return [...batch];
  }

  /**
   * Executes one statement with a row of values for each read, and a result row for each, in the same order.
   */
  async function executeShared(connection: Executor, batch: readonly EntryRead[]): Promise<void> {
    const { sql, values } = batch[0]!.shared!;
    const columns = ['1', ...values.map((_, at) => `value ->> ${at} AS v${at + 1}`)].join(', ');
    const parameter = JSON.stringify(batch.map(({ shared }) => shared!.values));
    try {
      const rows = await connection.all<EntriesRow>({
        sql: `WITH read AS MATERIALIZED (SELECT ${columns} FROM json_each(?))
          SELECT (${sql}) AS objects FROM read`,
        parameters: [parameter],
      });
      batch.forEach(({ resolve }, at) => resolve(rows[at]!.objects));
    } catch (error) {
      if (batch.length === 1) batch[0]!.reject(error);
      // One read may have caused the error: each is repeated with a statement of its own.
      else waiting.push(...batch.map((read) => ({ ...read, shared: undefined })));
    }
    release(connection);
  }

  return {
    async entries(query, context) {
      const { columns } = query;
      const isSmall = (lastBytes.get(columns) ?? Infinity) <= maxSharedBytes;
      const shared = isSmall ? composeShared(query) : undefined;
      const objects = await new Promise<Buffer | null>((resolve, reject) =>
        enqueue({ query, context, shared, resolve, reject }),
      );
      lastBytes.set(columns, objects?.byteLength ?? Infinity);
      return objects;
    },

    all: <Row>(query: Query, context?: QueryContext) =>
      new Promise<Row[]>((resolve, reject) => {
        const execute = (connection: Executor): Promise<void> =>
          connection.all<Row>(query).then(resolve, reject);
        enqueue({ context, execute, reject });
      }),

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
        connections.forEach(startNext);
      }
    },
  };
}

/** Rejects the read if its request no longer needs it. */
function isCancelled({ context, reject }: EntryRead | ExclusiveRead): boolean {
  try {
    context?.check?.();
    return false;
  } catch (error) {
    reject(error);
    return true;
  }
}
