import { queries } from '../api/queries';
import { request } from '../api/request';
import { graphql } from '../gql';
import type { Entry } from '../api/entry';
import type { EntryIdsQuery, LogFilter } from '../gql/graphql';
import type { EntryRef } from '../state/open-entry';
import { nextMicrosecond, type ReadEntries } from './entry-pages';
import { pageSize } from './entry-run';

const entryPage = graphql(`
  query EntryPage($filter: LogFilter, $order: LogOrder, $first: Int, $after: String) {
    logsConnection(filter: $filter, order: $order, first: $first, after: $after) {
      nodes {
        id
        time
        type
        properties
        userId
        sessionId
        receivedAt
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

const oldestTime = graphql(`
  query OldestTime($filter: LogFilter) {
    logsConnection(filter: $filter, order: TIME_ASC, first: 1) {
      nodes {
        time
      }
    }
  }
`);

/** Reads a page of entries; the list keeps it, so that the cache does not. */
export const readEntries: ReadEntries = ({ filter, order, after }, signal) =>
  queries.fetchQuery({
    queryKey: ['entry-page', filter, order, after],
    queryFn: async () =>
      (await request(entryPage, { filter, order, first: pageSize, after }, signal)).logsConnection,
    staleTime: 0,
    gcTime: 0,
  });

const entryIds = graphql(`
  query EntryIds($filter: LogFilter, $after: String) {
    logsConnection(filter: $filter, first: 1000, after: $after) {
      edges {
        cursor
        node {
          id
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

/** Reads an entry, whatever the number of entries of the same instant; null if there is none. */
export async function readEntry({ time, id }: EntryRef, signal: AbortSignal): Promise<Entry | null> {
  const filter = { startTime: time, endTime: nextMicrosecond(time) };
  for (let after: string | null | undefined = null; after !== undefined;) {
    const { edges, pageInfo }: EntryIdsQuery['logsConnection'] = (
      await request(entryIds, { filter, after }, signal)
    ).logsConnection;
    const at = edges.findIndex(({ node }) => node.id === id);
    if (at !== -1) {
      const query = { filter, order: 'TIME_ASC', first: 1, after: edges[at - 1]?.cursor ?? after } as const;
      const { nodes } = (await request(entryPage, query, signal)).logsConnection;
      return nodes.find((entry) => entry.id === id) ?? null;
    }
    after = pageInfo.hasNextPage ? pageInfo.endCursor : undefined;
  }
  return null;
}

/** The time of the oldest entry that matches a filter. */
export async function readOldestTime(filter: LogFilter): Promise<string | undefined> {
  const { logsConnection } = await queries.fetchQuery({
    queryKey: ['oldest-time', filter],
    queryFn: ({ signal }) => request(oldestTime, { filter }, signal),
  });
  return logsConnection.nodes[0]?.time;
}
