import type { EntryQuery } from '../../logs/log-entry-repository';
import type { EntryColumn } from '../../logs/model/log-entry';
import type { QueryContext } from '../../logs/model/read-context';
import type { Select } from '../dialect';
import type { createQueries } from '../queries';
import { toQuery, type Executor, type Query } from './connection';

/** Maximum number of reads that one statement answers. */
const maxReads = 16;
/** Number of queued reads that are searched for such reads. */
const maxCandidates = 64;
/** Results with more bytes are read one by one, which bounds the memory of a statement. */
const maxSharedBytes = 32_768;

/** A queued read. */
interface Read {
  readonly context: QueryContext | undefined;
  readonly toQuery: () => Query;
  /** A statement for several reads of entries. Undefined for other, large and repeated reads. */
  readonly shared: Select | undefined;
  readonly resolve: (rows: never[]) => void;
  readonly reject: (reason: unknown) => void;
}

interface EntriesRow {
  readonly objects: Buffer | null;
}

export type ReadPool = ReturnType<typeof createReadPool>;

/**
 * Distributes reads over connections. Reads of the same form that arrive in one turn of the event loop, or
 * while all connections are busy, share a statement: a round trip to the driver's thread and a transaction
 * take longer than reading 20 entries. A read that cannot share starts at once.
 */
export function createReadPool(connections: readonly Executor[], queries: ReturnType<typeof createQueries>) {
  const idle = [...connections];
  let waiting: Read[] = [];
  let isPaused = false;
  let isScheduled = false;
  let onIdle = (): void => {};
  /** Bytes of the last result with these columns. */
  const lastBytes = new WeakMap<readonly EntryColumn[], number>();

  /** A statement that reads its values from `read`, a row of {@link executeShared}. */
  const composeShared = (query: EntryQuery): Select => queries.entries(query, (at) => `read.v${at}`);

  /** Queues a read and returns its rows. */
  function enqueue<Row>(context: QueryContext | undefined, toQuery: () => Query, shared?: Select) {
    return new Promise<Row[]>((resolve, reject) => {
      waiting.push({ context, toQuery, shared, resolve, reject });
      if (shared) schedule();
      else startNext();
    });
  }

  /** Starts reads after this turn of the event loop. */
  function schedule(): void {
    if (isScheduled || idle.length === 0) return;
    isScheduled = true;
    setImmediate(() => {
      isScheduled = false;
      idle.slice().forEach(startNext);
    });
  }

  function startNext(): void {
    if (isPaused || idle.length === 0) return;
    while (waiting.length > 0 && isCancelled(waiting[0]!)) waiting = waiting.slice(1);
    const [first] = waiting;
    if (!first) return;
    const connection = idle.pop()!;
    if (first.shared) void executeShared(connection, takeBatch(first.shared));
    else void executeAlone(connection, first);
  }

  function release(connection: Executor): void {
    idle.push(connection);
    if (idle.length === connections.length) onIdle();
    startNext();
  }

  async function executeAlone(
    connection: Executor,
    { context, toQuery, resolve, reject }: Read,
  ): Promise<void> {
    waiting = waiting.slice(1);
    await connection.all<never>(toQuery(), context).then(resolve, reject);
    release(connection);
  }

  /** The first reads that one statement can answer. */
  function takeBatch({ sql }: Select): readonly Read[] {
    const candidates = waiting.slice(0, maxCandidates).filter(({ shared }) => shared?.sql === sql);
    const batch = new Set(candidates.slice(0, maxReads));
    waiting = waiting.filter((read) => !batch.has(read));
    return [...batch];
  }

  /** Executes one statement with a row of values for each read; its rows are in the same order. */
  async function executeShared(connection: Executor, batch: readonly Read[]): Promise<void> {
    const { sql, values } = batch[0]!.shared!;
    const columns = ['1', ...values.map((_, at) => `value ->> ${at} AS v${at + 1}`)].join(', ');
    const parameter = JSON.stringify(batch.map(({ shared }) => shared!.values));
    try {
      const rows = await connection.all<never>({
        sql: `WITH read AS MATERIALIZED (SELECT ${columns} FROM json_each(?))
          SELECT (${sql}) AS objects FROM read`,
        parameters: [parameter],
      });
      batch.forEach(({ resolve }, at) => resolve([rows[at]!]));
    } catch (error) {
      if (batch.length === 1) batch[0]!.reject(error);
      // One read may have caused the error: each is repeated with a statement of its own.
      else waiting.push(...batch.map((read) => ({ ...read, shared: undefined })));
    }
    release(connection);
  }

  return {
    /** Entries as JSON objects with separators between; null if more than `limit` match. See {@link Query}. */
    entries: async (query: EntryQuery, context: QueryContext, timeoutMs?: number): Promise<Buffer | null> => {
      const { columns } = query;
      const isSmall = timeoutMs === undefined && (lastBytes.get(columns) ?? Infinity) <= maxSharedBytes;
      const shared = isSmall ? composeShared(query) : undefined;
      const [row] = await enqueue<EntriesRow>(
        context,
        () => ({ ...toQuery(queries.entries(query)), timeoutMs }),
        shared,
      );
      const { objects } = row!;
      lastBytes.set(columns, objects?.byteLength ?? Infinity);
      return objects;
    },

    /** Executes any other query in its turn. */
    all: <Row>(query: Query, context?: QueryContext) => enqueue<Row>(context, () => query),

    /**
     * Starts no reads, waits for those in progress, then does the work.
     * @param maxMs milliseconds to wait
     * @returns undefined if reads were still in progress; the work is not done then
     */
    async pause<Result>(maxMs: number, work: () => Promise<Result>): Promise<Result | undefined> {
      isPaused = true;
      try {
        if (idle.length < connections.length) {
          await new Promise<void>((resolve) => {
            onIdle = resolve;
            setTimeout(resolve, maxMs);
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
function isCancelled({ context, reject }: Read): boolean {
  try {
    context?.check?.();
    return false;
  } catch (error) {
    reject(error);
    return true;
  }
}
