import { queries } from '../api/queries';
import { request } from '../api/request';
import { graphql } from '../gql';
import type { LogFilter } from '../gql/graphql';
import type { ReadEntries } from './entry-pages';
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

/** The time of the oldest entry that matches a filter. */
export async function readOldestTime(filter: LogFilter): Promise<string | undefined> {
  const { logsConnection } = await queries.fetchQuery({
    queryKey: ['oldest-time', filter],
    queryFn: ({ signal }) => request(oldestTime, { filter }, signal),
  });
  return logsConnection.nodes[0]?.time;
}
