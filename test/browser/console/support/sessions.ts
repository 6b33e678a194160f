import type { GraphQLAnswer } from '../../../support/server/server';

export interface ApiSession {
  readonly id: string;
  readonly userId: string;
  readonly sessionId: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly entryCount: number;
}

const pageQuery = `query ($filter: SessionFilter, $after: String) {
  sessions(filter: $filter, first: 1000, after: $after) {
    nodes { id userId sessionId startedAt endedAt entryCount }
    pageInfo { hasNextPage endCursor }
  }
}`;

/** All sessions that match a filter, newest first, as the API lists them. */
export async function readSessions(
  server: { graphql(query: string, variables: object): Promise<Pick<GraphQLAnswer, 'data'>> },
  filter: object = {},
): Promise<ApiSession[]> {
  const sessions: ApiSession[] = [];
  for (let after: string | null = null; ;) {
    const { data }: Pick<GraphQLAnswer, 'data'> = await server.graphql(pageQuery, { filter, after });
    sessions.push(...data.sessions.nodes);
    if (!data.sessions.pageInfo.hasNextPage) return sessions;
    after = data.sessions.pageInfo.endCursor;
  }
}
