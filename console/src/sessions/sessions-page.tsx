import { lazy, Suspense } from 'react';
import { useLocation } from '../state/location';
import { parseSessionSearch } from '../state/session-search';
import { SessionList } from './session-list';
import './sessions.css';

const SessionView = lazy(() =>
  import('./session-view').then(({ SessionView }) => ({ default: SessionView })),
);

/** The page `/sessions`: a list, or with a user and a session in the address, that session. */
export function SessionsPage() {
  const search = parseSessionSearch(useLocation().search);
  const { userId, sessionId } = search;
  if (userId === undefined || sessionId === undefined) return <SessionList search={search} />;
  return (
    <Suspense fallback={null}>
      <SessionView key={`${userId}\n${sessionId}`} userId={userId} sessionId={sessionId} search={search} />
    </Suspense>
  );
}
