import { useQuery } from '@tanstack/react-query';
import { useEffect, type ReactNode } from 'react';
import type { EntryListProps } from '../api/entry';
import { request } from '../api/request';
import { ErrorNotice } from '../design/notice';
import { graphql } from '../gql';

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

/** A placeholder: the first 100 entries. */
export function EntryTable({ filter, onOpen, onRows, empty }: EntryListProps & { empty: ReactNode }) {
  const { data, error, refetch } = useQuery({
    queryKey: ['entries', filter],
    queryFn: ({ signal }) => request(entryPage, { filter, first: 100 }, signal),
  });
  const entries = data?.logsConnection.nodes;
  useEffect(() => onRows(entries ?? []), [entries, onRows]);
  if (error) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  if (entries?.length === 0) return empty;
  return (
    <ol>
      {entries?.map((entry) => (
        <li key={entry.id}>
          <button onClick={() => onOpen(entry)}>{entry.time}</button> {entry.type}
        </li>
      ))}
    </ol>
  );
}
