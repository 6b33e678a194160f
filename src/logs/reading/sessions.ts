import { createCursors, idForm, instantForm } from './cursor';
import { openLogsConnection } from './entry-page';
import { formatInstant } from '../model/instant';
import type { EntryColumn } from '../model/log-entry';
import { toSessionFilter } from '../filtering/log-filter';
import { SessionArguments } from '../filtering/logs-arguments';
import type { EntryReads, LogOrder, SessionKey, SessionSummary } from '../log-entry-repository';
import type { ReadContext } from '../model/read-context';
import { toPageInfo, validatePage, type PageArguments } from './page';
import { validateAll, requireValid } from '../validation/validate';

/** All that a user did in one session. */
export type Session = ReturnType<typeof toSession>;

function toSession(summary: SessionSummary, repository: EntryReads, context: ReadContext) {
  const { userId, sessionId, entryCount } = summary;
  return {
    id: () => Buffer.from(JSON.stringify([userId, sessionId])).toString('base64url'),
    userId,
    sessionId,
    startedAt: formatInstant(summary.startedAt),
    endedAt: formatInstant(summary.endedAt),
    entryCount,
    /**
     * A page of its entries.
     * @param columns see {@link openLogsConnection}
     */
    entries(args: PageArguments & { readonly order: LogOrder }, columns: readonly EntryColumn[]) {
      const filter = { userIds: [userId], sessionIds: [sessionId] };
      return openLogsConnection(repository, { ...args, filter }, columns, context);
    },
  };
}

/** Bytes of the JSON of a session besides its ids, and those of its ids, for each of their bytes. */
const sessionBytes = 150;
const idRatio = 2.4;

function bytesOf({ userId, sessionId }: SessionSummary): number {
  return sessionBytes + idRatio * (Buffer.byteLength(userId) + Buffer.byteLength(sessionId));
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
  repository: EntryReads,
  { userId, sessionId }: SessionKey,
  context: ReadContext,
): Promise<Session | null> {
  requireValid(SessionArguments, { userId, sessionId });
  const query = { filter: { userIds: [userId] }, sessionId, first: 1 };
  const [found] = await repository.findSessions(query, context);
  return found ? toSession(found, repository, context) : null;
}

/**
 * A page of sessions, newest first.
 * @throws {InvalidInputError} listing every violation
 */
export async function readSessions(
  repository: EntryReads,
  { filter: sent, ...page }: SessionsArguments,
  context: ReadContext,
) {
  const { userIds, startTime, endTime } = validateAll(
    () => toSessionFilter(sent),
    () => validatePage(page),
  );
  const filter = { userIds, startTime, endTime };
  const cursors = createCursors({ list: 'sessions', filter }, [instantForm, idForm, idForm]);
  const cursorOf = ({ startedAt, sessionId, userId }: SessionSummary): string =>
    cursors.encode([String(startedAt), sessionId, userId]);
  const { first, after } = page;
  const afterKey = typeof after === 'string' ? toKey(cursors.decode(after)) : undefined;
  const found = await repository.findSessions({ filter, first: first + 1, after: afterKey }, context);
  const summaries = found.slice(0, first);
  context.expect(summaries.reduce((sum, summary) => sum + bytesOf(summary), 0));
  const edges = summaries.map((summary) => ({
    cursor: cursorOf(summary),
    node: toSession(summary, repository, context),
  }));
  return {
    edges,
    nodes: edges.map(({ node }) => node),
    pageInfo: toPageInfo(summaries, cursorOf, found.length > first, afterKey !== undefined),
  };
}

function toKey([startedAt, sessionId, userId]: readonly string[]) {
  return { startedAt: BigInt(startedAt!), sessionId: sessionId!, userId: userId! };
}
