import { useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { Button } from '../design/button';
import { Icon } from '../design/icon';
import { Link } from '../design/link';
import { ErrorNotice, Notice } from '../design/notice';
import { usePreferences } from '../state/preferences';
import { sessionsHref, toSessionFilter, type SessionSearch } from '../state/session-search';
import { formatCount, zoneName } from '../time/format';
import { EraseButtons } from './erase-buttons';
import { SessionFilterBar } from './session-filter-bar';
import { SessionTable } from './session-table';
import { useSessions } from './use-sessions';

/** Sessions on one page of answers. */
const pageSize = 100;

/** The sessions of all users or of one, newest first. */
export function SessionList({ search }: { search: SessionSearch }) {
  const queries = useQueryClient();
  const { timeZone } = usePreferences();
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
      <div className="sessions-head">
        <h1>Sessions</h1>
        <p className="sessions-count muted" role="status">
          {sessions.data ? countText(rows.length, sessions.hasNextPage) : 'Loading…'}
          {' · '}
          {zoneName(timeZone)}
        </p>
        {userId !== undefined && rows.length > 0 && <EraseButtons userId={userId} />}
        <Button kind="quiet icon" aria-label="Refresh" onPress={refresh}>
          <Icon name="refresh" />
        </Button>
      </div>
      <SessionFilterBar
        key={JSON.stringify([userId, range])}
        search={search}
        users={rows.map((row) => row.userId)}
      />
      {sessions.error && !sessions.data ? (
        <ErrorNotice error={sessions.error} onRetry={() => void sessions.refetch()} />
      ) : sessions.data && rows.length === 0 ? (
        <Notice>
          <p>{emptyText(search)}</p>
          {('startTime' in range || range.preset !== 'all') && (
            <Link className="button" href={sessionsHref({ userId })}>
              Show all times
            </Link>
          )}
          {userId !== undefined && (
            <Link className="button" href={sessionsHref({ range })}>
              Show all users
            </Link>
          )}
        </Notice>
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
  if (hasMore) return `${formatCount(count)} loaded`;
  return count === 1 ? '1 session' : `${formatCount(count)} sessions`;
}

function emptyText({ userId, range }: SessionSearch): string {
  const isAllTimes = 'preset' in range && range.preset === 'all';
  const whose = userId === undefined ? 'No session' : `No session of the user “${userId}”`;
  return `${whose} ${isAllTimes ? 'is stored.' : 'began in this time.'} Ids are compared exactly, with case.`;
}
