import { useEffect, useState, useSyncExternalStore } from 'react';
import { useAccessKey } from '../api/key';
import type { EntryListProps } from '../table/entry-list-props';
import { LiveBar } from './live-bar';
import { createLiveFeed } from './live-feed';
import { LiveList } from './live-list';
import { isSeam } from './live-store';
import './live.css';

/** Milliseconds between two looks of the filter bar for suggestions, and the rows that it sees. */
const suggestMs = 2_000;
const suggestRows = 200;

/** Entries that match a filter, as they are recorded: newest on top, above those that were there before. */
export function LiveEntries(props: EntryListProps) {
  const accessKey = useAccessKey();
  const [starts, setStarts] = useState(0);
  // The times of a preset move with the clock, and do not apply to live entries: they start nothing anew.
  const { startTime: _start, endTime: _end, ...filter } = props.filter;
  const key = JSON.stringify([filter, accessKey, starts]);
  return <Feed key={key} {...props} onRestart={() => setStarts((count) => count + 1)} />;
}

function Feed({ filter, openId, onOpen, onRows, onRestart }: EntryListProps & { onRestart: () => void }) {
  const [feed] = useState(() => createLiveFeed(filter));
  useEffect(() => feed.start(), [feed]);
  const { store } = feed;
  const live = useSyncExternalStore(store.subscribe, store.getSnapshot);
  const connection = useSyncExternalStore(feed.subscribe, feed.connection);

  useEffect(() => {
    const suggest = (): void => {
      const rows = store.getSnapshot().rows.slice(0, suggestRows);
      onRows(rows.flatMap((row) => (isSeam(row) ? [] : [row])));
    };
    const timer = setInterval(suggest, suggestMs);
    return () => clearInterval(timer);
  }, [store, onRows]);

  const isOpenErased = openId !== undefined && live.erasedId === openId;
  useEffect(() => {
    if (isOpenErased) onOpen(undefined);
  }, [isOpenErased, onOpen]);

  return (
    // The way from the rows to the button that shows what waits leads over the bar: there the pause goes on.
    <div className="live" onPointerLeave={() => store.resume('hover')}>
      <LiveBar {...{ live, connection, store, onRestart }} />
      <LiveList
        {...{ live, store, openId }}
        isConnected={connection.state === 'live'}
        onOpen={(entry) => {
          store.open(entry);
          onOpen(entry);
        }}
      />
    </div>
  );
}
