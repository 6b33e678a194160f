import { CopyButton } from '../design/copy-button';
import { Icon } from '../design/icon';
import { Link } from '../design/link';
import { usePreferences } from '../state/preferences';
import { exploreHref, sessionsHref } from '../state/session-search';
import { formatCount, formatDuration, formatTime, zoneName } from '../time/format';
import { EraseButtons } from './erase-buttons';
import { useNeighbours } from './neighbours';
import type { SessionId } from './session-queries';
import { durationOf, type SessionRow } from './use-sessions';

/** What a session is: its ids, its times, and the ways to other pages. */
export function SessionHead({ id, session }: { id: SessionId; session: SessionRow | undefined }) {
  const { userId, sessionId } = id;
  const { timeZone } = usePreferences();
  const { data: neighbours } = useNeighbours(session);
  const time = (at: string): string => formatTime(at, timeZone);
  return (
    <header className="session-head">
      <nav className="session-nav" aria-label="Sessions">
        <Link className="button quiet" href={sessionsHref({})}>
          <Icon name="left" /> All sessions
        </Link>
        <span className="session-neighbours">
          <NeighbourLink name="Previous" session={neighbours?.previous} />
          <NeighbourLink name="Next" session={neighbours?.next} />
        </span>
      </nav>
      <h1 className="session-title">
        Session <span className="session-name">{sessionId}</span>
      </h1>
      <div className="session-ids">
        <span className="session-of">
          of the user <Link href={sessionsHref({ userId })}>{userId}</Link>
        </span>
        <CopyButton text={sessionId} label="Copy session id" />
        <CopyButton text={userId} label="Copy user id" />
      </div>
      <dl className="session-facts">
        <Fact name="First entry" value={session && time(session.startedAt)} />
        <Fact name="Last entry" value={session && time(session.endedAt)} />
        <Fact name="Duration" value={session && formatDuration(durationOf(session))} />
        <Fact name="Entries" value={session && formatCount(session.entryCount)} />
        <Fact
          name="Time zone"
          value={zoneName(timeZone, session ? Date.parse(session.startedAt) : undefined)}
        />
      </dl>
      <div className="session-links">
        <Link className="button" href={exploreHref({ userId, sessionId })}>
          Explore this session
        </Link>
        <Link className="button" href={exploreHref({ userId })}>
          Explore this user
        </Link>
        <span className="session-space" />
        <EraseButtons {...id} />
      </div>
    </header>
  );
}

function Fact({ name, value }: { name: string; value: string | undefined }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value ?? '…'}</dd>
    </div>
  );
}

function NeighbourLink({ name, session }: { name: 'Previous' | 'Next'; session: SessionRow | undefined }) {
  const { timeZone } = usePreferences();
  const content = (
    <>
      {name === 'Previous' && <Icon name="left" />}
      {name}
      {name === 'Next' && <Icon name="right" />}
    </>
  );
  const label = `${name} session of the user`;
  if (!session) {
    return (
      <span className="button session-no-link" aria-hidden="true">
        {content}
      </span>
    );
  }
  const { userId, sessionId, startedAt } = session;
  return (
    <Link
      className="button"
      href={sessionsHref({ userId, sessionId })}
      aria-label={label}
      title={`${label}: ${formatTime(startedAt, timeZone, 0)}`}
    >
      {content}
    </Link>
  );
}
