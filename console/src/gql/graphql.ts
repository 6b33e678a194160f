/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** An action of a user. */
export type ActionInput = {
  /** Further data: at most 32 KiB as JSON, at most 32 levels deep. Absent: `{}`. */
  properties?: Record<string, unknown> | null | undefined;
  /** When the action happened, from 1970-01-01 to 9999-12-31. */
  time: string;
  /** Kind of action, such as `CLICK`: 1 to 200 characters. */
  type: string;
};

/** Length of a bucket, in local time. */
export type HistogramInterval =
  /** One day. Longer or shorter than 24 hours when clocks change. */
  | 'DAY'
  /** One hour. When clocks go back by an hour, the repeated hour is a bucket of its own. */
  | 'HOUR'
  /** One minute. */
  | 'MINUTE'
  /** One calendar month. */
  | 'MONTH'
  /** One week, starting on Monday. */
  | 'WEEK';

/**
 * Selects entries. An entry must match all fields that are given. A list matches if any of its items matches; it
 * holds 1 to 100 items.
 */
export type LogFilter = {
  /** Only entries before this instant. Equal to `startTime`: no entries. Before `startTime`: BAD_USER_INPUT. */
  endTime?: string | null | undefined;
  /**
   * Only entries whose properties match all of these conditions (1 to 10). Requires userIds, sessionIds, types,
   * startTime or endTime as well; otherwise: FILTER_TOO_BROAD.
   */
  properties?: Array<PropertyFilter> | null | undefined;
  /** Only entries of one of these sessions, of any user. Case-sensitive. */
  sessionIds?: Array<string> | null | undefined;
  /** Only entries at this instant or later. */
  startTime?: string | null | undefined;
  /** Only entries of one of these types. Case-sensitive. */
  types?: Array<string> | null | undefined;
  /** Only entries of one of these users. Case-sensitive. */
  userIds?: Array<string> | null | undefined;
};

/** Order of entries. */
export type LogOrder =
  /** Oldest entries first. */
  | 'TIME_ASC'
  /** Newest entries first. */
  | 'TIME_DESC';

/** A condition on one property. */
export type PropertyFilter = {
  /** The condition on its value. */
  is: PropertyPredicate;
  /**
   * Keys from the top of `properties` to the property: 1 to 32. Dots and other characters need no
   * escaping. Keys select from objects, not from arrays.
   */
  path: Array<string>;
};

/**
 * A condition on a value: exactly one of these fields. Types are never converted: `equals: 1` does not match
 * `"1"`, and `gt`, `gte`, `lt` and `lte` match only numbers. If the property is missing, only `exists: false`
 * matches. Arrays and objects never match `equals` or `in`.
 */
export type PropertyPredicate =
  {   /** Equals this string, number or boolean. */
  equals: unknown; exists?: never; gt?: never; gte?: never; in?: never; isNull?: never; lt?: never; lte?: never; }
  |  { equals?: never;   /** true: present (may be null); false: absent. */
  exists: boolean; gt?: never; gte?: never; in?: never; isNull?: never; lt?: never; lte?: never; }
  |  { equals?: never; exists?: never;   /** Greater than this number. */
  gt: number; gte?: never; in?: never; isNull?: never; lt?: never; lte?: never; }
  |  { equals?: never; exists?: never; gt?: never;   /** Greater than or equal to this number. */
  gte: number; in?: never; isNull?: never; lt?: never; lte?: never; }
  |  { equals?: never; exists?: never; gt?: never; gte?: never;   /** Equals one of these strings, numbers or booleans (1 to 100). */
  in: Array<unknown>; isNull?: never; lt?: never; lte?: never; }
  |  { equals?: never; exists?: never; gt?: never; gte?: never; in?: never;   /** true: is null; false: present and not null. */
  isNull: boolean; lt?: never; lte?: never; }
  |  { equals?: never; exists?: never; gt?: never; gte?: never; in?: never; isNull?: never;   /** Less than this number. */
  lt: number; lte?: never; }
  |  { equals?: never; exists?: never; gt?: never; gte?: never; in?: never; isNull?: never; lt?: never;   /** Less than or equal to this number. */
  lte: number; };

