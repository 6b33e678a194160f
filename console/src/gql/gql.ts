/* eslint-disable */
import * as types from './graphql';



/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "\n  query Newest {\n    logsConnection(order: TIME_DESC, first: 1) {\n      nodes {\n        time\n      }\n    }\n  }\n": typeof types.NewestDocument,
    "\n  query AllTypes {\n    logTypes {\n      types {\n        type\n        count\n      }\n    }\n  }\n": typeof types.AllTypesDocument,
    "\n  query Viewer {\n    viewer {\n      name\n      scopes\n      userId\n      expiresAt\n    }\n  }\n": typeof types.ViewerDocument,
    "\n  query TypeCounts($filter: LogFilter) {\n    logTypes(filter: $filter, first: 1000) {\n      types {\n        type\n        count\n      }\n      otherTypeCount\n    }\n  }\n": typeof types.TypeCountsDocument,
    "\n  query EntryExtent($filter: LogFilter) {\n    oldest: logsConnection(filter: $filter, order: TIME_ASC, first: 1) {\n      nodes {\n        time\n      }\n    }\n    newest: logsConnection(filter: $filter, order: TIME_DESC, first: 1) {\n      nodes {\n        time\n      }\n    }\n  }\n": typeof types.EntryExtentDocument,
    "\n  query EntryHistogram(\n    $filter: LogFilter\n    $interval: HistogramInterval!\n    $timeZone: String\n    $later: LogFilter\n    $countLater: Boolean!\n  ) {\n    logHistogram(filter: $filter, interval: $interval, timeZone: $timeZone, groupBy: TYPE, topGroups: 8) {\n      buckets {\n        start\n        end\n        partial\n        count\n        groups {\n          key\n          count\n        }\n        otherCount\n      }\n      outsideCount\n    }\n    later: logsConnection(filter: $later, first: 1) @include(if: $countLater) {\n      totalCount {\n        value\n        exact\n      }\n    }\n  }\n": typeof types.EntryHistogramDocument,
    "\n  mutation RecordSample($input: RecordSessionInput!) {\n    recordSession(input: $input) {\n      recordedCount\n    }\n  }\n": typeof types.RecordSampleDocument,
    "\n  subscription LiveEntries($filter: LogFilter, $after: String) {\n    logRecorded(filter: $filter, after: $after) {\n      entries {\n        id\n        time\n        type\n        properties\n        userId\n        sessionId\n        receivedAt\n      }\n      erasures {\n        userId\n        sessionId\n        erasedAt\n      }\n      cursor\n      hasMore\n    }\n  }\n": typeof types.LiveEntriesDocument,
    "\n  query EarlierEntries($filter: LogFilter) {\n    logsConnection(filter: $filter, order: TIME_DESC, first: 50) {\n      nodes {\n        id\n        time\n        type\n        properties\n        userId\n        sessionId\n        receivedAt\n      }\n    }\n  }\n": typeof types.EarlierEntriesDocument,
    "\n  query SessionSummary($userId: String!, $sessionId: String!) {\n    session(userId: $userId, sessionId: $sessionId) {\n      id\n      userId\n      sessionId\n      startedAt\n      endedAt\n      entryCount\n    }\n  }\n": typeof types.SessionSummaryDocument,
    "\n  query SessionTypes($filter: LogFilter) {\n    logTypes(filter: $filter, first: 1000) {\n      types {\n        type\n        count\n      }\n      otherTypeCount\n      otherCount\n    }\n  }\n": typeof types.SessionTypesDocument,
    "\n  query StepPage($filter: LogFilter, $order: LogOrder, $first: Int, $after: String) {\n    logsConnection(filter: $filter, order: $order, first: $first, after: $after) {\n      nodes {\n        id\n        time\n        type\n        properties\n        userId\n        sessionId\n        receivedAt\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.StepPageDocument,
    "\n  mutation EraseSession($userId: String!, $sessionId: String!, $dryRun: Boolean!) {\n    deleteSession(userId: $userId, sessionId: $sessionId, dryRun: $dryRun) {\n      deletedCount\n    }\n  }\n": typeof types.EraseSessionDocument,
    "\n  mutation EraseUser($userId: String!, $dryRun: Boolean!) {\n    deleteUserData(userId: $userId, dryRun: $dryRun) {\n      deletedCount\n    }\n  }\n": typeof types.EraseUserDocument,
    "\n  query MarkPage($filter: LogFilter, $first: Int, $after: String) {\n    logsConnection(filter: $filter, first: $first, after: $after) {\n      nodes {\n        time\n        type\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.MarkPageDocument,
    "\n  query MarkHistogram($filter: LogFilter, $interval: HistogramInterval!) {\n    logHistogram(filter: $filter, interval: $interval, groupBy: TYPE, topGroups: 100) {\n      buckets {\n        start\n        end\n        groups {\n          key\n          count\n        }\n        otherCount\n      }\n    }\n  }\n": typeof types.MarkHistogramDocument,
    "\n  query SessionPage($filter: SessionFilter, $first: Int, $after: String) {\n    sessions(filter: $filter, first: $first, after: $after) {\n      nodes {\n        id\n        userId\n        sessionId\n        startedAt\n        endedAt\n        entryCount\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.SessionPageDocument,
    "\n  query EntryTotal($filter: LogFilter, $upTo: Int) {\n    logsConnection(filter: $filter, first: 1) {\n      totalCount(upTo: $upTo) {\n        value\n        exact\n      }\n    }\n  }\n": typeof types.EntryTotalDocument,
    "\n  query EntryPage($filter: LogFilter, $order: LogOrder, $first: Int, $after: String) {\n    logsConnection(filter: $filter, order: $order, first: $first, after: $after) {\n      nodes {\n        id\n        time\n        type\n        properties\n        userId\n        sessionId\n        receivedAt\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.EntryPageDocument,
    "\n  query OldestTime($filter: LogFilter) {\n    logsConnection(filter: $filter, order: TIME_ASC, first: 1) {\n      nodes {\n        time\n      }\n    }\n  }\n": typeof types.OldestTimeDocument,
    "\n  query EntryIds($filter: LogFilter, $after: String) {\n    logsConnection(filter: $filter, first: 1000, after: $after) {\n      edges {\n        cursor\n        node {\n          id\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.EntryIdsDocument,
};
const documents: Documents = {
    "\n  query Newest {\n    logsConnection(order: TIME_DESC, first: 1) {\n      nodes {\n        time\n      }\n    }\n  }\n": types.NewestDocument,
    "\n  query AllTypes {\n    logTypes {\n      types {\n        type\n        count\n      }\n    }\n  }\n": types.AllTypesDocument,
    "\n  query Viewer {\n    viewer {\n      name\n      scopes\n      userId\n      expiresAt\n    }\n  }\n": types.ViewerDocument,
    "\n  query TypeCounts($filter: LogFilter) {\n    logTypes(filter: $filter, first: 1000) {\n      types {\n        type\n        count\n      }\n      otherTypeCount\n    }\n  }\n": types.TypeCountsDocument,
    "\n  query EntryExtent($filter: LogFilter) {\n    oldest: logsConnection(filter: $filter, order: TIME_ASC, first: 1) {\n      nodes {\n        time\n      }\n    }\n    newest: logsConnection(filter: $filter, order: TIME_DESC, first: 1) {\n      nodes {\n        time\n      }\n    }\n  }\n": types.EntryExtentDocument,
    "\n  query EntryHistogram(\n    $filter: LogFilter\n    $interval: HistogramInterval!\n    $timeZone: String\n    $later: LogFilter\n    $countLater: Boolean!\n  ) {\n    logHistogram(filter: $filter, interval: $interval, timeZone: $timeZone, groupBy: TYPE, topGroups: 8) {\n      buckets {\n        start\n        end\n        partial\n        count\n        groups {\n          key\n          count\n        }\n        otherCount\n      }\n      outsideCount\n    }\n    later: logsConnection(filter: $later, first: 1) @include(if: $countLater) {\n      totalCount {\n        value\n        exact\n      }\n    }\n  }\n": types.EntryHistogramDocument,
    "\n  mutation RecordSample($input: RecordSessionInput!) {\n    recordSession(input: $input) {\n      recordedCount\n    }\n  }\n": types.RecordSampleDocument,
    "\n  subscription LiveEntries($filter: LogFilter, $after: String) {\n    logRecorded(filter: $filter, after: $after) {\n      entries {\n        id\n        time\n        type\n        properties\n        userId\n        sessionId\n        receivedAt\n      }\n      erasures {\n        userId\n        sessionId\n        erasedAt\n      }\n      cursor\n      hasMore\n    }\n  }\n": types.LiveEntriesDocument,
    "\n  query EarlierEntries($filter: LogFilter) {\n    logsConnection(filter: $filter, order: TIME_DESC, first: 50) {\n      nodes {\n        id\n        time\n        type\n        properties\n        userId\n        sessionId\n        receivedAt\n      }\n    }\n  }\n": types.EarlierEntriesDocument,
    "\n  query SessionSummary($userId: String!, $sessionId: String!) {\n    session(userId: $userId, sessionId: $sessionId) {\n      id\n      userId\n      sessionId\n      startedAt\n      endedAt\n      entryCount\n    }\n  }\n": types.SessionSummaryDocument,
    "\n  query SessionTypes($filter: LogFilter) {\n    logTypes(filter: $filter, first: 1000) {\n      types {\n        type\n        count\n      }\n      otherTypeCount\n      otherCount\n    }\n  }\n": types.SessionTypesDocument,
    "\n  query StepPage($filter: LogFilter, $order: LogOrder, $first: Int, $after: String) {\n    logsConnection(filter: $filter, order: $order, first: $first, after: $after) {\n      nodes {\n        id\n        time\n        type\n        properties\n        userId\n        sessionId\n        receivedAt\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.StepPageDocument,
    "\n  mutation EraseSession($userId: String!, $sessionId: String!, $dryRun: Boolean!) {\n    deleteSession(userId: $userId, sessionId: $sessionId, dryRun: $dryRun) {\n      deletedCount\n    }\n  }\n": types.EraseSessionDocument,
    "\n  mutation EraseUser($userId: String!, $dryRun: Boolean!) {\n    deleteUserData(userId: $userId, dryRun: $dryRun) {\n      deletedCount\n    }\n  }\n": types.EraseUserDocument,
    "\n  query MarkPage($filter: LogFilter, $first: Int, $after: String) {\n    logsConnection(filter: $filter, first: $first, after: $after) {\n      nodes {\n        time\n        type\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.MarkPageDocument,
    "\n  query MarkHistogram($filter: LogFilter, $interval: HistogramInterval!) {\n    logHistogram(filter: $filter, interval: $interval, groupBy: TYPE, topGroups: 100) {\n      buckets {\n        start\n        end\n        groups {\n          key\n          count\n        }\n        otherCount\n      }\n    }\n  }\n": types.MarkHistogramDocument,
    "\n  query SessionPage($filter: SessionFilter, $first: Int, $after: String) {\n    sessions(filter: $filter, first: $first, after: $after) {\n      nodes {\n        id\n        userId\n        sessionId\n        startedAt\n        endedAt\n        entryCount\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.SessionPageDocument,
    "\n  query EntryTotal($filter: LogFilter, $upTo: Int) {\n    logsConnection(filter: $filter, first: 1) {\n      totalCount(upTo: $upTo) {\n        value\n        exact\n      }\n    }\n  }\n": types.EntryTotalDocument,
    "\n  query EntryPage($filter: LogFilter, $order: LogOrder, $first: Int, $after: String) {\n    logsConnection(filter: $filter, order: $order, first: $first, after: $after) {\n      nodes {\n        id\n        time\n        type\n        properties\n        userId\n        sessionId\n        receivedAt\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.EntryPageDocument,
    "\n  query OldestTime($filter: LogFilter) {\n    logsConnection(filter: $filter, order: TIME_ASC, first: 1) {\n      nodes {\n        time\n      }\n    }\n  }\n": types.OldestTimeDocument,
    "\n  query EntryIds($filter: LogFilter, $after: String) {\n    logsConnection(filter: $filter, first: 1000, after: $after) {\n      edges {\n        cursor\n        node {\n          id\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.EntryIdsDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Newest {\n    logsConnection(order: TIME_DESC, first: 1) {\n      nodes {\n        time\n      }\n    }\n  }\n"): typeof import('./graphql').NewestDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AllTypes {\n    logTypes {\n      types {\n        type\n        count\n      }\n    }\n  }\n"): typeof import('./graphql').AllTypesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Viewer {\n    viewer {\n      name\n      scopes\n      userId\n      expiresAt\n    }\n  }\n"): typeof import('./graphql').ViewerDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query TypeCounts($filter: LogFilter) {\n    logTypes(filter: $filter, first: 1000) {\n      types {\n        type\n        count\n      }\n      otherTypeCount\n    }\n  }\n"): typeof import('./graphql').TypeCountsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query EntryExtent($filter: LogFilter) {\n    oldest: logsConnection(filter: $filter, order: TIME_ASC, first: 1) {\n      nodes {\n        time\n      }\n    }\n    newest: logsConnection(filter: $filter, order: TIME_DESC, first: 1) {\n      nodes {\n        time\n      }\n    }\n  }\n"): typeof import('./graphql').EntryExtentDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query EntryHistogram(\n    $filter: LogFilter\n    $interval: HistogramInterval!\n    $timeZone: String\n    $later: LogFilter\n    $countLater: Boolean!\n  ) {\n    logHistogram(filter: $filter, interval: $interval, timeZone: $timeZone, groupBy: TYPE, topGroups: 8) {\n      buckets {\n        start\n        end\n        partial\n        count\n        groups {\n          key\n          count\n        }\n        otherCount\n      }\n      outsideCount\n    }\n    later: logsConnection(filter: $later, first: 1) @include(if: $countLater) {\n      totalCount {\n        value\n        exact\n      }\n    }\n  }\n"): typeof import('./graphql').EntryHistogramDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RecordSample($input: RecordSessionInput!) {\n    recordSession(input: $input) {\n      recordedCount\n    }\n  }\n"): typeof import('./graphql').RecordSampleDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription LiveEntries($filter: LogFilter, $after: String) {\n    logRecorded(filter: $filter, after: $after) {\n      entries {\n        id\n        time\n        type\n        properties\n        userId\n        sessionId\n        receivedAt\n      }\n      erasures {\n        userId\n        sessionId\n        erasedAt\n      }\n      cursor\n      hasMore\n    }\n  }\n"): typeof import('./graphql').LiveEntriesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query EarlierEntries($filter: LogFilter) {\n    logsConnection(filter: $filter, order: TIME_DESC, first: 50) {\n      nodes {\n        id\n        time\n        type\n        properties\n        userId\n        sessionId\n        receivedAt\n      }\n    }\n  }\n"): typeof import('./graphql').EarlierEntriesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query SessionSummary($userId: String!, $sessionId: String!) {\n    session(userId: $userId, sessionId: $sessionId) {\n      id\n      userId\n      sessionId\n      startedAt\n      endedAt\n      entryCount\n    }\n  }\n"): typeof import('./graphql').SessionSummaryDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query SessionTypes($filter: LogFilter) {\n    logTypes(filter: $filter, first: 1000) {\n      types {\n        type\n        count\n      }\n      otherTypeCount\n      otherCount\n    }\n  }\n"): typeof import('./graphql').SessionTypesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StepPage($filter: LogFilter, $order: LogOrder, $first: Int, $after: String) {\n    logsConnection(filter: $filter, order: $order, first: $first, after: $after) {\n      nodes {\n        id\n        time\n        type\n        properties\n        userId\n        sessionId\n        receivedAt\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): typeof import('./graphql').StepPageDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation EraseSession($userId: String!, $sessionId: String!, $dryRun: Boolean!) {\n    deleteSession(userId: $userId, sessionId: $sessionId, dryRun: $dryRun) {\n      deletedCount\n    }\n  }\n"): typeof import('./graphql').EraseSessionDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation EraseUser($userId: String!, $dryRun: Boolean!) {\n    deleteUserData(userId: $userId, dryRun: $dryRun) {\n      deletedCount\n    }\n  }\n"): typeof import('./graphql').EraseUserDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query MarkPage($filter: LogFilter, $first: Int, $after: String) {\n    logsConnection(filter: $filter, first: $first, after: $after) {\n      nodes {\n        time\n        type\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): typeof import('./graphql').MarkPageDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query MarkHistogram($filter: LogFilter, $interval: HistogramInterval!) {\n    logHistogram(filter: $filter, interval: $interval, groupBy: TYPE, topGroups: 100) {\n      buckets {\n        start\n        end\n        groups {\n          key\n          count\n        }\n        otherCount\n      }\n    }\n  }\n"): typeof import('./graphql').MarkHistogramDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query SessionPage($filter: SessionFilter, $first: Int, $after: String) {\n    sessions(filter: $filter, first: $first, after: $after) {\n      nodes {\n        id\n        userId\n        sessionId\n        startedAt\n        endedAt\n        entryCount\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): typeof import('./graphql').SessionPageDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query EntryTotal($filter: LogFilter, $upTo: Int) {\n    logsConnection(filter: $filter, first: 1) {\n      totalCount(upTo: $upTo) {\n        value\n        exact\n      }\n    }\n  }\n"): typeof import('./graphql').EntryTotalDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query EntryPage($filter: LogFilter, $order: LogOrder, $first: Int, $after: String) {\n    logsConnection(filter: $filter, order: $order, first: $first, after: $after) {\n      nodes {\n        id\n        time\n        type\n        properties\n        userId\n        sessionId\n        receivedAt\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): typeof import('./graphql').EntryPageDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query OldestTime($filter: LogFilter) {\n    logsConnection(filter: $filter, order: TIME_ASC, first: 1) {\n      nodes {\n        time\n      }\n    }\n  }\n"): typeof import('./graphql').OldestTimeDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query EntryIds($filter: LogFilter, $after: String) {\n    logsConnection(filter: $filter, first: 1000, after: $after) {\n      edges {\n        cursor\n        node {\n          id\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): typeof import('./graphql').EntryIdsDocument;


export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}
