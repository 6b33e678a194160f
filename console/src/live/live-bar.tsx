import { Button } from '../design/button';
import { Notice } from '../design/notice';
import { usePreferences } from '../state/preferences';
import { formatCount, formatTime } from '../time/format';
import type { Connection } from './live-connection';
import { adviceOf } from './live-error';
import type { LiveSnapshot, LiveStore, PauseReason } from './live-store';

interface LiveBarProps {
  readonly live: LiveSnapshot;
  readonly connection: Connection;
  readonly store: LiveStore;
  readonly onRestart: () => void;
}

/** Stands above live entries: the state of the feed, what came, what waits, and the way to pause. */
export function LiveBar({ live, connection, store, onRestart }: LiveBarProps) {
  const { timeZone } = usePreferences();
  const { received, notDrawn, waiting, pausedBy, isBehind, receivedUpTo } = live;
  const isEnded = connection.state === 'ended';
  const isPaused = pausedBy.length > 0;
  const entries = waiting === 1 ? 'entry' : 'entries';
  return (
    <>
      <div className="live-bar">
        <State {...{ connection, isPaused, isBehind }} />
        <Button
          aria-pressed={pausedBy.includes('button')}
          isDisabled={isEnded}
          className="live-pause"
          onPress={() => (isPaused ? store.resume() : store.pause('button'))}
        >
          {isPaused ? 'Resume' : 'Pause'}
        </Button>
        <p className="live-counts">
          <span data-count="received">{formatCount(received)} received</span>
          {notDrawn > 0 && (
            <span className="muted" data-count="not-drawn">
              {formatCount(notDrawn)} not drawn
            </span>
          )}
        </p>
        {waiting > 0 && (
          <Button kind="primary" className="live-show" onPress={() => store.resume()}>
            {formatCount(waiting)} new {entries}: show
          </Button>
        )}
        <p className="live-hint muted">
          {isPaused ? pauseTexts[pausedBy[0]!] : 'The time range does not apply to live entries.'}
        </p>
      </div>
      {connection.state === 'reconnecting' && (
        <Notice kind="warning">
          <p>
            The connection was lost at {formatTime(connection.lostAt, timeZone, 0).slice(11)}:{' '}
            {connection.error.message} The list goes on from there by itself, and no entry will be missing.
          </p>
        </Notice>
      )}
      {isBehind && connection.state === 'live' && (
        <Notice kind="warning">
          <p>
            Catching up: more was recorded than could be sent so far
            {receivedUpTo && `. Entries up to ${formatTime(receivedUpTo, timeZone, 0)} are here`}.
          </p>
          <Button onPress={onRestart}>Skip to now</Button>
        </Notice>
      )}
      {isEnded && (
        <Notice kind="error">
          <p>
            {adviceOf(connection.error)} <code>{connection.error.code}</code>
          </p>
          <Button onPress={onRestart}>Start again</Button>
        </Notice>
      )}
    </>
  );
}

const pauseTexts: Record<PauseReason, string> = {
  button: 'Nothing is lost: new entries wait until you resume.',
  scroll: 'Paused until you are back at the top.',
  hover: 'Paused while the pointer is on the list.',
  focus: 'Paused while an entry has the focus.',
};

function State(props: { connection: Connection; isPaused: boolean; isBehind: boolean }) {
  const [kind, text] = stateOf(props);
  return (
    <p className={`live-state ${kind}`} role="status">
      <span className="live-dot" aria-hidden="true" />
      {text}
    </p>
  );
}

function stateOf({
  connection: { state },
  isPaused,
  isBehind,
}: {
  connection: Connection;
  isPaused: boolean;
  isBehind: boolean;
}): [kind: string, text: string] {
  if (state === 'ended') return ['ended', 'Ended'];
  if (state === 'reconnecting') return ['waiting', 'Reconnecting…'];
  if (state === 'connecting') return ['waiting', 'Connecting…'];
  if (isPaused) return ['paused', 'Paused'];
  return isBehind ? ['waiting', 'Catching up'] : ['on', 'Live'];
}