/** A session of one user, or a part of one. */
export type RecordSessionInput = {
  /** 0 to 5,000 actions. Actions with equal times keep their order. */
  actions: Array<ActionInput>;
  /**
   * Makes it safe to send the session again. 1 to 128 characters, such as a UUID; use a new one for each
   * session. Same key and same content: nothing is added, and `replayed` is true. Same key and other content:
   * IDEMPOTENCY_KEY_REUSED; with a public access key, the session is recorded. Access keys that are public or
   * bound to a user have idempotency keys of their own. A request with one `recordSession` may have the key in
   * the header `Idempotency-Key` instead, if it is ASCII.
   */
  idempotencyKey?: string | null | undefined;
  /** The session's id, unique among the sessions of the user: 1 to 256 characters. */
  sessionId: string;
  /** The user of the session: 1 to 256 characters. */
  userId: string;
};

/** What a key may do. */
export type Scope =
  /** All of these, and /metrics. */
  | 'ADMIN'
  /** Erase entries of users and sessions, and count what would be erased. */
  | 'ERASE'
  /** Read entries, sessions, counts and histograms. */
  | 'READ'
  /** Record sessions. */
  | 'RECORD';

/** Selects sessions. A session must match all fields that are given. */
export type SessionFilter = {
  /** Only sessions whose first entry is before this instant. Before `startTime`: BAD_USER_INPUT. */
  endTime?: string | null | undefined;
  /** Only sessions whose first entry is at this instant or later. */
  startTime?: string | null | undefined;
  /** Only sessions of one of these users (1 to 100). */
  userIds?: Array<string> | null | undefined;
};

export type NewestQueryVariables = Exact<{ [key: string]: never; }>;


export type NewestQuery = { logsConnection: { nodes: Array<{ time: string }> } };

export type AllTypesQueryVariables = Exact<{ [key: string]: never; }>;


export type AllTypesQuery = { logTypes: { types: Array<{ type: string, count: number }> } };

export type ViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type ViewerQuery = { viewer: { name: string | null, scopes: Array<Scope>, userId: string | null, expiresAt: string | null } };

export type TypeCountsQueryVariables = Exact<{
  filter?: LogFilter | null | undefined;
}>;


export type TypeCountsQuery = { logTypes: { otherTypeCount: number, types: Array<{ type: string, count: number }> } };

export type EntryExtentQueryVariables = Exact<{
  filter?: LogFilter | null | undefined;
}>;


export type EntryExtentQuery = { oldest: { nodes: Array<{ time: string }> }, newest: { nodes: Array<{ time: string }> } };

export type EntryHistogramQueryVariables = Exact<{
  filter?: LogFilter | null | undefined;
  interval: HistogramInterval;
  timeZone?: string | null | undefined;
  later?: LogFilter | null | undefined;
  countLater: boolean;
}>;


export type EntryHistogramQuery = { logHistogram: { outsideCount: number, buckets: Array<{ start: string, end: string, partial: boolean, count: number, otherCount: number, groups: Array<{ key: string, count: number }> }> }, later?: { totalCount: { value: number, exact: boolean } } };

export type RecordSampleMutationVariables = Exact<{
  input: RecordSessionInput;
}>;


export type RecordSampleMutation = { recordSession: { recordedCount: number } };

export type LiveEntriesSubscriptionVariables = Exact<{
  filter?: LogFilter | null | undefined;
  after?: string | null | undefined;
}>;


export type LiveEntriesSubscription = { logRecorded: { cursor: string, hasMore: boolean, entries: Array<{ id: string, time: string, type: string, properties: Record<string, unknown>, userId: string, sessionId: string, receivedAt: string }>, erasures: Array<{ userId: string, sessionId: string | null, erasedAt: string }> } };

export type EarlierEntriesQueryVariables = Exact<{
  filter?: LogFilter | null | undefined;
}>;


export type EarlierEntriesQuery = { logsConnection: { nodes: Array<{ id: string, time: string, type: string, properties: Record<string, unknown>, userId: string, sessionId: string, receivedAt: string }> } };

export type SessionSummaryQueryVariables = Exact<{
  userId: string;
  sessionId: string;
}>;


export type SessionSummaryQuery = { session: { id: string, userId: string, sessionId: string, startedAt: string, endedAt: string, entryCount: number } | null };

export type SessionTypesQueryVariables = Exact<{
  filter?: LogFilter | null | undefined;
}>;


export type SessionTypesQuery = { logTypes: { otherTypeCount: number, otherCount: number, types: Array<{ type: string, count: number }> } };

