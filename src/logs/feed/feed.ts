import { IsOptional } from 'class-validator';
import { ownFilter } from '../access/own-entries';
import type { Principal } from '../access/principal';
import { startOfFeed, type Changes, type ChangeStore, type ErasureNotice } from '../change-store';
import { toChangesFilter, type LogFilter } from '../filtering/log-filter';
import { ServerStoppingError } from '../model/errors';
import { formatInstant } from '../model/instant';
import { limits } from '../model/limits';
import type { EntryColumn } from '../model/log-entry';
import type { QueryContext, ReadContext } from '../model/read-context';
import { listJson, writeJson } from '../model/write-json';
import { columnsToRead, maxCopies, showEntries } from '../reading/entry-columns';
import { IsInteger } from '../validation/numbers';
import { IsText } from '../validation/text';
import { requireValid, validateAll } from '../validation/validate';
import { checkPlace, createFeedCursors, type FeedCursors, type FeedPlace } from './cursor';
import type { ChangesPage, ShownErasure } from './page';
import type { Subscriber } from './subscriber';

/** Maximum bytes of the entries' JSON on a page. */
const maxPageBytes = 1_000_000;
const maxMessageBytes = 262_144;

class PageRules {
  @IsInteger(1, limits.maxPageSize) readonly first!: number;
}
class CursorRules {
  @IsOptional() @IsText(1_000) readonly after?: string | null;
}

/** The arguments of `logRecorded`, as they were sent. */
export interface FeedArguments {
  readonly filter?: unknown;
  readonly after?: unknown;
}

/** The columns of each list that shows the entries of a page. */
export type ShownColumns = readonly (readonly EntryColumn[])[];

export type Feed = ReturnType<typeof createFeed>;

/** Creates the feed of a database. */
export function createFeed(store: ChangeStore) {
  const live = new Set<(error: (cursor: string) => Error) => void>();

  function open(
    { filter: sent, after: sentCursor }: FeedArguments,
    { userId }: Principal,
    rules: () => unknown = () => undefined,
  ) {
    const filter = validateAll(
      () => toChangesFilter(sent),
      () => requireValid(CursorRules, { after: sentCursor }),
      rules,
    );
    const cursors = createFeedCursors(filter);
    const after = typeof sentCursor === 'string' ? cursors.decode(sentCursor) : undefined;
    return { filter: userId === undefined ? filter : ownFilter(filter, userId), cursors, after };
  }

  async function find(
    filter: LogFilter,
    place: FeedPlace | undefined,
    shown: ShownColumns,
    first: number,
    maxBytes: number,
    context: QueryContext,
  ): Promise<Changes> {
    const copies = Math.max(1, ...shown.map(maxCopies));
    const changes = await store.find(
      {
        filter,
        columns: columnsToRead(shown),
        after: place?.position ?? startOfFeed,
        first,
        maxBytes: Math.floor(maxBytes / copies),
      },
      context,
    );
    checkPlace(place, changes);
    return changes;
  }

  return {
    /** A page of `logChanges`. */
    async read(
      { first, ...args }: FeedArguments & { readonly first: number },
      shown: ShownColumns,
      principal: Principal,
      context: ReadContext,
    ): Promise<ChangesPage> {
      const { filter, cursors, after } = open(args, principal, () => requireValid(PageRules, { first }));
      const changes = await find(filter, after, shown, first, maxPageBytes, context);
      context.admit(changes.objects.byteLength);
      return toPage(changes, cursors, columnsToRead(shown));
    },

    /** A subscription: `logRecorded`. */
    async subscribe(
      args: FeedArguments,
      shown: ShownColumns,
      principal: Principal,
      context: QueryContext,
    ): Promise<Subscriber> {
      const { filter, cursors, after } = open(args, principal);
      const columns = columnsToRead(shown);
      let place: FeedPlace;
      let first: ChangesPage | undefined;
      const read = async (from: FeedPlace): Promise<ChangesPage> => {
        const changes = await find(filter, from, shown, limits.maxPageSize, maxMessageBytes, context);
        place = { epoch: changes.epoch, position: changes.end };
        return toPage(changes, cursors, columns);
      };
      if (after) first = await read((place = after));
      else {
        const { epoch, end } = await store.findEnd(context);
        place = { epoch, position: end };
        const none = { epoch, end, objects: Buffer.alloc(0), positions: [], erasures: [] };
        first = toPage({ ...none, hasMore: false, isFuture: false }, cursors, columns);
      }
      let wake = (): void => {};
      let error: ((cursor: string) => Error) | undefined;
      let isOver = false;
      let cursor: string | undefined;
      let settle!: () => void;
      const ended = new Promise<void>((resolve) => (settle = resolve));
      const unwatch = store.watch(() => wake());
      const end = (reason?: (cursor: string) => Error): void => {
        error ??= reason;
        isOver = true;
        live.delete(end);
        unwatch();
        if (reason) settle();
        wake();
      };
      live.add(end);
      const subscriber: Subscriber = {
        ended,
        get cursor() {
          return cursor;
        },
        async next() {
          for (;;) {
            if (error) {
              const thrown = error(cursors.encode(place));
              error = undefined;
              throw thrown;
            }
            if (isOver) return { done: true, value: undefined };
            const page: ChangesPage = first ?? (await read(place));
            if (first || page.hasMore || page.erasures.length > 0 || page.cursor !== cursor) {
              first = undefined;
              ({ cursor } = page);
              return { done: false, value: page };
            }
            await new Promise<void>((resolve) => (wake = resolve));
          }
        },
        async return() {
          end();
          return { done: true, value: undefined };
        },
        [Symbol.asyncIterator]: () => subscriber,
      };
      return subscriber;
    },

    /** Ends all subscriptions. */
    stop(): void {
      for (const end of live) end((cursor) => new ServerStoppingError(cursor));
    },
  };
}

function toPage(
  { objects, erasures, epoch, end, hasMore }: Changes,
  cursors: FeedCursors,
  read: readonly EntryColumn[],
): ChangesPage {
  return {
    async entries(columns, { take }) {
      if (columns !== read) return writeJson(listJson(showEntries(objects, columns), String), take);
      take(objects.byteLength);
      return ['[', objects, ']'];
    },
    erasures: erasures.map(toShown),
    cursor: cursors.encode({ epoch, position: end }),
    hasMore,
  };
}

function toShown({ userId, sessionId, erasedAt }: ErasureNotice): ShownErasure {
  return { userId, sessionId: sessionId ?? null, erasedAt: formatInstant(erasedAt) };
}
