import { useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { Link } from '../design/link';
import { ErrorNotice } from '../design/notice';
import { sessionsHref, toSessionFilter, type SessionSearch } from '../state/session-search';
import { formatCount } from '../time/format';
import { EraseButtons } from './erase-buttons';
import { SessionFilterBar } from './session-filter-bar';
import { SessionTable } from './session-table';
import { useSessions } from './use-sessions';

/** Sessions on one page of answers. */
const pageSize = 100;

/** The sessions of all users or of one, newest first. */
export function SessionList({ search }: { search: SessionSearch }) {
  const queries = useQueryClient();
  const [now, setNow] = useState(Date.now);
  const { userId, range } = search;
  const filter = toSessionFilter(search, now);
  const sessions = useSessions(filter, pageSize);
  const rows = useMemo(() => sessions.data?.pages.flatMap(({ nodes }) => nodes) ?? [], [sessions.data]);
  const refresh = (): void => {
    setNow(Date.now());
    void queries.resetQueries({ queryKey: ['sessions'] });
  };

  return (
    <div className="sessions">
      <h1 className="visually-hidden">Sessions</h1>
      <SessionFilterBar search={search} now={now} onRefresh={refresh} />
      <div className="sessions-head">
        <p className="sessions-count" role="status">
          {sessions.data ? (
            <>
              <strong>{countText(rows.length, sessions.hasNextPage)}</strong>{' '}
              {rows.length > 1 && <span className="muted">newest first</span>}
            </>
          ) : (
            !sessions.error && <span className="muted">Loading…</span>
          )}
        </p>
        {userId !== undefined && rows.length > 0 && <EraseButtons userId={userId} />}
      </div>
      {sessions.error && !sessions.data ? (
        <div className="sessions-error">
          <ErrorNotice error={sessions.error} onRetry={() => void sessions.refetch()} />
        </div>
      ) : sessions.data && rows.length === 0 ? (
        <div className="empty" role="status">
          <h2>No sessions match</h2>
          <p>{emptyText(search)}</p>
          <div className="empty-actions">
            {('startTime' in range || range.preset !== 'all') && (
              <Link className="button" href={sessionsHref({ userId })}>
                Search all time
              </Link>
            )}
            {userId !== undefined && (
              <Link className="button" href={sessionsHref({ range })}>
                Show all users
              </Link>
            )}
          </div>
        </div>
      ) : (
        <SessionTable
          key={JSON.stringify(filter)}
          rows={rows}
          isLoading={sessions.isPending}
          hasMore={sessions.hasNextPage}
          error={sessions.data ? sessions.error : null}
          isLoadingMore={sessions.isFetchingNextPage}
          loadMore={() => void sessions.fetchNextPage()}
        />
      )}
    </div>
  );
}

function countText(count: number, hasMore: boolean): string {
  if (hasMore) return `${formatCount(count)}+ sessions`;
  return count === 1 ? '1 session' : `${formatCount(count)} sessions`;
}

function emptyText({ userId, range }: SessionSearch): string {
  const isAllTimes = 'preset' in range && range.preset === 'all';
  const when = isAllTimes ? 'is stored.' : 'began in this time.';
  if (userId === undefined) return `No session ${when}`;
  return `No session of the user “${userId}” ${when} Ids are compared exactly, with case.`;
}
