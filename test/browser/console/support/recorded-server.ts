import { startServer, type GraphQLAnswer, type TestServer } from '../../../support/server/server';
import { readWebSessions, recordAll } from '../../../support/server/web-sessions';

/** A server that holds the 6,000 entries of test/fixtures/web-sessions.ndjson: their times are of May 2015. */
export async function startRecordedServer(): Promise<TestServer> {
  const server = await startServer();
  await recordAll(server, readWebSessions(), 50);
  return server;
}

/** What executes an operation: a server in this process or in one of its own. */
export interface Api {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- what an answer holds depends on the document
  graphql(query: string, variables?: object): Promise<{ readonly data?: any; readonly body?: any }>;
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
  server: Api,
  filter: object = {},
  order: 'TIME_ASC' | 'TIME_DESC' = 'TIME_DESC',
): Promise<ApiEntry[]> {
  const entries: ApiEntry[] = [];
  for (let after: string | null = null; ;) {
    const answer = await server.graphql(pageQuery, { filter, order, after });
    const { nodes, pageInfo } = (answer.data ?? answer.body.data).logsConnection;
    entries.push(...nodes);
    if (!pageInfo.hasNextPage) return entries;
    after = pageInfo.endCursor;
  }
}

const sessionsQuery = `query ($filter: SessionFilter, $after: String) {
  sessions(filter: $filter, first: 1000, after: $after) {
    nodes { id userId sessionId startedAt endedAt entryCount }
    pageInfo { hasNextPage endCursor }
  }
}`;

export interface ApiSession {
  readonly id: string;
  readonly userId: string;
  readonly sessionId: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly entryCount: number;
}

/** All sessions that match a filter, newest first, as the API lists them. */
export async function readSessions(server: TestServer, filter: object = {}): Promise<ApiSession[]> {
  const sessions: ApiSession[] = [];
  for (let after: string | null = null; ;) {
    const answer: GraphQLAnswer = await server.graphql(sessionsQuery, { filter, after });
    const { nodes, pageInfo } = answer.data.sessions;
    sessions.push(...nodes);
    if (!pageInfo.hasNextPage) return sessions;
    after = pageInfo.endCursor;
  }
}
