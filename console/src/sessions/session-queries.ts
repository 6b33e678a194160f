import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { request } from '../api/request';
import { graphql } from '../gql';
import type { LogFilter, LogOrder, StepPageQuery } from '../gql/graphql';

export interface SessionId {
  readonly userId: string;
  readonly sessionId: string;
}

export type Step = StepPageQuery['logsConnection']['nodes'][number];

/** Steps on one page. */
const stepPageSize = 200;
/** Pages in memory: of a long session, those around the view. */
const maxStepPages = 10;

const sessionQuery = graphql(`
  query SessionSummary($userId: String!, $sessionId: String!) {
    session(userId: $userId, sessionId: $sessionId) {
      id
      userId
      sessionId
      startedAt
      endedAt
      entryCount
    }
  }
`);

const typesQuery = graphql(`
  query SessionTypes($filter: LogFilter) {
    logTypes(filter: $filter, first: 1000) {
      types {
        type
        count
      }
      otherTypeCount
      otherCount
    }
  }
`);

const stepPage = graphql(`
  query StepPage($filter: LogFilter, $order: LogOrder, $first: Int, $after: String) {
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

/** The filter for the entries of one session. */
export function filterOf({ userId, sessionId }: SessionId): LogFilter {
  return { userIds: [userId], sessionIds: [sessionId] };
}

/** One session, asked for again every 10 seconds, since a session that goes on grows; null if it has no entries. */
export function useSession(id: SessionId) {
  return useQuery({
    queryKey: ['session', id],
    queryFn: async ({ signal }) => (await request(sessionQuery, { ...id }, signal)).session ?? null,
    refetchInterval: 10_000,
  });
}

/** The types of a session's entries, with counts. */
export function useSessionTypes(id: SessionId) {
  return useQuery({
    queryKey: ['session types', id],
    queryFn: async ({ signal }) => (await request(typesQuery, { filter: filterOf(id) }, signal)).logTypes,
    staleTime: Infinity,
  });
}

/** Where a page of steps begins, and how the pages beside it are asked for, where their cursors are of other pages. */
interface StepPageParam {
  readonly order: LogOrder;
  readonly after: string | null;
  readonly next?: StepPageParam;
  readonly previous?: StepPageParam;
}

/**
 * Steps of a session around an instant, in the order of their times. `fetchNextPage` reads later ones, and
 * `fetchPreviousPage` earlier ones.
 * @param from an instant in RFC 3339; absent: from the first step
 */
export function useSteps(id: SessionId, types: readonly string[], from: string | undefined) {
  const filter: LogFilter = { ...filterOf(id), ...(types.length > 0 && { types: [...types] }) };
  return useInfiniteQuery({
    queryKey: ['steps', filter, from],
    queryFn: async ({ pageParam: { order, after }, signal }) => {
      const part = order === 'TIME_ASC' ? { startTime: from } : { endTime: from };
      const variables = { filter: { ...filter, ...part }, order, first: stepPageSize, after };
      const { nodes, pageInfo } = (await request(stepPage, variables, signal)).logsConnection;
      return { steps: order === 'TIME_ASC' ? nodes : nodes.toReversed(), order, ...pageInfo };
    },
    initialPageParam: { order: 'TIME_ASC', after: null } as StepPageParam,
    getNextPageParam: (page, _pages, param): StepPageParam | undefined => {
      if (page.order === 'TIME_DESC') return param.next;
      return page.hasNextPage
        ? { order: 'TIME_ASC', after: page.endCursor ?? null, previous: param }
        : undefined;
    },
    getPreviousPageParam: (page, _pages, param): StepPageParam | undefined => {
      if (param.previous) return param.previous;
      if (from === undefined) return undefined;
      if (page.order === 'TIME_ASC') return { order: 'TIME_DESC', after: null, next: param };
      return page.hasNextPage
        ? { order: 'TIME_DESC', after: page.endCursor ?? null, next: param }
        : undefined;
    },
    maxPages: maxStepPages,
    staleTime: Infinity,
  });
}
