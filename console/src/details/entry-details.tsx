import type { ReactNode } from 'react';
import type { Entry } from '../api/entry';
import { CopyButton } from '../design/copy-button';
import { Button } from '../design/button';
import { Link } from '../design/link';
import { TypeMark } from '../design/type-mark';
import { navigate } from '../state/location';
import { writeSearch, type LogSearch } from '../state/log-search';
import { usePreferences } from '../state/preferences';
import { sessionsHref } from '../state/session-search';
import { formatTime } from '../time/format';
import { toCurl, toGraphql, toJson } from './copies';
import { PropertyTree } from './property-tree';
import './entry-details.css';

interface EntryDetailsProps {
  readonly entry: Entry;
  /** Leaves out the user and the session, on a page that shows one session. */
  readonly isInSession?: boolean;
  /** What the page Explore looks for, and how to change it. Other pages open Explore with the entry's user. */
  readonly explore?: {
    readonly search: LogSearch;
    readonly change: (changes: Partial<LogSearch>) => void;
  };
}

/** All fields of an entry, with ways to copy each and to look for entries that share it. */
export function EntryDetails({ entry, isInSession, explore = exploreUser(entry) }: EntryDetailsProps) {
  const { timeZone } = usePreferences();
  const { userId, sessionId, type } = entry;
  const { search, change: onChange } = explore;
  return (
    <div className="details">
      <div className="details-actions">
        {!isInSession && (
          <Link className="button" href={sessionsHref({ userId, sessionId })}>
            Open session
          </Link>
        )}
        <div className="details-copies" role="group" aria-label="Copy the entry">
          <span className="muted">Copy as</span>
          <CopyButton label="JSON" text={() => toJson(entry)} />
          <CopyButton label="GraphQL" text={() => toGraphql(entry)} />
          <CopyButton label="curl" text={() => toCurl(entry)} />
        </div>
      </div>
      <dl className="details-fields">
        <Field name="Time" copy={entry.time}>
          <Instant time={entry.time} timeZone={timeZone} />
        </Field>
        <Field name="Type" copy={type} onOnly={() => onChange({ types: [type] })}>
          <TypeMark type={type} /> {type}
        </Field>
        {!isInSession && (
          <>
            <Field name="User" copy={userId} onOnly={() => onChange({ userId })}>
              {userId}
            </Field>
            <Field name="Session" copy={sessionId} onOnly={() => onChange({ userId, sessionId })}>
              {sessionId}
            </Field>
          </>
        )}
      </dl>
      <PropertyTree
        // Another entry begins with its own open and closed parts.
        key={entry.id}
        properties={entry.properties}
        search={search}
        onChange={onChange}
      />
      <dl className="details-fields">
        <Field name="Received" copy={entry.receivedAt}>
          <Instant time={entry.receivedAt} timeZone={timeZone} />
        </Field>
        <Field name="Id" copy={entry.id}>
          {entry.id}
        </Field>
      </dl>
    </div>
  );
}

function exploreUser({ userId }: Entry): NonNullable<EntryDetailsProps['explore']> {
  const search: LogSearch = {
    userId,
    sessionId: undefined,
    types: [],
    range: { preset: 'all' },
    properties: [],
  };
  const change = (changes: Partial<LogSearch>): void =>
    navigate(`/?${writeSearch({ ...search, ...changes }, new URLSearchParams())}`);
  return { search, change };
}

/** @param onOnly looks for entries with the same value */
function Field(props: { name: string; copy: string; onOnly?: () => void; children: ReactNode }) {
  const { name, copy, onOnly, children } = props;
  return (
    <div className="details-field">
      <dt>{name}</dt>
      <dd>{children}</dd>
      <dd className="details-buttons">
        {onOnly && (
          <Button kind="quiet" aria-label={`Only this ${name.toLowerCase()}`} onPress={onOnly}>
            Only
          </Button>
        )}
        <CopyButton text={copy} name={name.toLowerCase()} />
      </dd>
    </div>
  );
}

function Instant({ time, timeZone }: { time: string; timeZone: string }) {
  return (
    <>
      <time dateTime={time}>{formatTime(time, timeZone)}</time> <span className="muted">{timeZone}</span>
      {timeZone !== 'UTC' && (
        <>
          <br />
          {time.replace('T', ' ').replace('Z', '')} <span className="muted">UTC</span>
        </>
      )}
    </>
  );
}
