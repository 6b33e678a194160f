import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { Button } from '../design/button';
import { Link } from '../design/link';
import { ErrorNotice, Notice } from '../design/notice';
import { sessionsHref, type SessionSearch } from '../state/session-search';
import { formatCount } from '../time/format';
import { Overview, type View } from './overview';
import { SessionHead } from './session-head';
import { useSession, useSessionTypes } from './session-queries';
import { Steps, type Target } from './steps';
import { UserSessions } from './user-sessions';
import './session-view.css';

interface Props {
  readonly userId: string;
  readonly sessionId: string;
  readonly search: SessionSearch;
}

/** One session: what it is, its entries drawn to scale, and each of its steps; the user's other sessions beside it. */
export function SessionView({ userId, sessionId, search }: Props) {
  const id = useMemo(() => ({ userId, sessionId }), [userId, sessionId]);
  const queries = useQueryClient();
  const { data, error, refetch } = useSession(id);
  const types = useSessionTypes(id);
  // What the page shows stays as it is while the session grows, until the reader asks for the rest.
  const [loaded, setLoaded] = useState(data ?? undefined);
  if (!loaded && data) setLoaded(data);
  const [target, setTarget] = useState<Target>();
  const [view, setView] = useState<View>();
  const scroller = useRef<HTMLDivElement>(null);
  const goTo = useCallback((time: number) => setTarget({ time }), []);

  const isGone = data === null;
  if (isGone && loaded) setLoaded(undefined);
  useEffect(() => {
    // A session of the same id that is recorded later is another one.
    if (!isGone) return;
    forget(queries);
    return () => forget(queries);
  }, [isGone, queries]);
  const newCount = loaded && data ? data.entryCount - loaded.entryCount : 0;
  const showNew = (): void => {
    setLoaded(data ?? undefined);
    forget(queries);
  };

  return (
    <div className="session">
      <div className="session-main" ref={scroller}>
        <div className="session-content">
          <SessionHead id={id} session={loaded} isGone={isGone} />
          {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
          {isGone && (
            <Notice>
              <p>This session has no entries: it was erased, or never recorded.</p>
              <Link className="button" href={sessionsHref({ userId })}>
                Sessions of this user
              </Link>
            </Notice>
          )}
          {newCount !== 0 && !isGone && (
            <Notice>
              <p>
                {newCount > 0
                  ? `${formatCount(newCount)} new ${newCount === 1 ? 'entry' : 'entries'}.`
                  : 'Entries of this session were erased.'}
              </p>
              <Button onPress={showNew}>Show</Button>
            </Notice>
          )}
          {types.error && <ErrorNotice error={types.error} onRetry={() => void types.refetch()} />}
          {!isGone && !error && !types.error && !(loaded && types.data) && (
            <p className="muted" role="status">
              Loading…
            </p>
          )}
          {loaded && !isGone && types.data && (
            <>
              <Overview
                id={id}
                session={loaded}
                types={types.data}
                search={search}
                view={view}
                onGoTo={goTo}
              />
              <Steps
                id={id}
                session={loaded}
                search={search}
                target={target}
                scroller={scroller}
                onView={setView}
              />
            </>
          )}
        </div>
      </div>
      <UserSessions id={id} session={loaded} />
    </div>
  );
}

/** Reads what the page shows of sessions anew. */
function forget(queries: QueryClient): void {
  for (const name of ['session types', 'marks', 'steps', 'sessions']) {
    void queries.resetQueries({ queryKey: [name] });
  }
}
