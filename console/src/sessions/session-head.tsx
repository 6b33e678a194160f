import type { ReactNode } from 'react';
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

interface Props {
  readonly id: SessionId;
  /** Undefined until it is read. */
  readonly session: SessionRow | undefined;
  /** Whether it has no entries. */
  readonly isGone: boolean;
}

/** What a session is: its ids, its times, and the ways to other pages. */
export function SessionHead({ id, session, isGone }: Props) {
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
      <div className="session-title">
        <h1>
          Session <span className="session-name">{sessionId}</span>
        </h1>
        <CopyButton text={sessionId} name="session id" />
      </div>
      {!isGone && (
        <>
          <dl className="session-facts">
            <Fact name="User">
              <Link href={sessionsHref({ userId })}>{userId}</Link>{' '}
              <CopyButton text={userId} name="user id" />
            </Fact>
            <Fact name="First entry">{session && time(session.startedAt)}</Fact>
            <Fact name="Last entry">{session && time(session.endedAt)}</Fact>
            <Fact name="Duration">{session && formatDuration(durationOf(session))}</Fact>
            <Fact name="Entries">{session && formatCount(session.entryCount)}</Fact>
            <Fact name="Time zone">
              {zoneName(timeZone, session ? Date.parse(session.startedAt) : undefined)}
            </Fact>
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
        </>
      )}
    </header>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children ?? '…'}</dd>
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
