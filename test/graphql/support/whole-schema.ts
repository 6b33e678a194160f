/** The schema with all its parts, also those that are not served yet, without its descriptions. */
export const wholeSchema = `
scalar DateTime
scalar JSONObject
scalar JSON
scalar SafeInt

type Query {
  logs(user: String, type: String, startTime: DateTime, endTime: DateTime): [LogEntry!]!
  logsConnection(filter: LogFilter, order: LogOrder = TIME_ASC, first: Int = 100, after: String): LogEntryConnection!
  logHistogram(filter: LogFilter, interval: HistogramInterval!, timeZone: String = "UTC", groupBy: LogDimension, topGroups: Int = 10): LogHistogram!
  logTypes(filter: LogFilter, first: Int = 100): LogTypes!
  clickMap(filter: LogFilter, x: String = "locationX", y: String = "locationY", cell: Int = 20): ClickMap!
  session(userId: String!, sessionId: String!): Session
  sessions(filter: SessionFilter, first: Int = 50, after: String): SessionConnection!
  serverInfo: ServerInfo!
  viewer: Viewer!
}

type Mutation {
  recordSession(input: RecordSessionInput!): RecordSessionPayload!
  deleteUserData(userId: String!, dryRun: Boolean = false): DeletionPayload!
  deleteSession(userId: String!, sessionId: String!, dryRun: Boolean = false): DeletionPayload!
}

type Subscription {
  logRecorded(filter: LogFilter): LogEntry!
}

input RecordSessionInput {
  userId: String!
  sessionId: String!
  actions: [ActionInput!]!
  idempotencyKey: String
}
input ActionInput { time: DateTime! type: String! properties: JSONObject }
type RecordSessionPayload { recordedCount: Int! replayed: Boolean! entries: [LogEntry!]! }

type LogEntry {
  id: ID!
  time: DateTime!
  type: String!
  properties: JSONObject!
  userId: String!
  sessionId: String!
  receivedAt: DateTime!
}
input LogFilter {
  userIds: [String!]
  sessionIds: [String!]
  types: [String!]
  startTime: DateTime
  endTime: DateTime
  properties: [PropertyFilter!]
}
input PropertyFilter { path: [String!]! is: PropertyPredicate! }
input PropertyPredicate @oneOf {
  equals: JSON
  in: [JSON!]
  exists: Boolean
  isNull: Boolean
  gt: Float
  gte: Float
  lt: Float
  lte: Float
}
enum LogOrder { TIME_ASC TIME_DESC }

type LogEntryConnection {
  edges: [LogEntryEdge!]!
  nodes: [LogEntry!]!
  pageInfo: PageInfo!
  totalCount(upTo: Int = 10000): BoundedCount!
}
type LogEntryEdge { cursor: String! node: LogEntry! }
type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }
type BoundedCount { value: SafeInt! exact: Boolean! }

enum HistogramInterval { MINUTE HOUR DAY WEEK MONTH }
enum LogDimension { TYPE USER }
type LogHistogram { interval: HistogramInterval! timeZone: String! buckets: [HistogramBucket!]! outsideCount: SafeInt! }
type HistogramBucket { start: DateTime! end: DateTime! partial: Boolean! count: SafeInt! groups: [GroupCount!]! otherCount: SafeInt! }
type GroupCount { key: String! count: SafeInt! }
type LogTypes { types: [LogTypeSummary!]! otherTypeCount: Int! otherCount: SafeInt! }
type LogTypeSummary { type: String! count: SafeInt! firstTime: DateTime! lastTime: DateTime! }
type ClickMap { cell: Int! maxCount: SafeInt! cells: [ClickCell!]! outsideCount: SafeInt! }
type ClickCell { x: Int! y: Int! count: SafeInt! }

input SessionFilter { userIds: [String!] startTime: DateTime endTime: DateTime }
type Session {
  id: ID!
  userId: String!
  sessionId: String!
  startedAt: DateTime!
  endedAt: DateTime!
  entryCount: SafeInt!
  entries(order: LogOrder = TIME_ASC, first: Int = 100, after: String): LogEntryConnection!
}
type SessionConnection { edges: [SessionEdge!]! nodes: [Session!]! pageInfo: PageInfo! }
type SessionEdge { cursor: String! node: Session! }

type DeletionPayload { deletedCount: SafeInt! dryRun: Boolean! }

type ServerInfo { version: String! limits: ServerLimits! retentionDays: Int openAccess: Boolean! }
type Viewer { name: String scopes: [Scope!]! userId: String expiresAt: DateTime }
enum Scope { RECORD READ ERASE ADMIN }
type ServerLimits {
  maxRequestBytes: Int!
  maxActionsPerSession: Int!
  maxPropertiesBytes: Int!
  maxPropertiesDepth: Int!
  maxIdLength: Int!
  maxTypeLength: Int!
  maxLogsResult: Int!
  maxResponseBytes: Int!
  maxPageSize: Int!
  maxQueryCost: Int!
  maxDocumentLength: Int!
  maxIdempotencyKeyLength: Int!
  maxFilterItems: Int!
  queryTimeoutMs: Int!
}
`;