export type StepPageQueryVariables = Exact<{
  filter?: LogFilter | null | undefined;
  order?: LogOrder | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type StepPageQuery = { logsConnection: { nodes: Array<{ id: string, time: string, type: string, properties: Record<string, unknown>, userId: string, sessionId: string, receivedAt: string }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type EraseSessionMutationVariables = Exact<{
  userId: string;
  sessionId: string;
  dryRun: boolean;
}>;


export type EraseSessionMutation = { deleteSession: { deletedCount: number } };

export type EraseUserMutationVariables = Exact<{
  userId: string;
  dryRun: boolean;
}>;


export type EraseUserMutation = { deleteUserData: { deletedCount: number } };

export type MarkPageQueryVariables = Exact<{
  filter?: LogFilter | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type MarkPageQuery = { logsConnection: { nodes: Array<{ time: string, type: string }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type MarkHistogramQueryVariables = Exact<{
  filter?: LogFilter | null | undefined;
  interval: HistogramInterval;
}>;


export type MarkHistogramQuery = { logHistogram: { buckets: Array<{ start: string, end: string, otherCount: number, groups: Array<{ key: string, count: number }> }> } };

export type SessionPageQueryVariables = Exact<{
  filter?: SessionFilter | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type SessionPageQuery = { sessions: { nodes: Array<{ id: string, userId: string, sessionId: string, startedAt: string, endedAt: string, entryCount: number }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type EntryTotalQueryVariables = Exact<{
  filter?: LogFilter | null | undefined;
  upTo?: number | null | undefined;
}>;


export type EntryTotalQuery = { logsConnection: { totalCount: { value: number, exact: boolean } } };

export type EntryPageQueryVariables = Exact<{
  filter?: LogFilter | null | undefined;
  order?: LogOrder | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type EntryPageQuery = { logsConnection: { nodes: Array<{ id: string, time: string, type: string, properties: Record<string, unknown>, userId: string, sessionId: string, receivedAt: string }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type OldestTimeQueryVariables = Exact<{
  filter?: LogFilter | null | undefined;
}>;


export type OldestTimeQuery = { logsConnection: { nodes: Array<{ time: string }> } };

export type EntryIdsQueryVariables = Exact<{
  filter?: LogFilter | null | undefined;
  after?: string | null | undefined;
}>;


export type EntryIdsQuery = { logsConnection: { edges: Array<{ cursor: string, node: { id: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}

export const NewestDocument = new TypedDocumentString(`
    query Newest {
  logsConnection(order: TIME_DESC, first: 1) {
    nodes {
      time
    }
  }
}
    `) as unknown as TypedDocumentString<NewestQuery, NewestQueryVariables>;
export const AllTypesDocument = new TypedDocumentString(`
    query AllTypes {
  logTypes {
    types {
      type
      count
    }
  }
}
    `) as unknown as TypedDocumentString<AllTypesQuery, AllTypesQueryVariables>;
export const ViewerDocument = new TypedDocumentString(`
    query Viewer {
  viewer {
    name
    scopes
    userId
    expiresAt
  }
}
    `) as unknown as TypedDocumentString<ViewerQuery, ViewerQueryVariables>;
export const TypeCountsDocument = new TypedDocumentString(`
    query TypeCounts($filter: LogFilter) {
  logTypes(filter: $filter, first: 1000) {
    types {
      type
      count
    }
    otherTypeCount
  }
}
    `) as unknown as TypedDocumentString<TypeCountsQuery, TypeCountsQueryVariables>;
export const EntryExtentDocument = new TypedDocumentString(`
    query EntryExtent($filter: LogFilter) {
  oldest: logsConnection(filter: $filter, order: TIME_ASC, first: 1) {
    nodes {
      time
    }
  }
  newest: logsConnection(filter: $filter, order: TIME_DESC, first: 1) {
    nodes {
      time
    }
  }
}
    `) as unknown as TypedDocumentString<EntryExtentQuery, EntryExtentQueryVariables>;
export const EntryHistogramDocument = new TypedDocumentString(`
    query EntryHistogram($filter: LogFilter, $interval: HistogramInterval!, $timeZone: String, $later: LogFilter, $countLater: Boolean!) {
  logHistogram(
    filter: $filter
    interval: $interval
    timeZone: $timeZone
    groupBy: TYPE
    topGroups: 8
  ) {
    buckets {
      start
      end
      partial
      count
      groups {
        key
        count
      }
      otherCount
    }
    outsideCount
  }
  later: logsConnection(filter: $later, first: 1) @include(if: $countLater) {
    totalCount {
      value
      exact
    }
  }
}
    `) as unknown as TypedDocumentString<EntryHistogramQuery, EntryHistogramQueryVariables>;
export const RecordSampleDocument = new TypedDocumentString(`
    mutation RecordSample($input: RecordSessionInput!) {
  recordSession(input: $input) {
    recordedCount
  }
}
    `) as unknown as TypedDocumentString<RecordSampleMutation, RecordSampleMutationVariables>;
export const LiveEntriesDocument = new TypedDocumentString(`
    subscription LiveEntries($filter: LogFilter, $after: String) {
  logRecorded(filter: $filter, after: $after) {
    entries {
      id
      time
      type
      properties
      userId
      sessionId
      receivedAt
    }
    erasures {
      userId
      sessionId
      erasedAt
    }
    cursor
    hasMore
  }
}
    `) as unknown as TypedDocumentString<LiveEntriesSubscription, LiveEntriesSubscriptionVariables>;
export const EarlierEntriesDocument = new TypedDocumentString(`
    query EarlierEntries($filter: LogFilter) {
  logsConnection(filter: $filter, order: TIME_DESC, first: 50) {
    nodes {
      id
      time
      type
      properties
      userId
      sessionId
      receivedAt
    }
  }
}
    `) as unknown as TypedDocumentString<EarlierEntriesQuery, EarlierEntriesQueryVariables>;
export const SessionSummaryDocument = new TypedDocumentString(`
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
    `) as unknown as TypedDocumentString<SessionSummaryQuery, SessionSummaryQueryVariables>;
export const SessionTypesDocument = new TypedDocumentString(`
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
    `) as unknown as TypedDocumentString<SessionTypesQuery, SessionTypesQueryVariables>;
export const StepPageDocument = new TypedDocumentString(`
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
    `) as unknown as TypedDocumentString<StepPageQuery, StepPageQueryVariables>;
export const EraseSessionDocument = new TypedDocumentString(`
    mutation EraseSession($userId: String!, $sessionId: String!, $dryRun: Boolean!) {
  deleteSession(userId: $userId, sessionId: $sessionId, dryRun: $dryRun) {
    deletedCount
  }
}
    `) as unknown as TypedDocumentString<EraseSessionMutation, EraseSessionMutationVariables>;
export const EraseUserDocument = new TypedDocumentString(`
    mutation EraseUser($userId: String!, $dryRun: Boolean!) {
  deleteUserData(userId: $userId, dryRun: $dryRun) {
    deletedCount
  }
}
    `) as unknown as TypedDocumentString<EraseUserMutation, EraseUserMutationVariables>;
export const MarkPageDocument = new TypedDocumentString(`
    query MarkPage($filter: LogFilter, $first: Int, $after: String) {
  logsConnection(filter: $filter, first: $first, after: $after) {
    nodes {
      time
      type
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<MarkPageQuery, MarkPageQueryVariables>;
export const MarkHistogramDocument = new TypedDocumentString(`
    query MarkHistogram($filter: LogFilter, $interval: HistogramInterval!) {
  logHistogram(
    filter: $filter
    interval: $interval
    groupBy: TYPE
    topGroups: 100
  ) {
    buckets {
      start
      end
      groups {
        key
        count
      }
      otherCount
    }
  }
}
    `) as unknown as TypedDocumentString<MarkHistogramQuery, MarkHistogramQueryVariables>;
export const SessionPageDocument = new TypedDocumentString(`
    query SessionPage($filter: SessionFilter, $first: Int, $after: String) {
  sessions(filter: $filter, first: $first, after: $after) {
    nodes {
      id
      userId
      sessionId
      startedAt
      endedAt
      entryCount
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<SessionPageQuery, SessionPageQueryVariables>;
export const EntryTotalDocument = new TypedDocumentString(`
    query EntryTotal($filter: LogFilter, $upTo: Int) {
  logsConnection(filter: $filter, first: 1) {
    totalCount(upTo: $upTo) {
      value
      exact
    }
  }
}
    `) as unknown as TypedDocumentString<EntryTotalQuery, EntryTotalQueryVariables>;
export const EntryPageDocument = new TypedDocumentString(`
    query EntryPage($filter: LogFilter, $order: LogOrder, $first: Int, $after: String) {
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
    `) as unknown as TypedDocumentString<EntryPageQuery, EntryPageQueryVariables>;
export const OldestTimeDocument = new TypedDocumentString(`
    query OldestTime($filter: LogFilter) {
  logsConnection(filter: $filter, order: TIME_ASC, first: 1) {
    nodes {
      time
    }
  }
}
    `) as unknown as TypedDocumentString<OldestTimeQuery, OldestTimeQueryVariables>;
export const EntryIdsDocument = new TypedDocumentString(`
    query EntryIds($filter: LogFilter, $after: String) {
  logsConnection(filter: $filter, first: 1000, after: $after) {
    edges {
      cursor
      node {
        id
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<EntryIdsQuery, EntryIdsQueryVariables>;