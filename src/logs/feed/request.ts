import { IsOptional } from 'class-validator';
import { ownFilter } from '../access/own-entries';
import type { Principal } from '../access/principal';
import { startOfFeed, type Changes, type ChangeStore } from '../change-store';
import { toChangesFilter, type LogFilter } from '../filtering/log-filter';
import type { EntryColumn } from '../model/log-entry';
import type { QueryContext } from '../model/read-context';
import { columnsToRead, maxCopies } from '../reading/entry-columns';
import { IsText } from '../validation/text';
import { requireValid, validateAll } from '../validation/validate';
import { checkPlace, createFeedCursors, type FeedCursors, type FeedPlace } from './cursor';

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

/** What a client reads of the feed. */
export interface FeedRequest {
  /** That of the client, narrowed to the user of its key. */
  readonly filter: LogFilter;
  /** Belong to the filter that the client sent, not to the narrowed one. */
  readonly cursors: FeedCursors;
  /** Undefined without a cursor. */
  readonly after: FeedPlace | undefined;
  readonly shown: ShownColumns;
  /** The columns to read. */
  readonly columns: readonly EntryColumn[];
}

/**
 * Validates the arguments of `logChanges` and `logRecorded`.
 * @param checkOthers checks further arguments
 * @throws {InvalidInputError} listing every violation
 */
export function toFeedRequest(
  { filter: sent, after }: FeedArguments,
  shown: ShownColumns,
  { userId }: Principal,
  checkOthers: () => unknown = () => undefined,
): FeedRequest {
  const filter = validateAll(
    () => toChangesFilter(sent),
    () => requireValid(CursorRules, { after }),
    checkOthers,
  );
  const cursors = createFeedCursors(filter);
  return {
    filter: userId === undefined ? filter : ownFilter(filter, userId),
    cursors,
    after: typeof after === 'string' ? cursors.decode(after) : undefined,
    shown,
    columns: columnsToRead(shown),
  };
}

/**
 * Reads a page from the database.
 * @param first maximum number of entries
 * @param maxBytes maximum bytes of all lists that show the entries
 * @throws {CursorRefusedError} when the place is not of this database
 */
export async function readChanges(
  store: ChangeStore,
  { filter, columns, shown }: FeedRequest,
  place: FeedPlace | undefined,
  { first, maxBytes }: { readonly first: number; readonly maxBytes: number },
  context: QueryContext,
): Promise<Changes> {
  const copies = shown.reduce((sum, each) => sum + maxCopies(each), 0);
  const after = place?.position ?? startOfFeed;
  const bounds = { first, maxBytes: Math.floor(maxBytes / Math.max(1, copies)) };
  const query = { filter, columns, after, ...bounds };
  let changes = await store.find(query, context);
  const isStrange = place && (changes.isFuture || changes.epoch !== place.epoch);
  // A replica may lag.
  if (isStrange && !context.mustBeLatest)
    changes = await store.find(query, { ...context, mustBeLatest: true });
  checkPlace(place, changes);
  return changes;
}
