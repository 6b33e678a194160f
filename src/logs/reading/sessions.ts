import { createCursors, idForm, instantForm } from './cursor';
import { openEntryConnection, type EntryConnection, type EntryListOptions } from './entry-page';
import { formatInstant } from '../model/instant';
import type { EntryColumn } from '../model/log-entry';
import { toSessionFilter } from '../filtering/log-filter';
import { SessionArguments } from '../filtering/session-arguments';
import type { LogEntryRepository, LogOrder, SessionKey, SessionSummary } from '../log-entry-repository';
import type { ReadContext } from '../model/read-context';
import { validatePage, type PageArguments, type PageInfo } from './page';
import { validateAll, requireValid } from '../validation/validate';

/** All that a user did in one session. */
export interface Session {
  readonly userId: string;
  readonly sessionId: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly entryCount: number;
  /**
   * A page of its entries.
   * @param columns see {@link openLogsConnection}
   */
  entries(
    args: PageArguments & { readonly order: LogOrder },
    columns: readonly EntryColumn[],
  ): EntryConnection;
}

export interface SessionConnection {
  readonly edges: readonly { readonly cursor: string; readonly node: Session }[];
  readonly nodes: readonly Session[];
  readonly pageInfo: PageInfo;
}

function toSession(
  { userId, sessionId, startedAt, endedAt, entryCount }: SessionSummary,
  options: EntryListOptions,
): Session {
  return {
    userId,
    sessionId,
    startedAt: formatInstant(startedAt),
    endedAt: formatInstant(endedAt),
    entryCount,
    entries({ order, ...page }, columns) {
      const filter = { userIds: [userId], sessionIds: [sessionId] };
      return openEntryConnection(options, filter, order, page, columns);
    },
  };
}

/** The arguments of `sessions`, as they were sent. */
export interface SessionsArguments extends PageArguments {
  readonly filter?: unknown;
}

/**
 * One session; null when nothing is recorded in it.
 * @throws {InvalidInputError} listing every violation
 */
export async function readSession(
  repository: LogEntryRepository,
  { userId, sessionId }: SessionKey,
  context: ReadContext,
): Promise<Session | null> {
  requireValid(SessionArguments, { userId, sessionId });
  const found = await repository.findSession({ userId, sessionId }, context);
  return found ? toSession(found, { repository, context }) : null;
}

/**
 * A page of sessions, newest first.
 * @throws {InvalidInputError} listing every violation
 */
export async function readSessions(
  repository: LogEntryRepository,
  { filter: sent, ...page }: SessionsArguments,
  context: ReadContext,
): Promise<SessionConnection> {
  const options = { repository, context };
  const { userIds, startTime, endTime } = validateAll(
    () => toSessionFilter(sent),
    () => validatePage(page),
  );
  const filter = { userIds, startTime, endTime };
  const cursors = createCursors({ list: 'sessions', filter }, [instantForm, idForm, idForm]);
  const { first, after } = page;
  const isAfter = typeof after === 'string';
  const afterKey = isAfter ? toKey(cursors.decode(after)) : undefined;
  const query = { filter, first: first + 1, after: afterKey };
  const found = await repository.findSessions(query, context);
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
