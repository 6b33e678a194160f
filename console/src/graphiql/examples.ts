import type { GraphiQLProps } from 'graphiql';

type Examples = NonNullable<GraphiQLProps['defaultTabs']>;

/** An operation of each kind. Their names are those of the tabs. */
export const examples: Examples = [
  {
    // Without variables: GraphiQL 4 does not put those of the first tab into their editor.
    query: `# Records one session of a user.
# Press Ctrl-Enter to send it.
mutation RecordSession {
  recordSession(
    input: {
      userId: "try-it"
      sessionId: "example"
      actions: [
        {
          time: "2026-01-15T09:30:00Z"
          type: "VIEW"
          properties: { page: "/prices" }
        }
        {
          time: "2026-01-15T09:30:04.2Z"
          type: "CLICK"
          properties: { locationX: 320, locationY: 180 }
        }
      ]
    }
  ) {
    recordedCount
    entries {
      id
      time
      type
      receivedAt
    }
  }
}
`,
  },
  {
    query: `# All entries that match, or an error: never a part.
query Logs($user: String) {
  logs(
    user: $user
    startTime: "2026-01-15"
    endTime: "2026-01-16"
  ) {
    time
    type
    properties
    sessionId
  }
}
`,
    variables: { user: 'try-it' },
  },
  {
    query: `# Page by page, newest first. For the next page,
# pass endCursor as "after".
query Pages($filter: LogFilter, $after: String) {
  logsConnection(
    filter: $filter
    order: TIME_DESC
    first: 20
    after: $after
  ) {
    nodes {
      time
      type
      userId
      sessionId
      properties
    }
    pageInfo {
      hasNextPage
      endCursor
    }
    totalCount {
      value
      exact
    }
  }
}
`,
    variables: {
      filter: { types: ['CLICK'], properties: [{ path: ['locationX'], is: { gte: 300 } }] },
      after: null,
    },
  },
  {
    query: `# Entries of each hour, by type.
query Histogram($filter: LogFilter) {
  logHistogram(
    filter: $filter
    interval: HOUR
    timeZone: "Europe/Vienna"
    groupBy: TYPE
    topGroups: 5
  ) {
    buckets {
      start
      count
      groups {
        key
        count
      }
      otherCount
    }
  }
}
`,
    variables: { filter: { startTime: '2026-01-15', endTime: '2026-01-16' } },
  },
  {
    query: `# Sessions, newest first: the beginning of each.
query Sessions {
  sessions(first: 10) {
    nodes {
      userId
      sessionId
      startedAt
      endedAt
      entryCount
      entries(first: 3) {
        nodes {
          time
          type
        }
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
`,
  },
  {
    query: `# Entries as they are recorded. Start it, then
# record a session in another window.
subscription Live($filter: LogFilter) {
  logRecorded(filter: $filter) {
    entries {
      time
      type
      userId
      properties
    }
    erasures {
      userId
      sessionId
    }
    cursor
  }
}
`,
    variables: { filter: null },
  },
  {
    query: `# Counts what would be erased.
# With dryRun: false it is erased for good.
mutation EraseUser($userId: String!) {
  deleteUserData(userId: $userId, dryRun: true) {
    deletedCount
    dryRun
  }
}
`,
    variables: { userId: 'try-it' },
  },
].map(({ query, variables }) => ({
  query,
  variables: variables ? JSON.stringify(variables, null, 2) : null,
  headers: null,
}));
