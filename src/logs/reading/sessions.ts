import { createCursors, idForm, instantForm } from './cursor';
import { openEntryConnection, type EntryConnection, type EntryListOptions } from './entry-page';
import { formatInstant } from '../model/instant';
import { toLogFilter } from '../filtering/log-filter';
import type { LogOrder, SessionSummary } from '../log-entry-repository';
import { checkPage, type PageArguments, type PageInfo } from './page';
import { judgeAll } from '../validation/validate';

/** All that a user did in one session. */
export interface Session {
  readonly userId: string;
  readonly sessionId: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly entryCount: number;
  readonly entries: (args: PageArguments & { readonly order: LogOrder }) => EntryConnection;
}

export interface SessionConnection {
  readonly edges: readonly { readonly cursor: string; readonly node: Session }[];
  readonly nodes: readonly Session[];
  readonly pageInfo: PageInfo;
}

export function toSession(
  { userId, sessionId, startedAt, endedAt, entryCount }: SessionSummary,
  options: EntryListOptions,
): Session {
  const lists = new Map<string, EntryConnection>();
  return {
    userId,
    sessionId,
    startedAt: formatInstant(startedAt),
    endedAt: formatInstant(endedAt),
    entryCount,
    entries({ order, ...page }) {
      // The same list when it is asked for again, which knows what it has failed with.
      const key = JSON.stringify([order, page.first, page.after]);
      const known = lists.get(key);
      if (known) return known;
      const filter = { userIds: [userId], sessionIds: [sessionId] };
      const list = openEntryConnection(options, filter, order, page);
      lists.set(key, list);
      return list;
    },
  };
}

/**
 * A page of sessions, newest first.
 * @param sent the argument `filter`
 * @throws {InvalidInputError}
 */
export async function readSessionConnection(
  options: EntryListOptions,
  sent: unknown,
  page: PageArguments,
): Promise<SessionConnection> {
  const [{ userIds, startTime, endTime }] = judgeAll(
    () => toLogFilter(sent),
    () => checkPage(page),
  );
  const filter = { userIds, startTime, endTime };
  const cursors = createCursors({ list: 'sessions', filter }, [instantForm, idForm, idForm]);
  const { first, after } = page;
  const isAfter = typeof after === 'string';
  const found = await options.store.readSessions({
    filter,
    first: first + 1,
    after: isAfter ? toKey(cursors.decode(after)) : undefined,
    ...options.reader,
  });
  const edges = found.slice(0, first).map((summary) => ({
    cursor: cursors.encode([String(summary.startedAt), summary.sessionId, summary.userId]),
    node: toSession(summary, options),
  }));
  return {
    edges,
    nodes: edges.map(({ node }) => node),
    pageInfo: {
      hasNextPage: found.length > first,
      hasPreviousPage: isAfter,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

function toKey([startedAt, sessionId, userId]: readonly string[]) {
  return { startedAt: BigInt(startedAt!), sessionId: sessionId!, userId: userId! };
}
