import { useInfiniteQuery } from '@tanstack/react-query';
import { request } from '../api/request';
import { graphql } from '../gql';
import type { SessionFilter, SessionPageQuery } from '../gql/graphql';

export type SessionRow = SessionPageQuery['sessions']['nodes'][number];

const sessionPage = graphql(`
  query SessionPage($filter: SessionFilter, $first: Int, $after: String) {
    sessions(filter: $filter, first: $first, after: $after) {
      nodes {
        id
        userId
        sessionId
        startedAt
        endedAt
        entryCount
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

/** A page of sessions, newest first. */
export async function readSessionPage(
  filter: SessionFilter,
  first: number,
  after: string | null,
  signal: AbortSignal,
) {
  return (await request(sessionPage, { filter, first, after }, signal)).sessions;
}

/** Sessions, newest first, page by page. */
export function useSessions(filter: SessionFilter, first: number) {
  return useInfiniteQuery({
    queryKey: ['sessions', filter, first],
    queryFn: ({ pageParam, signal }) => readSessionPage(filter, first, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: ({ pageInfo }) => (pageInfo.hasNextPage ? pageInfo.endCursor : null),
    // A refetch reads all pages again. A list of more than two is shown as the reader left it.
    refetchOnMount: ({ state }) => (state.data?.pages.length ?? 0) <= 2,
  });
}

/** Milliseconds from the first entry of a session to the last. */
export function durationOf({ startedAt, endedAt }: Pick<SessionRow, 'startedAt' | 'endedAt'>): number {
  return Date.parse(endedAt) - Date.parse(startedAt);
}
