import { createCursors, instantForm } from './cursor';
import type { LogEntry } from './flatten';
import type { JsonParts } from './json';
import type { LogFilter } from './log-filter';
import {
  entryFields,
  type EntryColumn,
  type EntryKey,
  type LogOrder,
  type LogStore,
} from './log-store';
import { once } from './once';
import { checkPage, type PageArguments, type PageInfo } from './page-arguments';
import { IsIntegerFrom } from './rules/integer';
import type { UnsentAnswers } from './unsent-answers';
import { requireValid } from './violations';

/** A number that was counted up to a bound. */
export interface BoundedCount {
  readonly value: number;
  readonly exact: boolean;
}

/** A page of entries, rendered. */
export interface RenderedPage {
  /** The JSON objects of the entries, with commas between. */
  readonly objects: JsonParts;
  /** The same, one by one, with their cursors. */
  readonly items: () => readonly { readonly cursor: string; readonly object: string }[];
  readonly pageInfo: PageInfo;
}

/** A page of entries, of which nothing is read before it is asked for. */
export interface EntryConnection {
  /** The page, its entries with these columns. */
  render(columns: readonly EntryColumn[]): Promise<RenderedPage>;
  nodes(): Promise<readonly LogEntry[]>;
  edges(): Promise<readonly { readonly cursor: string; readonly node: LogEntry }[]>;
  pageInfo(): Promise<PageInfo>;
  /** @throws {InvalidInputError} */
  totalCount(args: { readonly upTo: number }): Promise<BoundedCount>;
}

export interface EntryListOptions {
  readonly store: LogStore;
  readonly unsentAnswers: UnsentAnswers;
  readonly mustBeLatest: boolean;
}

const maxCount = 1_000_000;
class CountRules {
  @IsIntegerFrom(1, maxCount)
  readonly upTo!: number;
}

const everyColumn = entryFields.map((field) => ({ key: field, field }));

/**
 * @throws {InvalidInputError} when `first` is out of bounds or `after` no cursor of this list
 */
export function openEntryConnection(
  { store, unsentAnswers, mustBeLatest }: EntryListOptions,
  filter: LogFilter,
  order: LogOrder,
  page: PageArguments,
): EntryConnection {
  checkPage(page);
  const { first, after } = page;
  const cursors = createCursors({ list: 'entries', order, filter }, [instantForm, /^\d{1,16}$/]);
  const afterKey = typeof after === 'string' ? toKey(cursors.decode(after)) : undefined;

  async function render(columns: readonly EntryColumn[]): Promise<RenderedPage> {
    const { objects, keys, hasMore } = await store.readPage({
      filter,
      order,
      columns,
      first,
      after: afterKey,
      mustBeLatest,
    });
    unsentAnswers.admit(objects.byteLength);
    const cursorAt = (at: number): string | null => {
      const key = keys.at(at);
      return key ? cursors.encode([String(key.time), key.id]) : null;
    };
    return {
      objects: objects.byteLength > 0 ? [objects] : [],
      items: () =>
        // No line break is inside of an object: JSON escapes those of its strings.
        keys.length === 0
          ? []
          : objects
              .toString()
              .split(',\n')
              .map((object, at) => ({ object, cursor: cursorAt(at)! })),
      pageInfo: {
        hasNextPage: hasMore,
        hasPreviousPage: afterKey !== undefined,
        startCursor: cursorAt(0),
        endCursor: cursorAt(-1),
      },
    };
  }

  const everything = once(() => render(everyColumn));
  return {
    render,
    nodes: async () => JSON.parse(`[${(await everything()).objects.join('')}]`) as LogEntry[],
    edges: async () =>
      (await everything())
        .items()
        .map(({ cursor, object }) => ({ cursor, node: JSON.parse(object) as LogEntry })),
    pageInfo: async () => (await everything()).pageInfo,
    totalCount: async ({ upTo }) => {
      requireValid(CountRules, ['upTo'], { upTo });
      const count = await store.count({ filter, upTo: upTo + 1, mustBeLatest });
      return { value: Math.min(count, upTo), exact: count <= upTo };
    },
  };
}

function toKey([time, id]: readonly string[]): EntryKey {
  return { time: BigInt(time!), id: id! };
}
