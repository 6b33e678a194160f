import { graphql } from './gql';

export const readPage = graphql(`
  query ReadPage($filter: LogFilter!, $order: LogOrder, $first: Int!, $after: String) {
    logsConnection(filter: $filter, order: $order, first: $first, after: $after) {
      edges {
        node {
          id
          time
          type
          properties
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export const recordSession = graphql(`
  mutation RecordSession($input: RecordSessionInput!) {
    recordSession(input: $input) {
      recordedCount
      replayed
    }
  }
`);
