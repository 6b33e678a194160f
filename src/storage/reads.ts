import type { EntryKey, LogEntryRepository, SessionSummary } from '../logs/log-entry-repository';
import type { Dialect, Select } from './dialect';
import { createQueries, entrySeparator } from './queries';
import type { QueryContext } from '../logs/model/read-context';

/** How a statement is to be executed. */
export interface AskOptions {
  readonly asker: QueryContext;
  /** Whether it reads an unknown number of entries. Few of these are executed at a time, lest they keep all others waiting. */
  readonly isScan: boolean;
  /**
   * Whether it wants the first rows of many, in their order. PostgreSQL must plan it each time, with the values: for a user
   * like most it would fetch all rows and sort them, and with one who has 200,000 that takes 130 ms instead of 2.
   */
  readonly isPage: boolean;
}

/** Executes a statement. */
export type Ask = <Row>(select: Select, options: AskOptions) => Promise<Row[]>;

type Reads = Pick<
  LogEntryRepository,
  | 'findPage'
  | 'countEntries'
  | 'findTimeRange'
  | 'countByBucket'
  | 'countByType'
  | 'countByCell'
  | 'findSessions'
  | 'findSession'
>;

/** Whatever a driver has for an integer. */
type Integer = number | string;

interface SessionRow {
  readonly userId: string;
  readonly sessionId: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly entryCount: string;
}

/** What a store answers beside `logs`, in the dialect of its database. */
export function createReads(dialect: Dialect, ask: Ask): Reads {
  const queries = createQueries(dialect);
  const scan = <Row>(select: Select, asker: QueryContext) =>
    ask<Row>(select, { asker, isScan: true, isPage: false });

  return {
    async findPage(query) {
      const { first, filter } = query;
      const isScan = filter.properties !== undefined;
      const select = queries.page(query);
      const [row] = await ask<{ objects: string | Buffer; keys: string }>(select, {
        asker: query,
        isScan,
        isPage: true,
      });
      const { keys: text } = row!;
      const keys = text === '' ? [] : text.split(' ').map(toKey);
      const objects = typeof row!.objects === 'string' ? Buffer.from(row!.objects) : row!.objects;
      if (keys.length <= first) return { objects, keys, hasMore: false };
      const end = objects.lastIndexOf(entrySeparator);
      return { objects: objects.subarray(0, end), keys: keys.slice(0, -1), hasMore: true };
    },

    async countEntries(query) {
      const [row] = await scan<{ count: Integer }>(queries.count(query), query);
      return Number(row!.count);
    },

    async findTimeRange(query) {
      const [row] = await scan<{ first: string | null; last: string | null }>(
        queries.extent(query),
        query,
      );
      const { first, last } = row!;
      return first === null || last === null
        ? undefined
        : { first: BigInt(first), last: BigInt(last) };
    },

    async countByBucket(query) {
      const rows = await scan<{ bucket: Integer; key: string | null; count: Integer }>(
        queries.histogram(query),
        query,
      );
      return rows.map(({ bucket, key, count }) => ({
        bucket: Number(bucket),
        key,
        count: Number(count),
      }));
    },

    async countByType(query) {
      const rows = await scan<{ type: string; count: Integer; first: string; last: string }>(
        queries.types(query),
        query,
      );
      return rows.map(({ type, count, first, last }) => ({
        type,
        count: Number(count),
        first: BigInt(first),
        last: BigInt(last),
      }));
    },

    async countByCell(query) {
      const rows = await scan<{ x: Integer; y: Integer; count: Integer }>(
        queries.clicks(query),
        query,
      );
      return rows.map(({ x, y, count }) => ({ x: Number(x), y: Number(y), count: Number(count) }));
    },

    async findSessions(query) {
      const rows = await ask<SessionRow>(queries.sessions(query), {
        asker: query,
        isScan: false,
        isPage: true,
      });
      return rows.map(toSummary);
    },

    async findSession(query) {
      const [row] = await ask<SessionRow>(queries.session(query), {
        asker: query,
        isScan: false,
        isPage: false,
      });
      return row && toSummary(row);
    },
  };
}

function toKey(text: string): EntryKey {
  const [time, id] = text.split(':');
  return { time: BigInt(time!), id: id! };
}

function toSummary({ startedAt, endedAt, entryCount, ...ids }: SessionRow): SessionSummary {
  return {
    ...ids,
    startedAt: BigInt(startedAt),
    endedAt: BigInt(endedAt),
    entryCount: Number(entryCount),
  };
}
