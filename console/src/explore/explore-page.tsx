import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { request } from '../api/request';
import { ErrorNotice } from '../design/notice';
import { graphql } from '../gql';
import { useLocation } from '../state/location';
import { parseSearch, toLogFilter } from '../state/log-search';

const entryPage = graphql(`
  query EntryPage($filter: LogFilter, $first: Int, $after: String) {
    logsConnection(filter: $filter, order: TIME_DESC, first: $first, after: $after) {
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

export function ExplorePage() {
  const search = parseSearch(useLocation().search);
  const [now] = useState(Date.now);
  const filter = toLogFilter(search, now);
  const { data, error, refetch } = useQuery({
    queryKey: ['entries', filter],
    queryFn: ({ signal }) => request(entryPage, { filter, first: 100 }, signal),
  });
  if (error) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  return <p>{data?.logsConnection.nodes.length}</p>;
}
