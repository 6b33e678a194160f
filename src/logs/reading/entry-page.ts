import { createCursors, instantForm } from './cursor';
import { columnsOf } from '../reading/entry-columns';
import type { JsonParts } from '../model/json';
import { toLogFilter, type LogFilter } from '../filtering/log-filter';
import type { EntryKey, LogOrder, LogEntryRepository } from '../log-entry-repository';
import { maxOccurrences } from '../model/max-occurrences';
import { memoize } from '../model/memoize';
import { validatePage, type PageArguments, type PageInfo } from './page';
import type { ReadContext } from '../model/read-context';
import { IsInteger } from '../validation/numbers';
import { validateAll, requireValid } from '../validation/validate';
import type { LogEntry, EntryColumn } from '../model/log-entry';

/** A number that was counted up to a bound. */
export interface BoundedCount {
  readonly value: number;
  readonly exact: boolean;
}

/** A page of entries, rendered. Whoever takes them has made them a part of the answer. */
export interface RenderedPage {
  /** The JSON objects of the entries, with commas between. */
  readonly objects: () => JsonParts;
  /** The same, one by one, with their cursors. */
  readonly items: () => readonly { readonly cursor: string; readonly object: string }[];
  readonly pageInfo: PageInfo;
}

/**
 * A page of entries, of which nothing is read before it is asked for, and nothing is asked for again when that failed.
 * `fields` are those that are shown of each entry, one twice that has two names: all fields of a connection must be asked
 * for before any of them is waited for.
 */
export interface EntryConnection {
  /** The page, its entries with these columns. */
  render(columns: readonly EntryColumn[]): Promise<RenderedPage>;
  nodes(args: object, fields: readonly string[]): Promise<readonly LogEntry[]>;
  edges(
    args: object,
    fields: readonly string[],
  ): Promise<readonly { readonly cursor: string; readonly node: LogEntry }[]>;
  pageInfo(): Promise<PageInfo>;
  /** @throws {InvalidInputError} */
  totalCount(args: { readonly upTo: number }): Promise<BoundedCount>;
}

/** Where a list of entries reads from, and for which request. */
export interface EntryListOptions {
  readonly repository: LogEntryRepository;
  readonly context: ReadContext;
}

const maxCount = 1_000_000;
class CountRules {
  @IsInteger(1, maxCount)
  readonly upTo!: number;
}

/** The arguments of `logsConnection`, as they were sent. */
export interface LogsConnectionArguments extends PageArguments {
  readonly filter?: unknown;
  readonly order: LogOrder;
}

/**
 * A page of the entries that pass a filter. Nothing is read before it is asked for.
 * @throws {InvalidInputError} listing every violation
 * @throws {FilterTooBroadError}
 */
export function openLogsConnection(
  repository: LogEntryRepository,
  { filter: sent, order, first, after }: LogsConnectionArguments,
  context: ReadContext,
): EntryConnection {
  const page = { first, after };
  const [filter] = validateAll(
    () => toLogFilter(sent),
    () => validatePage(page),
  );
  return openEntryConnection({ repository, context }, filter, order, page);
}

/**
 * @throws {InvalidInputError} when `first` is out of bounds or `after` no cursor of this list
 */
export function openEntryConnection(
  { repository, context }: EntryListOptions,
  filter: LogFilter,
  order: LogOrder,
  page: PageArguments,
): EntryConnection {
  validatePage(page);
  const { first, after } = page;
  const cursors = createCursors({ list: 'entries', order, filter }, [instantForm, /^\d{1,16}$/]);
  const afterKey = typeof after === 'string' ? toKey(cursors.decode(after)) : undefined;

  async function read(columns: readonly EntryColumn[]) {
    const found = await repository.findPage({
      filter,
      order,
      columns,
      first,
      after: afterKey,
      ...context,
    });
    const { objects, keys, hasMore } = found;
    context.admit(objects.byteLength);
    const cursorAt = (at: number): string | null => {
      const key = keys.at(at);
      return key ? cursors.encode([String(key.time), key.id]) : null;
    };
    const pageInfo = {
      hasNextPage: hasMore,
      hasPreviousPage: afterKey !== undefined,
      startCursor: cursorAt(0),
      endCursor: cursorAt(-1),
    };
    return { objects, keys, pageInfo, cursorAt };
  }

  let last: Promise<unknown> = Promise.resolve();
  /** One after the other, so that the first that fails is the last: graphql-js goes on with what the fast path began. */
  function readOnce(columns: readonly EntryColumn[]): ReturnType<typeof read> {
    const found = last.then(() => read(columns));
    last = found;
    return found;
  }

  const wanted = new Set<string>();
  /** The page with all fields that have been wanted until now. */
  const everything = memoize(async () => {
    // Others are wanted in a moment.
    await Promise.resolve();
    const { objects, ...found } = await readOnce(columnsOf(wanted));
    const entries = memoize(() => JSON.parse(`[${objects.toString()}]`) as LogEntry[]);
    return { ...found, objects, entries };
  });

  async function take(fields: readonly string[]) {
    for (const field of fields) wanted.add(field);
    const { objects, entries, cursorAt } = await everything();
    context.take(objects.byteLength * maxOccurrences(fields));
    return { entries: entries(), cursorAt };
  }

  const counts = new Map<number, Promise<BoundedCount>>();
  async function count(upTo: number): Promise<BoundedCount> {
    requireValid(CountRules, { upTo });
    const found = await repository.countEntries({ filter, upTo: upTo + 1, ...context });
    return { value: Math.min(found, upTo), exact: found <= upTo };
  }

  return {
    async render(columns) {
      const { objects, keys, pageInfo, cursorAt } = await readOnce(columns);
      return {
        objects() {
          context.take(objects.byteLength);
          return objects.byteLength > 0 ? [objects] : [];
        },
        items() {
          context.take(objects.byteLength);
          if (keys.length === 0) return [];
          // No line break is inside of an object: JSON escapes those of its strings.
          const texts = objects.toString().split(',\n');
          return texts.map((object, at) => ({ object, cursor: cursorAt(at)! }));
        },
        pageInfo,
      };
    },
    nodes: async (_args, fields) => (await take(fields)).entries,
    async edges(_args, fields) {
      const { entries, cursorAt } = await take(fields);
      return entries.map((node, at) => ({ cursor: cursorAt(at)!, node }));
    },
    pageInfo: async () => (await everything()).pageInfo,
    totalCount({ upTo }) {
      const found = counts.get(upTo) ?? count(upTo);
      counts.set(upTo, found);
      return found;
    },
  };
}

function toKey([time, id]: readonly string[]): EntryKey {
  return { time: BigInt(time!), id: id! };
}
