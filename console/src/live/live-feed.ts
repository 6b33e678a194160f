import { liveClient } from '../api/live';
import { queries } from '../api/queries';
import { request } from '../api/request';
import { graphql } from '../gql';
import type { LogFilter } from '../gql/graphql';
import { isTooBroad } from '../state/log-search';
import { follow, type Connection, type Sink } from './live-connection';
import { createLiveStore, type LiveChanges, type LiveEntry, type LiveStore } from './live-store';

const feed = graphql(`
  subscription LiveEntries($filter: LogFilter, $after: String) {
    logRecorded(filter: $filter, after: $after) {
      entries {
        id
        time
        type
        properties
        userId
        sessionId
        receivedAt
      }
      erasures {
        userId
        sessionId
        erasedAt
      }
      cursor
      hasMore
    }
  }
`);

const earlier = graphql(`
  query EarlierEntries($filter: LogFilter) {
    logsConnection(filter: $filter, order: TIME_DESC, first: 50) {
      nodes {
        id
        time
        type
        properties
        userId
        sessionId
        receivedAt
      }
    }
  }
`);

/** Entries that were recorded before; none, if they cannot be read. */
async function readEarlier(filter: LogFilter): Promise<readonly LiveEntry[]> {
  // The feed takes conditions on properties alone; a search for them would read every entry.
  if (isTooBroad(filter)) return [];
  const read = queries.fetchQuery({
    queryKey: ['earlier', filter],
    queryFn: async ({ signal }) => (await request(earlier, { filter }, signal)).logsConnection.nodes,
    staleTime: 0,
    gcTime: 0,
  });
  return read.catch(() => []);
}

export interface LiveFeed {
  readonly store: LiveStore;
  readonly subscribe: (listener: () => void) => () => void;
  readonly connection: () => Connection;
  /** Connects, until what it returns is called. */
  readonly start: () => () => void;
}

/**
 * Entries that match a filter, as they are recorded.
 * @param filter of the view; its times select the entries below the seam only, since what is recorded now may be of
 * any time
 */
export function createLiveFeed(filter: LogFilter): LiveFeed {
  const { startTime: _start, endTime: _end, ...liveFilter } = filter;
  const store = createLiveStore();
  const listeners = new Set<() => void>();
  let connection: Connection = { state: 'connecting' };

  function setConnection(next: Connection): void {
    connection = next;
    if (next.state === 'live' && next.lostAt !== undefined) store.markReconnect(next.lostAt);
    // The page's door asks for another key.
    if (next.state === 'ended' && next.error.code === 'UNAUTHENTICATED') {
      void queries.invalidateQueries({ queryKey: ['viewer'] });
    }
    for (const listener of listeners) listener();
  }

  function subscribe(after: string | undefined, sink: Sink): (how: 'end' | 'drop') => void {
    const client = liveClient();
    const end = client.subscribe<{ logRecorded: LiveChanges }>(
      { query: feed.toString(), variables: { filter: liveFilter, after } },
      {
        next: ({ data, errors }) => (data ? sink.next(data.logRecorded) : sink.error(errors)),
        error: (reason) => sink.error(reason),
        complete: () => sink.complete(),
      },
    );
    return (how) => {
      end();
      // A socket whose other side is gone takes minutes to close.
      if (how === 'drop') client.terminate();
    };
  }

  return {
    store,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    connection: () => connection,
    start() {
      const aborter = new AbortController();
      let hasEarlier = false;
      const follower = follow({
        subscribe,
        onConnection: setConnection,
        onChanges(changes) {
          store.add(changes);
          if (hasEarlier) return;
          hasEarlier = true;
          // After the first cursor, so that no entry falls between the two.
          void readEarlier(filter).then((entries) => !aborter.signal.aborted && store.addEarlier(entries));
        },
      });
      const onVisible = (): void => {
        if (document.visibilityState === 'visible') follower.wake();
      };
      addEventListener('online', follower.wake);
      document.addEventListener('visibilitychange', onVisible);
      return () => {
        aborter.abort();
        follower.stop();
        store.stop();
        removeEventListener('online', follower.wake);
        document.removeEventListener('visibilitychange', onVisible);
      };
    },
  };
}
