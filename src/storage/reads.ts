import {
  entrySeparator,
  type BucketCounts,
  type EntryKey,
  type EntryQuery,
  type LogEntryRepository,
  type SessionQuery,
  type SessionSummary,
} from '../logs/log-entry-repository';
import type { QueryContext } from '../logs/model/read-context';
import type { Select } from './dialect';
import type { createQueries } from './queries';
import type { SessionWay } from './session-sql';
import { createWorkQueue } from '../logs/model/work-queue';

/** Pages of exports that are read at a time with bounded filters: the other connections answer other reads. */
const maxLineReads = 1;
/** Milliseconds that such a page may wait for its turn. */
const maxLineWaitMs = 60_000;

/** How a database executes reads. */
export interface ReadExecutor {
  readonly all: <Row>(select: Select, context: QueryContext) => Promise<Row[]>;
  /** Entries as JSON objects with separators between; null if more than `limit` match. */
  readonly entries: (query: EntryQuery, context: QueryContext) => Promise<string | Buffer | null>;
}

/** An integer, as text where a driver does not know that it is below 2^53. */
type Integer = number | string;

interface TimesRow {
  readonly count: Integer;
  readonly first: string;
  readonly last: string;
}

interface LinesRow {
  readonly text: string | Buffer;
  readonly count: Integer;
  readonly keys: string;
}

interface TypeRow extends TimesRow {
  readonly type: string;
  readonly types: Integer;
  readonly entries: Integer;
}

interface CellRow {
  readonly x: Integer | null;
  readonly y: Integer | null;
  readonly count: Integer;
}

interface SessionRow {
  readonly userId: string;
  readonly sessionId: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly entryCount: string;
}

/** The methods of a repository that read entries and sessions. */
export function createReads(queries: ReturnType<typeof createQueries>, { all, entries }: ReadExecutor) {
  const lineReads = createWorkQueue({ capacity: maxLineReads, maxWaitMs: maxLineWaitMs });

  return {
    async findEntries(query, context) {
      for (;;) {
        const objects = await entries(query, context);
        if (objects !== null) return { objects };
        const [row] = await all<TimesRow>(queries.entryTimes(query), context);
        const { count, first, last } = row!;
        if (Number(count) > query.limit) return { firstTime: BigInt(first), excessTime: BigInt(last) };
        // Entries were erased between the two statements.
      }
    },

    async findExcess(query, maxBytes, context) {
      const [row] = await all<{ first: string | null; excess: string | null }>(
        queries.excess(query, maxBytes),
        context,
      );
      const { first, excess } = row!;
      if (first === null || excess === null) return undefined;
      return { firstTime: BigInt(first), excessTime: BigInt(excess) };
    },

    async findPage(query, context) {
      const [row] = await all<{ objects: string | Buffer; keys: string }>(queries.page(query), context);
      const { keys: text, objects: sent } = row!;
      const keys = text === '' ? [] : text.split(' ').map(toKey);
      const objects = typeof sent === 'string' ? Buffer.from(sent) : sent;
      if (keys.length <= query.first) return { objects, keys, hasMore: false };
      const end = objects.lastIndexOf(entrySeparator);
      return { objects: objects.subarray(0, end), keys: keys.slice(0, -1), hasMore: true };
    },

    async findLines(query, context) {
      const select = queries.lines(query);
      // The client of an export is waited for instead: see http/sending/send-stream.
      const read = () => all<LinesRow>(select, { ...context, room: () => Infinity });
      const [row] = await (select.readClass === 'bounded' ? lineReads.run(read, context) : read());
      const { text, count, keys } = row!;
      return {
        text: typeof text === 'string' ? Buffer.from(text) : text,
        count: Number(count),
        last: keys === '' ? undefined : toKey(keys.slice(keys.lastIndexOf(' ') + 1)),
      };
    },

    async findNewestId(context) {
      const [row] = await all<{ id: string }>(queries.newestId(), context);
      return row!.id;
    },

    async countEntries(filter, upTo, context) {
      const [row] = await all<{ count: Integer }>(queries.count(filter, upTo), context);
      return Number(row!.count);
    },

    async findTimeRange(filter, context) {
      const [row] = await all<{ first: string | null; last: string | null }>(
        queries.timeRange(filter),
        context,
      );
      const { first, last } = row!;
      return first === null || last === null ? undefined : { first: BigInt(first), last: BigInt(last) };
    },

    async countByBucket(query, context) {
      return all<BucketCounts>(queries.histogram(query), context);
    },

    async countByType(filter, limit, context) {
      const rows = await all<TypeRow>(queries.types(filter, limit), context);
      const types = rows.map(({ type, count, first, last }) => ({
        type,
        count: Number(count),
        first: BigInt(first),
        last: BigInt(last),
      }));
      const listedCount = types.reduce((sum, { count }) => sum + count, 0);
      const otherCount = Number(rows[0]?.entries ?? 0) - listedCount;
      return { types, otherTypeCount: Number(rows[0]?.types ?? 0) - types.length, otherCount };
    },

    async findIds(query, context) {
      const rows = await all<{ id: Integer }>(queries.ids(query), context);
      return new Set(rows.map(({ id }) => Number(id)));
    },

    async countByCell(query, context) {
      const rows = await all<CellRow>(queries.clicks(query), context);
      const cells = rows.flatMap(({ x, y, count }) =>
        x === null ? [] : [{ x: Number(x), y: Number(y), count: Number(count) }],
      );
      return { cells, outsideCount: Number(rows.find(({ x }) => x === null)?.count ?? 0) };
    },

    async findSessions(query, context) {
      const read = async (wanted: SessionQuery, way?: SessionWay) =>
        (await all<SessionRow>(queries.sessions(wanted, way), context)).map(toSummary);
      const passed = queries.passedEntries(query);
      if (!passed) return read(query);
      const [row] = await all<{ time: string | null }>(passed, context);
      if (row!.time === null) return read(query, 'entries');
      const startTime = BigInt(row!.time) + 1n;
      const found = await read({ ...query, filter: { ...query.filter, startTime } }, 'entries');
      return found.length === query.first ? found : read(query, 'all');
    },
  } satisfies Partial<LogEntryRepository>;
}

function toKey(text: string): EntryKey {
  const [time, id] = text.split(':');
  return { time: BigInt(time!), id: id! };
}

function toSummary({ startedAt, endedAt, entryCount, ...key }: SessionRow): SessionSummary {
  return { ...key, startedAt: BigInt(startedAt), endedAt: BigInt(endedAt), entryCount: Number(entryCount) };
}
