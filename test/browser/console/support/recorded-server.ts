import { startServer, type GraphQLAnswer, type TestServer } from '../../../support/server/server';
import { readWebSessions, recordAll } from '../../../support/server/web-sessions';

/** A server that holds the 6,000 entries of test/fixtures/web-sessions.ndjson: their times are of May 2015. */
export async function startRecordedServer(): Promise<TestServer> {
  const server = await startServer();
  await recordAll(server, readWebSessions(), 50);
  return server;
}

export interface ApiEntry {
  readonly id: string;
  readonly time: string;
  readonly type: string;
  readonly userId: string;
  readonly sessionId: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

const pageQuery = `query ($filter: LogFilter, $order: LogOrder, $after: String) {
  logsConnection(filter: $filter, order: $order, first: 1000, after: $after) {
    nodes { id time type userId sessionId properties }
    pageInfo { hasNextPage endCursor }
  }
}`;

/** All entries that match a filter, as the API lists them. */
export async function readEntries(
  server: TestServer,
  filter: object = {},
  order: 'TIME_ASC' | 'TIME_DESC' = 'TIME_DESC',
): Promise<ApiEntry[]> {
  const entries: ApiEntry[] = [];
  for (let after: string | null = null; ;) {
    const answer: GraphQLAnswer = await server.graphql(pageQuery, { filter, order, after });
    const { nodes, pageInfo } = answer.data.logsConnection;
    entries.push(...nodes);
    if (!pageInfo.hasNextPage) return entries;
    after = pageInfo.endCursor;
  }
}
