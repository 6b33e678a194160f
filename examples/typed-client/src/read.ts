import { execute, LogManagerError } from './execute.js';
import { graphql } from './gql/index.js';
import type { LogFilter, ReadLogsQuery, ReadLogsQueryVariables, ReadPageQuery } from './gql/graphql.js';

const readPage = graphql(`
  query ReadPage($filter: LogFilter!, $first: Int!, $after: String) {
    logsConnection(filter: $filter, first: $first, after: $after) {
      nodes {
        time
        type
        properties
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

/** All entries that match, page by page. Entries recorded meanwhile cause no gaps or repeats. */
export async function* readPages(
  filter: LogFilter,
  first: number,
): AsyncGenerator<ReadPageQuery['logsConnection']['nodes']> {
  let after: string | null = null;
  do {
    const page: ReadPageQuery = await execute(readPage, { filter, first, after });
    yield page.logsConnection.nodes;
    const { hasNextPage, endCursor } = page.logsConnection.pageInfo;
    after = hasNextPage ? endCursor : null;
  } while (after !== null);
}

const readLogs = graphql(`
  query ReadLogs($user: String, $type: String, $startTime: DateTime, $endTime: DateTime) {
    logs(user: $user, type: $type, startTime: $startTime, endTime: $endTime) {
      time
      type
      properties
    }
  }
`);

/** All entries that match, by `logs`: in parts if they are too many for one answer. */
export async function* readInParts(query: ReadLogsQueryVariables): AsyncGenerator<ReadLogsQuery['logs']> {
  let part = query;
  for (;;) {
    try {
      yield (await execute(readLogs, part)).logs;
    } catch (error) {
      const endTime = error instanceof LogManagerError ? error.details.retryEndTime : undefined;
      // Null: more entries than the limit share one instant. Then only pages help.
      if (!endTime) throw error;
      part = { ...part, endTime };
      continue;
    }
    if (part.endTime === query.endTime) return;
    part = { ...part, startTime: part.endTime, endTime: query.endTime };
  }
}
