import { Button } from '../design/button';
import { Link } from '../design/link';
import { ErrorNotice } from '../design/notice';
import { usePreferences } from '../state/preferences';
import { sessionsHref } from '../state/session-search';
import { formatCount, formatDuration, formatTime } from '../time/format';
import type { SessionId } from './session-queries';
import { durationOf, useSessions, type SessionRow } from './use-sessions';

const pageSize = 50;

/** The sessions of the user, newest first, with the one that the page shows marked. */
export function UserSessions({ id, session }: { id: SessionId; session: SessionRow | undefined }) {
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useSessions(
    { userIds: [id.userId] },
    pageSize,
  );
  const rows = data?.pages.flatMap(({ nodes }) => nodes) ?? [];
  const isLoaded = rows.some((row) => row.id === session?.id);
  return (
    <aside className="session-others" aria-label="Sessions of this user">
      <h2>Sessions of this user</h2>
      {!data && !error && <p className="muted">Loading…</p>}
      {data && rows.length === 0 && !session && <p className="muted">None.</p>}
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      <ol>
        {rows.map((row) => (
          <OtherSession key={row.id} row={row} isCurrent={row.id === session?.id} />
        ))}
        {hasNextPage && (
          <li>
            <Button isDisabled={isFetchingNextPage} onPress={() => void fetchNextPage()}>
              {isFetchingNextPage ? 'Loading…' : 'Load older sessions'}
            </Button>
          </li>
        )}
        {data && session && !isLoaded && <OtherSession row={session} isCurrent />}
      </ol>
    </aside>
  );
}

function OtherSession({ row, isCurrent }: { row: SessionRow; isCurrent: boolean }) {
  const { timeZone } = usePreferences();
  const { userId, sessionId, entryCount, startedAt } = row;
  return (
    <li>
      <Link
        className="session-other"
        href={sessionsHref({ userId, sessionId })}
        aria-current={isCurrent ? 'page' : undefined}
        title={sessionId}
      >
        <span>{formatTime(startedAt, timeZone, 0)}</span>
        <span className="muted">
          {entryCount === 1 ? '1 entry' : `${formatCount(entryCount)} entries`}
          {entryCount > 1 && ` in ${formatDuration(durationOf(row))}`}
        </span>
      </Link>
    </li>
  );
}
