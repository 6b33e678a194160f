import type { GraphQLAnswer } from '../../support/server/server';

/** A server, or what stands for one. */
export interface Askable {
  graphql(query: string, variables?: object): Promise<Pick<GraphQLAnswer, 'data' | 'errors'>>;
}

/** A connection that can be walked. */
export interface List {
  /** An operation with `$first: Int!` and `$after: String`, whose connection has `edges { cursor node }` and `pageInfo`. */
  readonly query: string;
  readonly variables?: object;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- what an answer holds depends on the document
  readonly connectionOf: (data: any) => Connection;
}

export interface Connection {
  readonly edges: readonly { readonly cursor: string; readonly node: unknown }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

export const pageFields = 'pageInfo { hasNextPage hasPreviousPage startCursor endCursor }';

/** Entries, with what tells them apart. */
export function entryList(order: 'TIME_ASC' | 'TIME_DESC', filter: object | null = null): List {
  return {
    query: `query ($filter: LogFilter, $order: LogOrder!, $first: Int!, $after: String) {
      logsConnection(filter: $filter, order: $order, first: $first, after: $after) {
        edges { cursor node { id time } } ${pageFields}
      }
    }`,
    variables: { filter, order },
    connectionOf: (data) => data.logsConnection as Connection,
  };
}

export function timeline(
  order: 'TIME_ASC' | 'TIME_DESC',
  { userId, sessionId }: { readonly userId: string; readonly sessionId: string },
): List {
  return {
    query: `query (
      $userId: String!, $sessionId: String!, $order: LogOrder!, $first: Int!, $after: String
    ) {
      session(userId: $userId, sessionId: $sessionId) {
        entries(order: $order, first: $first, after: $after) {
          edges { cursor node { id time } } ${pageFields}
        }
      }
    }`,
    variables: { userId, sessionId, order },
    connectionOf: (data) => data.session.entries as Connection,
  };
}

export function sessionList(filter: object | null = null): List {
  return {
    query: `query ($filter: SessionFilter, $first: Int!, $after: String) {
      sessions(filter: $filter, first: $first, after: $after) {
        edges { cursor node { userId sessionId startedAt } } ${pageFields}
      }
    }`,
    variables: { filter },
    connectionOf: (data) => data.sessions as Connection,
  };
}

export async function readPage(
  server: Askable,
  { query, variables, connectionOf }: List,
  page: { readonly first?: number; readonly after?: string | null },
): Promise<Connection> {
  const { data, errors } = await server.graphql(query, { first: 100, ...variables, ...page });
  if (errors) throw new Error(JSON.stringify(errors));
  return connectionOf(data);
}

/**
 * All nodes, page by page, with what must be true of each page beside its nodes.
 * @param meanwhile called before each page
 */
export async function walk(
  server: Askable,
  list: List,
  first: number,
  meanwhile: () => void = () => {},
): Promise<unknown[]> {
  const nodes: unknown[] = [];
  let after: string | null = null;
  for (;;) {
    meanwhile();
    const { edges, pageInfo }: Connection = await readPage(server, list, { first, after });
    const { hasNextPage, hasPreviousPage, startCursor, endCursor } = pageInfo;
    const isRight =
      hasPreviousPage === (after !== null) &&
      startCursor === (edges[0]?.cursor ?? null) &&
      endCursor === (edges.at(-1)?.cursor ?? null) &&
      (hasNextPage ? edges.length === first : edges.length <= first);
    if (!isRight) throw new Error(`${edges.length} edges and ${JSON.stringify(pageInfo)}`);
    nodes.push(...edges.map(({ node }) => node));
    if (!hasNextPage) return nodes;
    after = endCursor;
  }
}

/**
 * Adds to what a reader walks through: a session of its own each time, until there are so many or it is told to stop.
 * @returns stops it, and waits for what is under way
 */
export function startWriter(
  server: Askable,
  count: number,
  sessionAt: (at: number) => object,
): () => Promise<number> {
  let stopped = false;
  let written = 0;
  const work = async (): Promise<void> => {
    while (written < count && !stopped) {
      const input = sessionAt(written++);
      const { errors } = await server.graphql(
        'mutation ($input: RecordSessionInput!) { recordSession(input: $input) { recordedCount } }',
        { input },
      );
      if (errors) throw new Error(JSON.stringify(errors));
    }
  };
  const working = work();
  return async () => {
    stopped = true;
    await working;
    return written;
  };
}
