/* Generated from schema.graphql by `npm run generate`. */
import type { JsonScalar } from '../../../logs/filtering/property-filter';
import type { JsonObject } from '../../../logs/model/json';
import type { FieldResolver as ResolverFn } from '../field-resolver';
import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { RecordedSession } from '../../../logs/recording/recorder';
import type { ChangesPage } from '../../../logs/feed/page';
import type { EntryConnection } from '../../../logs/reading/entry-page';
import type { Session as SessionModel } from '../../../logs/reading/sessions';
import type { GraphQLContext } from '../../context';
export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
export type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
export type MakeOptional<T, K extends keyof T> = Omit<T, K> & { [SubKey in K]?: Maybe<T[SubKey]> };
export type MakeMaybe<T, K extends keyof T> = Omit<T, K> & { [SubKey in K]: Maybe<T[SubKey]> };
export type MakeEmpty<T extends { [key: string]: unknown }, K extends keyof T> = { [_ in K]?: never };
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
export type { ResolverFn };
export type Omit<T, K extends keyof T> = Pick<T, Exclude<keyof T, K>>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /**
   * An instant.
   *
   * Input: RFC 3339 with an offset, such as `2018-10-18T21:37:28-06:00`, with 0 to 9 fraction digits. Digits
   * beyond microseconds are dropped, in `startTime` and `endTime` too.
   * `startTime` and `endTime` may also be a date: `2018-10-18` means 00:00:00 UTC of that day, or 00:00:00 in the
   * `timeZone` of `logHistogram`. Leap seconds are refused.
   *
   * Output: UTC, `Z`, 3 fraction digits, or 6 if there are microseconds: `2018-10-19T03:37:28.000Z`.
   */
  DateTime: { input: string; output: string; }
  /** Any JSON value. In a property filter: a string, a number or a boolean. Numbers are doubles, as in JSONObject. */
  JSON: { input: JsonScalar; output: JsonScalar; }
  /**
   * A JSON object, returned as sent, except for the order of keys, and read as JavaScript reads JSON:
   *
   * - Numbers are IEEE 754 doubles: `0.1234567890123456789` returns as 0.12345678901234568, and -0 as 0. A number too
   *   large for a double is refused; one too close to 0 is refused in a literal, and is 0 in JSON (variables, REST).
   * - Of equal keys in JSON, the last one counts. In a literal, GraphQL refuses equal keys.
   *
   * Integers beyond ±(2^53-1), the character U+0000 and lone surrogates are refused, because not every database and
   * client can hold them.
   */
  JSONObject: { input: JsonObject; output: JsonObject; }
  /** A non-negative integer, as a JSON number. */
  SafeInt: { input: number; output: number; }
};

/** An action of a user. */
export type ActionInput = {
  /** Further data: at most 32 KiB as JSON, at most 32 levels deep. Absent: `{}`. */
  readonly properties?: InputMaybe<Scalars['JSONObject']['input']>;
  /** When the action happened, from 1970-01-01 to 9999-12-31. */
  readonly time: Scalars['DateTime']['input'];
  /** Kind of action, such as `CLICK`: 1 to 200 characters. */
  readonly type: Scalars['String']['input'];
};

/** A count with an upper limit. */
export type BoundedCount = {
  readonly __typename?: 'BoundedCount';
  /** true: `value` is the exact count; false: there are more. */
  readonly exact: Scalars['Boolean']['output'];
  /** The count, or `upTo` if there are more. */
  readonly value: Scalars['SafeInt']['output'];
};

/** A cell of the grid: `x * cell` <= horizontal coordinate < `(x + 1) * cell`, and the same for y. */
export type ClickCell = {
  readonly __typename?: 'ClickCell';
  /** Number of entries in the cell. */
  readonly count: Scalars['SafeInt']['output'];
  /** Column: the horizontal coordinate divided by the cell's width, rounded down. */
  readonly x: Scalars['Int']['output'];
  /** Row: the vertical coordinate divided by the cell's height, rounded down. */
  readonly y: Scalars['Int']['output'];
};

/** Number of entries per cell of a grid. */
export type ClickMap = {
  readonly __typename?: 'ClickMap';
  /** Width and height of a cell. */
  readonly cell: Scalars['Int']['output'];
  /** Cells with at least one entry, ordered by y, then by x. */
  readonly cells: ReadonlyArray<ClickCell>;
  /** Highest count of any cell; 0 without cells. */
  readonly maxCount: Scalars['SafeInt']['output'];
  /**
   * Number of matching entries in no cell: `x` or `y` is missing, is not a number, or is too large. If it is the number
   * of all entries, check the names of the properties.
   */
  readonly outsideCount: Scalars['SafeInt']['output'];
};

/** Result of a deletion. */
export type DeletionPayload = {
  readonly __typename?: 'DeletionPayload';
  /** Number of entries that were erased, or with `dryRun` would be. */
  readonly deletedCount: Scalars['SafeInt']['output'];
  /** true: the entries were only counted. */
  readonly dryRun: Scalars['Boolean']['output'];
};

/** A user or a session that was erased on request. Deleted ERASURE_NOTICE_DAYS later. */
export type Erasure = {
  readonly __typename?: 'Erasure';
  /** When the erasure was requested. */
  readonly erasedAt: Scalars['DateTime']['output'];
  /** The session that was erased. Null: all sessions of the user. */
  readonly sessionId: Maybe<Scalars['String']['output']>;
  /** The user whose entries were erased. */
  readonly userId: Scalars['String']['output'];
};

/** Number of entries in a group. */
export type GroupCount = {
  readonly __typename?: 'GroupCount';
  /** Number of entries in the group. */
  readonly count: Scalars['SafeInt']['output'];
  /** The type or the user id. */
  readonly key: Scalars['String']['output'];
};

/** An interval and its number of entries. */
export type HistogramBucket = {
  readonly __typename?: 'HistogramBucket';
  /** Number of matching entries in the bucket. */
  readonly count: Scalars['SafeInt']['output'];
  /** First instant after the bucket. In the last bucket it may be after `endTime`. */
  readonly end: Scalars['DateTime']['output'];
  /** The top groups with entries in this bucket, the largest over all buckets first. Empty without `groupBy`. */
  readonly groups: ReadonlyArray<GroupCount>;
  /** Number of entries in the bucket that are in none of the top groups. Without `groupBy`: all its entries. */
  readonly otherCount: Scalars['SafeInt']['output'];
  /**
   * true: the range begins or ends inside this bucket, so that `count` is for a part of it. False where the first
   * or the last matching entry takes the place of a bound: all matching entries of the bucket are counted.
   */
  readonly partial: Scalars['Boolean']['output'];
  /** First instant of the bucket. In the first bucket it may be before `startTime`. */
  readonly start: Scalars['DateTime']['output'];
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

/** Entries and erasures in the order in which they were committed. */
export type LogChanges = {
  readonly __typename?: 'LogChanges';
  /** Where to go on: for `after` of `logChanges` and `logRecorded` with the same `filter`, at any time, on any instance. */
  readonly cursor: Scalars['String']['output'];
  /**
   * At most `first` entries, and fewer if they are large or match rarely: about 1 MB, and 50,000 entries looked at.
   * Entries that were erased meanwhile are missing.
   */
  readonly entries: ReadonlyArray<LogEntry>;
  /**
   * Users and sessions that were erased on request at this point. Delete them from your copy after you have stored
   * `entries`. A page ends at an erasure. Erasing by age (RETENTION_DAYS) is not listed.
   */
  readonly erasures: ReadonlyArray<Erasure>;
  /** Whether more can be read at once, perhaps none that match. */
  readonly hasMore: Scalars['Boolean']['output'];
};

/** How to group entries. */
export type LogDimension =
  /** By type. */
  | 'TYPE'
  /** By user. */
  | 'USER';

/** A recorded action, with its user and session. */
export type LogEntry = {
  readonly __typename?: 'LogEntry';
  /** Unique; not reused, except after a restore. Not in the order of commits: do not poll for greater ids. */
  readonly id: Scalars['ID']['output'];
  /** Further data, as sent, except for the order of keys. */
  readonly properties: Scalars['JSONObject']['output'];
  /** When the server recorded the entry, by its clock. */
  readonly receivedAt: Scalars['DateTime']['output'];
  /** The session of the action. */
  readonly sessionId: Scalars['String']['output'];
  /** When the action happened. */
  readonly time: Scalars['DateTime']['output'];
  /** Kind of action. */
  readonly type: Scalars['String']['output'];
  /** The user of the action. */
  readonly userId: Scalars['String']['output'];
};

/** A page of entries, as in https://relay.dev/graphql/connections.htm. */
export type LogEntryConnection = {
  readonly __typename?: 'LogEntryConnection';
  /** The entries, each with its cursor. */
  readonly edges: ReadonlyArray<LogEntryEdge>;
  /** The entries. */
  readonly nodes: ReadonlyArray<LogEntry>;
  /** Position of this page. */
  readonly pageInfo: PageInfo;
  /** Number of entries on all pages, counted up to `upTo`. */
  readonly totalCount: BoundedCount;
};


/** A page of entries, as in https://relay.dev/graphql/connections.htm. */
export type LogEntryConnectionTotalCountArgs = {
  upTo?: InputMaybe<Scalars['Int']['input']>;
};

/** An entry on a page. */
export type LogEntryEdge = {
  readonly __typename?: 'LogEntryEdge';
  /** Opaque position of the entry. Pass it as `after` to continue behind it. */
  readonly cursor: Scalars['String']['output'];
  /** The entry. */
  readonly node: LogEntry;
};

/**
 * Selects entries. An entry must match all fields that are given. A list matches if any of its items matches; it
 * holds 1 to 100 items.
 */
export type LogFilter = {
  /** Only entries before this instant. Equal to `startTime`: no entries. Before `startTime`: BAD_USER_INPUT. */
  readonly endTime?: InputMaybe<Scalars['DateTime']['input']>;
  /**
   * Only entries whose properties match all of these conditions (1 to 10). Requires userIds, sessionIds, types,
   * startTime or endTime as well; otherwise: FILTER_TOO_BROAD.
   */
  readonly properties?: InputMaybe<ReadonlyArray<PropertyFilter>>;
  /** Only entries of one of these sessions, of any user. Case-sensitive. */
  readonly sessionIds?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  /** Only entries at this instant or later. */
  readonly startTime?: InputMaybe<Scalars['DateTime']['input']>;
  /** Only entries of one of these types. Case-sensitive. */
  readonly types?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  /** Only entries of one of these users. Case-sensitive. */
  readonly userIds?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
};

/** Number of entries per interval. */
export type LogHistogram = {
  readonly __typename?: 'LogHistogram';
  /**
   * Buckets without gaps, oldest first. Empty if the range is empty, or if no entry matches and a bound is
   * absent.
   */
  readonly buckets: ReadonlyArray<HistogramBucket>;
  /** Length of a bucket. */
  readonly interval: HistogramInterval;
  /**
   * Number of matching entries in no bucket: without an `endTime`, those later than one day after the server's
   * clock. 0 with an `endTime`.
   */
  readonly outsideCount: Scalars['SafeInt']['output'];
  /** The time zone in which buckets begin and end. */
  readonly timeZone: Scalars['String']['output'];
};

/** Order of entries. */
export type LogOrder =
  /** Oldest entries first. */
  | 'TIME_ASC'
  /** Newest entries first. */
  | 'TIME_DESC';

/** A type and its entries. */
export type LogTypeSummary = {
  readonly __typename?: 'LogTypeSummary';
  /** Number of entries of the type. */
  readonly count: Scalars['SafeInt']['output'];
  /** Time of the earliest entry. */
  readonly firstTime: Scalars['DateTime']['output'];
  /** Time of the latest entry. */
  readonly lastTime: Scalars['DateTime']['output'];
  /** The type. */
  readonly type: Scalars['String']['output'];
};

/** Result of `logTypes`. */
export type LogTypes = {
  readonly __typename?: 'LogTypes';
  /** Number of their entries that match the filter. */
  readonly otherCount: Scalars['SafeInt']['output'];
  /** Number of types that match the filter and are not in `types`. */
  readonly otherTypeCount: Scalars['Int']['output'];
  /** The types with the most entries, the most frequent first; types with equal counts by name. */
  readonly types: ReadonlyArray<LogTypeSummary>;
};

/** Mutations. */
export type Mutation = {
  readonly __typename?: 'Mutation';
  /**
   * Erases every entry of one session that was recorded before this call, with the guarantees of
   * `deleteUserData`.
   */
  readonly deleteSession: DeletionPayload;
  /**
   * Erases every entry of a user that was recorded before this call. Returns when no query returns the entries
   * any more and, on SQLite, their bytes are overwritten (PostgreSQL: see docs/erasing.md). A session
   * that is recorded meanwhile is kept or erased as a whole.
   */
  readonly deleteUserData: DeletionPayload;
  /**
   * Records actions of one user in one session, one entry per action. Atomic: all actions are recorded, or none.
   * Returns after the commit is on disk. A session may be sent in parts: each request adds entries.
   */
  readonly recordSession: RecordSessionPayload;
};


/** Mutations. */
export type MutationDeleteSessionArgs = {
  dryRun?: InputMaybe<Scalars['Boolean']['input']>;
  sessionId: Scalars['String']['input'];
  userId: Scalars['String']['input'];
};


/** Mutations. */
export type MutationDeleteUserDataArgs = {
  dryRun?: InputMaybe<Scalars['Boolean']['input']>;
  userId: Scalars['String']['input'];
};


/** Mutations. */
export type MutationRecordSessionArgs = {
  input: RecordSessionInput;
};

/** Position of a page. */
export type PageInfo = {
  readonly __typename?: 'PageInfo';
  /** Cursor of the last item: `after` of the next page. Null if the page is empty. */
  readonly endCursor: Maybe<Scalars['String']['output']>;
  /** true: more items follow this page. */
  readonly hasNextPage: Scalars['Boolean']['output'];
  /** True if `after` was given. */
  readonly hasPreviousPage: Scalars['Boolean']['output'];
  /** Cursor of the first item. Null if the page is empty. */
  readonly startCursor: Maybe<Scalars['String']['output']>;
};

/** A condition on one property. */
export type PropertyFilter = {
  /** The condition on its value. */
  readonly is: PropertyPredicate;
  /**
   * Keys from the top of `properties` to the property: 1 to 32. Dots and other characters need no
   * escaping. Keys select from objects, not from arrays.
   */
  readonly path: ReadonlyArray<Scalars['String']['input']>;
};

/**
 * A condition on a value: exactly one of these fields. Types are never converted: `equals: 1` does not match
 * `"1"`, and `gt`, `gte`, `lt` and `lte` match only numbers. If the property is missing, only `exists: false`
 * matches. Arrays and objects never match `equals` or `in`.
 */
export type PropertyPredicate =
  /** Equals this string, number or boolean. */
  { readonly equals: Scalars['JSON']['input']; readonly exists?: never; readonly gt?: never; readonly gte?: never; readonly in?: never; readonly isNull?: never; readonly lt?: never; readonly lte?: never; }
  |  /** true: present (may be null); false: absent. */
  { readonly equals?: never; readonly exists: Scalars['Boolean']['input']; readonly gt?: never; readonly gte?: never; readonly in?: never; readonly isNull?: never; readonly lt?: never; readonly lte?: never; }
  |  /** Greater than this number. */
  { readonly equals?: never; readonly exists?: never; readonly gt: Scalars['Float']['input']; readonly gte?: never; readonly in?: never; readonly isNull?: never; readonly lt?: never; readonly lte?: never; }
  |  /** Greater than or equal to this number. */
  { readonly equals?: never; readonly exists?: never; readonly gt?: never; readonly gte: Scalars['Float']['input']; readonly in?: never; readonly isNull?: never; readonly lt?: never; readonly lte?: never; }
  |  /** Equals one of these strings, numbers or booleans (1 to 100). */
  { readonly equals?: never; readonly exists?: never; readonly gt?: never; readonly gte?: never; readonly in: ReadonlyArray<Scalars['JSON']['input']>; readonly isNull?: never; readonly lt?: never; readonly lte?: never; }
  |  /** true: is null; false: present and not null. */
  { readonly equals?: never; readonly exists?: never; readonly gt?: never; readonly gte?: never; readonly in?: never; readonly isNull: Scalars['Boolean']['input']; readonly lt?: never; readonly lte?: never; }
  |  /** Less than this number. */
  { readonly equals?: never; readonly exists?: never; readonly gt?: never; readonly gte?: never; readonly in?: never; readonly isNull?: never; readonly lt: Scalars['Float']['input']; readonly lte?: never; }
  |  /** Less than or equal to this number. */
  { readonly equals?: never; readonly exists?: never; readonly gt?: never; readonly gte?: never; readonly in?: never; readonly isNull?: never; readonly lt?: never; readonly lte: Scalars['Float']['input']; };

/** Queries. Every result is complete (with replicas: within their lag), or you get an error. */
export type Query = {
  readonly __typename?: 'Query';
  /**
   * Number of entries per cell of a grid over two numeric properties. Entries are left out if one of the
   * properties is missing, is not a number, or is in a cell outside of -2^31 to 2^31-1; `outsideCount` is their
   * number. More than 10,000 cells: RESULT_TOO_LARGE; use a larger `cell`.
   */
  readonly clickMap: ClickMap;
  /**
   * Entries in the order in which they were committed, from the first one or after a cursor. Copy them into another
   * system with it: nothing is ever inserted before a cursor that the server has returned. See docs/feed.md.
   */
  readonly logChanges: LogChanges;
  /**
   * Number of matching entries per interval, from `filter.startTime` to `filter.endTime`. If one of these is
   * absent, the first or the last matching entry takes its place, but a range without an end ends at most one day
   * after the server's clock. A date as a bound means midnight in `timeZone`. Empty intervals are included, with
   * count 0.
   */
  readonly logHistogram: LogHistogram;
  /** The types with the most entries that match a filter, and the sums of the other types. */
  readonly logTypes: LogTypes;
  /**
   * Every entry with startTime <= time < endTime that matches all arguments, ordered by time, then by order of
   * recording. Without arguments: all entries.
   *
   * If more than `serverInfo.limits.maxLogsResult` entries match, or if the answer would exceed
   * `serverInfo.limits.maxResponseBytes`, you get the error RESULT_TOO_LARGE. To read everything, repeat the query
   * with `extensions.retryEndTime` as `endTime`, then continue with it as `startTime`. `retryEndTime` is null if
   * more entries than that share the first instant: use `logsConnection`.
   */
  readonly logs: ReadonlyArray<LogEntry>;
  /**
   * Pages of entries that match a filter, ordered by time, then by order of recording. Entries recorded while
   * you page cause no gaps or repeats.
   */
  readonly logsConnection: LogEntryConnection;
  /** Version, limits and retention of this server. */
  readonly serverInfo: ServerInfo;
  /** One session of a user. Null if it has no entries. */
  readonly session: Maybe<Session>;
  /**
   * Pages of sessions, ordered by the time of their first entry, newest first. Sessions recorded while you page
   * cause no gaps or repeats, with one exception: an entry earlier than all others of its session moves that
   * session.
   */
  readonly sessions: SessionConnection;
  /** Who is asking, and what they may do. */
  readonly viewer: Viewer;
};


/** Queries. Every result is complete (with replicas: within their lag), or you get an error. */
export type QueryClickMapArgs = {
  cell?: InputMaybe<Scalars['Int']['input']>;
  filter?: InputMaybe<LogFilter>;
  x?: InputMaybe<Scalars['String']['input']>;
  y?: InputMaybe<Scalars['String']['input']>;
};


/** Queries. Every result is complete (with replicas: within their lag), or you get an error. */
export type QueryLogChangesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<LogFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


/** Queries. Every result is complete (with replicas: within their lag), or you get an error. */
export type QueryLogHistogramArgs = {
  filter?: InputMaybe<LogFilter>;
  groupBy?: InputMaybe<LogDimension>;
  interval: HistogramInterval;
  timeZone?: InputMaybe<Scalars['String']['input']>;
  topGroups?: InputMaybe<Scalars['Int']['input']>;
};


/** Queries. Every result is complete (with replicas: within their lag), or you get an error. */
export type QueryLogTypesArgs = {
  filter?: InputMaybe<LogFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


/** Queries. Every result is complete (with replicas: within their lag), or you get an error. */
export type QueryLogsArgs = {
  endTime?: InputMaybe<Scalars['DateTime']['input']>;
  startTime?: InputMaybe<Scalars['DateTime']['input']>;
  type?: InputMaybe<Scalars['String']['input']>;
  user?: InputMaybe<Scalars['String']['input']>;
};


/** Queries. Every result is complete (with replicas: within their lag), or you get an error. */
export type QueryLogsConnectionArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<LogFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  order?: InputMaybe<LogOrder>;
};


/** Queries. Every result is complete (with replicas: within their lag), or you get an error. */
export type QuerySessionArgs = {
  sessionId: Scalars['String']['input'];
  userId: Scalars['String']['input'];
};


/** Queries. Every result is complete (with replicas: within their lag), or you get an error. */
export type QuerySessionsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<SessionFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
};

/** A session of one user, or a part of one. */
export type RecordSessionInput = {
  /** 0 to 5,000 actions. Actions with equal times keep their order. */
  readonly actions: ReadonlyArray<ActionInput>;
  /**
   * Makes it safe to send the session again. 1 to 128 characters, such as a UUID; use a new one for each
   * session. Same key and same content: nothing is added, and `replayed` is true. Same key and other content:
   * IDEMPOTENCY_KEY_REUSED; with a public access key, the session is recorded. Access keys that are public or
   * bound to a user have idempotency keys of their own. A request with one `recordSession` may have the key in
   * the header `Idempotency-Key` instead, if it is ASCII.
   */
  readonly idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** The session's id, unique among the sessions of the user: 1 to 256 characters. */
  readonly sessionId: Scalars['String']['input'];
  /** The user of the session: 1 to 256 characters. */
  readonly userId: Scalars['String']['input'];
};

/** Result of `recordSession`. */
export type RecordSessionPayload = {
  readonly __typename?: 'RecordSessionPayload';
  /** Their entries that are stored now, in the order of the actions. After a deletion: none of an erased session. */
  readonly entries: ReadonlyArray<LogEntry>;
  /**
   * Number of actions in this request. They were recorded by this request or, if `replayed` is true, by an
   * earlier one: then some or all of their entries may be erased since.
   */
  readonly recordedCount: Scalars['Int']['output'];
  /** true: the session was recorded before with the same `idempotencyKey`, and nothing was added. */
  readonly replayed: Scalars['Boolean']['output'];
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

/** Version, limits and retention of a server. */
export type ServerInfo = {
  readonly __typename?: 'ServerInfo';
  /** Maximum sizes of requests and results. */
  readonly limits: ServerLimits;
  /** Whether the server asks for no key. */
  readonly openAccess: Scalars['Boolean']['output'];
  /** Entries older than this many days are erased. Null: entries are kept until they are deleted. */
  readonly retentionDays: Maybe<Scalars['Int']['output']>;
  /** The version of Log Manager. */
  readonly version: Scalars['String']['output'];
};

/** Maximum sizes of requests and results. */
export type ServerLimits = {
  readonly __typename?: 'ServerLimits';
  /** Actions in one `recordSession`. */
  readonly maxActionsPerSession: Scalars['Int']['output'];
  /** Characters (UTF-16 units) of a document. */
  readonly maxDocumentLength: Scalars['Int']['output'];
  /** Items of a list in a filter. `properties` holds at most 10. */
  readonly maxFilterItems: Scalars['Int']['output'];
  /** Characters (Unicode code points) of a user id or a session id. */
  readonly maxIdLength: Scalars['Int']['output'];
  /** Characters (Unicode code points) of an idempotency key. */
  readonly maxIdempotencyKeyLength: Scalars['Int']['output'];
  /** Entries in one result of `logs`. */
  readonly maxLogsResult: Scalars['Int']['output'];
  /** Entries on one page of a connection. */
  readonly maxPageSize: Scalars['Int']['output'];
  /** Bytes of the properties of an action, as JSON in UTF-8. */
  readonly maxPropertiesBytes: Scalars['Int']['output'];
  /** Nesting depth of the properties of an action. The properties object is level 1. */
  readonly maxPropertiesDepth: Scalars['Int']['output'];
  /** Cost of an operation: roughly, how many objects it may read. */
  readonly maxQueryCost: Scalars['Int']['output'];
  /** Bytes of a request body. */
  readonly maxRequestBytes: Scalars['Int']['output'];
  /** Bytes of an answer; exports are not bounded by it. */
  readonly maxResponseBytes: Scalars['Int']['output'];
  /** Characters (Unicode code points) of a type. */
  readonly maxTypeLength: Scalars['Int']['output'];
  /** Milliseconds after which a query ends with QUERY_TIMEOUT. An in-memory database has no such limit. */
  readonly queryTimeoutMs: Scalars['Int']['output'];
};

/** A session of a user. */
export type Session = {
  readonly __typename?: 'Session';
  /** Time of its latest entry. */
  readonly endedAt: Scalars['DateTime']['output'];
  /** Pages of its entries. */
  readonly entries: LogEntryConnection;
  /** Number of its entries. */
  readonly entryCount: Scalars['SafeInt']['output'];
  /** Opaque; the same for the same session, so that clients can cache it under this id. */
  readonly id: Scalars['ID']['output'];
  /** The session's id. */
  readonly sessionId: Scalars['String']['output'];
  /** Time of its earliest entry. */
  readonly startedAt: Scalars['DateTime']['output'];
  /** The user of the session. */
  readonly userId: Scalars['String']['output'];
};


/** A session of a user. */
export type SessionEntriesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  order?: InputMaybe<LogOrder>;
};

/** A page of sessions. */
export type SessionConnection = {
  readonly __typename?: 'SessionConnection';
  /** The sessions, each with its cursor. */
  readonly edges: ReadonlyArray<SessionEdge>;
  /** The sessions. */
  readonly nodes: ReadonlyArray<Session>;
  /** Position of this page. */
  readonly pageInfo: PageInfo;
};

/** A session on a page. */
export type SessionEdge = {
  readonly __typename?: 'SessionEdge';
  /** Opaque position of the session. Pass it as `after` to continue behind it. */
  readonly cursor: Scalars['String']['output'];
  /** The session. */
  readonly node: Session;
};

/** Selects sessions. A session must match all fields that are given. */
export type SessionFilter = {
  /** Only sessions whose first entry is before this instant. Before `startTime`: BAD_USER_INPUT. */
  readonly endTime?: InputMaybe<Scalars['DateTime']['input']>;
  /** Only sessions whose first entry is at this instant or later. */
  readonly startTime?: InputMaybe<Scalars['DateTime']['input']>;
  /** Only sessions of one of these users (1 to 100). */
  readonly userIds?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
};

/** Subscriptions, over WebSocket (protocol graphql-transport-ws) or as an event stream. See docs/feed.md. */
export type Subscription = {
  readonly __typename?: 'Subscription';
  /**
   * The entries of `logChanges`, live: those that are there after the cursor, then those that are committed. The first
   * message comes at once, perhaps without entries. A message with a new cursor comes every 10 seconds at least, and
   * every 25 ms at most. A client that reads too slowly is ended with SUBSCRIBER_TOO_SLOW.
   */
  readonly logRecorded: LogChanges;
};


/** Subscriptions, over WebSocket (protocol graphql-transport-ws) or as an event stream. See docs/feed.md. */
export type SubscriptionLogRecordedArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<LogFilter>;
};

/** Who sends a request: the key that it bears, or everybody while the server is open. */
export type Viewer = {
  readonly __typename?: 'Viewer';
  /** When the key ends. Null: never. */
  readonly expiresAt: Maybe<Scalars['DateTime']['output']>;
  /** The name of the key. Null: the server asks for no key. */
  readonly name: Maybe<Scalars['String']['output']>;
  /** What the key may do. */
  readonly scopes: ReadonlyArray<Scope>;
  /** Only this user's data may be recorded, read and erased. Null: every user's. */
  readonly userId: Maybe<Scalars['String']['output']>;
};



export type ResolverTypeWrapper<T> = Promise<T> | T;

export type Resolver<TResult, TParent = {}, TContext = {}, TArgs = {}> = ResolverFn<TResult, TParent, TContext, TArgs>;

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>;

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

export interface SubscriptionSubscriberObject<TResult, TKey extends string, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>;
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>;
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<any, TParent, TContext, TArgs>;
  resolve: SubscriptionResolveFn<TResult, any, TContext, TArgs>;
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>;

export type SubscriptionResolver<TResult, TKey extends string, TParent = {}, TContext = {}, TArgs = {}> =
  | ((...args: any[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>;

export type TypeResolveFn<TTypes, TParent = {}, TContext = {}> = (
  parent: TParent,
  context: TContext,
  info: GraphQLResolveInfo
) => Maybe<TTypes> | Promise<Maybe<TTypes>>;

export type IsTypeOfResolverFn<T = {}, TContext = {}> = (obj: T, context: TContext, info: GraphQLResolveInfo) => boolean | Promise<boolean>;

export type NextResolverFn<T> = () => Promise<T>;

export type DirectiveResolverFn<TResult = {}, TParent = {}, TContext = {}, TArgs = {}> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;



/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  ActionInput: ActionInput;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  BoundedCount: ResolverTypeWrapper<BoundedCount>;
  ClickCell: ResolverTypeWrapper<ClickCell>;
  ClickMap: ResolverTypeWrapper<ClickMap>;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  DeletionPayload: ResolverTypeWrapper<DeletionPayload>;
  Erasure: ResolverTypeWrapper<Erasure>;
  Float: ResolverTypeWrapper<Scalars['Float']['output']>;
  GroupCount: ResolverTypeWrapper<GroupCount>;
  HistogramBucket: ResolverTypeWrapper<HistogramBucket>;
  HistogramInterval: HistogramInterval;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  JSON: ResolverTypeWrapper<Scalars['JSON']['output']>;
  JSONObject: ResolverTypeWrapper<Scalars['JSONObject']['output']>;
  LogChanges: ResolverTypeWrapper<ChangesPage>;
  LogDimension: LogDimension;
  LogEntry: ResolverTypeWrapper<LogEntry>;
  LogEntryConnection: ResolverTypeWrapper<EntryConnection>;
  LogEntryEdge: ResolverTypeWrapper<LogEntryEdge>;
  LogFilter: LogFilter;
  LogHistogram: ResolverTypeWrapper<LogHistogram>;
  LogOrder: LogOrder;
  LogTypeSummary: ResolverTypeWrapper<LogTypeSummary>;
  LogTypes: ResolverTypeWrapper<LogTypes>;
  Mutation: ResolverTypeWrapper<{}>;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  PropertyFilter: PropertyFilter;
  PropertyPredicate: PropertyPredicate;
  Query: ResolverTypeWrapper<{}>;
  RecordSessionInput: RecordSessionInput;
  RecordSessionPayload: ResolverTypeWrapper<RecordedSession>;
  SafeInt: ResolverTypeWrapper<Scalars['SafeInt']['output']>;
  Scope: Scope;
  ServerInfo: ResolverTypeWrapper<ServerInfo>;
  ServerLimits: ResolverTypeWrapper<ServerLimits>;
  Session: ResolverTypeWrapper<SessionModel>;
  SessionConnection: ResolverTypeWrapper<Omit<SessionConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['SessionEdge']>, nodes: ReadonlyArray<ResolversTypes['Session']> }>;
  SessionEdge: ResolverTypeWrapper<Omit<SessionEdge, 'node'> & { node: ResolversTypes['Session'] }>;
  SessionFilter: SessionFilter;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  Subscription: ResolverTypeWrapper<{}>;
  Viewer: ResolverTypeWrapper<Viewer>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  ActionInput: ActionInput;
  Boolean: Scalars['Boolean']['output'];
  BoundedCount: BoundedCount;
  ClickCell: ClickCell;
  ClickMap: ClickMap;
  DateTime: Scalars['DateTime']['output'];
  DeletionPayload: DeletionPayload;
  Erasure: Erasure;
  Float: Scalars['Float']['output'];
  GroupCount: GroupCount;
  HistogramBucket: HistogramBucket;
  ID: Scalars['ID']['output'];
  Int: Scalars['Int']['output'];
  JSON: Scalars['JSON']['output'];
  JSONObject: Scalars['JSONObject']['output'];
  LogChanges: ChangesPage;
  LogEntry: LogEntry;
  LogEntryConnection: EntryConnection;
  LogEntryEdge: LogEntryEdge;
  LogFilter: LogFilter;
  LogHistogram: LogHistogram;
  LogTypeSummary: LogTypeSummary;
  LogTypes: LogTypes;
  Mutation: {};
  PageInfo: PageInfo;
  PropertyFilter: PropertyFilter;
  PropertyPredicate: PropertyPredicate;
  Query: {};
  RecordSessionInput: RecordSessionInput;
  RecordSessionPayload: RecordedSession;
  SafeInt: Scalars['SafeInt']['output'];
  ServerInfo: ServerInfo;
  ServerLimits: ServerLimits;
  Session: SessionModel;
  SessionConnection: Omit<SessionConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['SessionEdge']>, nodes: ReadonlyArray<ResolversParentTypes['Session']> };
  SessionEdge: Omit<SessionEdge, 'node'> & { node: ResolversParentTypes['Session'] };
  SessionFilter: SessionFilter;
  String: Scalars['String']['output'];
  Subscription: {};
  Viewer: Viewer;
};

export type BoundedCountResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['BoundedCount'] = ResolversParentTypes['BoundedCount']> = {
  exact?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  value?: Resolver<ResolversTypes['SafeInt'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type ClickCellResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['ClickCell'] = ResolversParentTypes['ClickCell']> = {
  count?: Resolver<ResolversTypes['SafeInt'], ParentType, ContextType>;
  x?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  y?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type ClickMapResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['ClickMap'] = ResolversParentTypes['ClickMap']> = {
  cell?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  cells?: Resolver<ReadonlyArray<ResolversTypes['ClickCell']>, ParentType, ContextType>;
  maxCount?: Resolver<ResolversTypes['SafeInt'], ParentType, ContextType>;
  outsideCount?: Resolver<ResolversTypes['SafeInt'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export type DeletionPayloadResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['DeletionPayload'] = ResolversParentTypes['DeletionPayload']> = {
  deletedCount?: Resolver<ResolversTypes['SafeInt'], ParentType, ContextType>;
  dryRun?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type ErasureResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['Erasure'] = ResolversParentTypes['Erasure']> = {
  erasedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  sessionId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  userId?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type GroupCountResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['GroupCount'] = ResolversParentTypes['GroupCount']> = {
  count?: Resolver<ResolversTypes['SafeInt'], ParentType, ContextType>;
  key?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type HistogramBucketResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['HistogramBucket'] = ResolversParentTypes['HistogramBucket']> = {
  count?: Resolver<ResolversTypes['SafeInt'], ParentType, ContextType>;
  end?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  groups?: Resolver<ReadonlyArray<ResolversTypes['GroupCount']>, ParentType, ContextType>;
  otherCount?: Resolver<ResolversTypes['SafeInt'], ParentType, ContextType>;
  partial?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  start?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export interface JsonScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['JSON'], any> {
  name: 'JSON';
}

export interface JsonObjectScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['JSONObject'], any> {
  name: 'JSONObject';
}

export type LogChangesResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['LogChanges'] = ResolversParentTypes['LogChanges']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  entries?: Resolver<ReadonlyArray<ResolversTypes['LogEntry']>, ParentType, ContextType>;
  erasures?: Resolver<ReadonlyArray<ResolversTypes['Erasure']>, ParentType, ContextType>;
  hasMore?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type LogEntryResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['LogEntry'] = ResolversParentTypes['LogEntry']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  properties?: Resolver<ResolversTypes['JSONObject'], ParentType, ContextType>;
  receivedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  sessionId?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  time?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  type?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  userId?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type LogEntryConnectionResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['LogEntryConnection'] = ResolversParentTypes['LogEntryConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['LogEntryEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['LogEntry']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['BoundedCount'], ParentType, ContextType, RequireFields<LogEntryConnectionTotalCountArgs, 'upTo'>>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type LogEntryEdgeResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['LogEntryEdge'] = ResolversParentTypes['LogEntryEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['LogEntry'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type LogHistogramResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['LogHistogram'] = ResolversParentTypes['LogHistogram']> = {
  buckets?: Resolver<ReadonlyArray<ResolversTypes['HistogramBucket']>, ParentType, ContextType>;
  interval?: Resolver<ResolversTypes['HistogramInterval'], ParentType, ContextType>;
  outsideCount?: Resolver<ResolversTypes['SafeInt'], ParentType, ContextType>;
  timeZone?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type LogTypeSummaryResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['LogTypeSummary'] = ResolversParentTypes['LogTypeSummary']> = {
  count?: Resolver<ResolversTypes['SafeInt'], ParentType, ContextType>;
  firstTime?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  lastTime?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  type?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type LogTypesResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['LogTypes'] = ResolversParentTypes['LogTypes']> = {
  otherCount?: Resolver<ResolversTypes['SafeInt'], ParentType, ContextType>;
  otherTypeCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  types?: Resolver<ReadonlyArray<ResolversTypes['LogTypeSummary']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type MutationResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  deleteSession?: Resolver<ResolversTypes['DeletionPayload'], ParentType, ContextType, RequireFields<MutationDeleteSessionArgs, 'dryRun' | 'sessionId' | 'userId'>>;
  deleteUserData?: Resolver<ResolversTypes['DeletionPayload'], ParentType, ContextType, RequireFields<MutationDeleteUserDataArgs, 'dryRun' | 'userId'>>;
  recordSession?: Resolver<ResolversTypes['RecordSessionPayload'], ParentType, ContextType, RequireFields<MutationRecordSessionArgs, 'input'>>;
};

export type PageInfoResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = {
  endCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  hasPreviousPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  startCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type QueryResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  clickMap?: Resolver<ResolversTypes['ClickMap'], ParentType, ContextType, RequireFields<QueryClickMapArgs, 'cell' | 'x' | 'y'>>;
  logChanges?: Resolver<ResolversTypes['LogChanges'], ParentType, ContextType, RequireFields<QueryLogChangesArgs, 'first'>>;
  logHistogram?: Resolver<ResolversTypes['LogHistogram'], ParentType, ContextType, RequireFields<QueryLogHistogramArgs, 'interval' | 'timeZone' | 'topGroups'>>;
  logTypes?: Resolver<ResolversTypes['LogTypes'], ParentType, ContextType, RequireFields<QueryLogTypesArgs, 'first'>>;
  logs?: Resolver<ReadonlyArray<ResolversTypes['LogEntry']>, ParentType, ContextType, Partial<QueryLogsArgs>>;
  logsConnection?: Resolver<ResolversTypes['LogEntryConnection'], ParentType, ContextType, RequireFields<QueryLogsConnectionArgs, 'first' | 'order'>>;
  serverInfo?: Resolver<ResolversTypes['ServerInfo'], ParentType, ContextType>;
  session?: Resolver<Maybe<ResolversTypes['Session']>, ParentType, ContextType, RequireFields<QuerySessionArgs, 'sessionId' | 'userId'>>;
  sessions?: Resolver<ResolversTypes['SessionConnection'], ParentType, ContextType, RequireFields<QuerySessionsArgs, 'first'>>;
  viewer?: Resolver<ResolversTypes['Viewer'], ParentType, ContextType>;
};

export type RecordSessionPayloadResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['RecordSessionPayload'] = ResolversParentTypes['RecordSessionPayload']> = {
  entries?: Resolver<ReadonlyArray<ResolversTypes['LogEntry']>, ParentType, ContextType>;
  recordedCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  replayed?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export interface SafeIntScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['SafeInt'], any> {
  name: 'SafeInt';
}

export type ServerInfoResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['ServerInfo'] = ResolversParentTypes['ServerInfo']> = {
  limits?: Resolver<ResolversTypes['ServerLimits'], ParentType, ContextType>;
  openAccess?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  retentionDays?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  version?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type ServerLimitsResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['ServerLimits'] = ResolversParentTypes['ServerLimits']> = {
  maxActionsPerSession?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  maxDocumentLength?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  maxFilterItems?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  maxIdLength?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  maxIdempotencyKeyLength?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  maxLogsResult?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  maxPageSize?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  maxPropertiesBytes?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  maxPropertiesDepth?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  maxQueryCost?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  maxRequestBytes?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  maxResponseBytes?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  maxTypeLength?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  queryTimeoutMs?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type SessionResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['Session'] = ResolversParentTypes['Session']> = {
  endedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  entries?: Resolver<ResolversTypes['LogEntryConnection'], ParentType, ContextType, RequireFields<SessionEntriesArgs, 'first' | 'order'>>;
  entryCount?: Resolver<ResolversTypes['SafeInt'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  sessionId?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  startedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  userId?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type SessionConnectionResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['SessionConnection'] = ResolversParentTypes['SessionConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['SessionEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['Session']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type SessionEdgeResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['SessionEdge'] = ResolversParentTypes['SessionEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Session'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type SubscriptionResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['Subscription'] = ResolversParentTypes['Subscription']> = {
  logRecorded?: SubscriptionResolver<ResolversTypes['LogChanges'], "logRecorded", ParentType, ContextType, Partial<SubscriptionLogRecordedArgs>>;
};

export type ViewerResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['Viewer'] = ResolversParentTypes['Viewer']> = {
  expiresAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  name?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  scopes?: Resolver<ReadonlyArray<ResolversTypes['Scope']>, ParentType, ContextType>;
  userId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type Resolvers<ContextType = GraphQLContext> = {
  BoundedCount?: BoundedCountResolvers<ContextType>;
  ClickCell?: ClickCellResolvers<ContextType>;
  ClickMap?: ClickMapResolvers<ContextType>;
  DateTime?: GraphQLScalarType;
  DeletionPayload?: DeletionPayloadResolvers<ContextType>;
  Erasure?: ErasureResolvers<ContextType>;
  GroupCount?: GroupCountResolvers<ContextType>;
  HistogramBucket?: HistogramBucketResolvers<ContextType>;
  JSON?: GraphQLScalarType;
  JSONObject?: GraphQLScalarType;
  LogChanges?: LogChangesResolvers<ContextType>;
  LogEntry?: LogEntryResolvers<ContextType>;
  LogEntryConnection?: LogEntryConnectionResolvers<ContextType>;
  LogEntryEdge?: LogEntryEdgeResolvers<ContextType>;
  LogHistogram?: LogHistogramResolvers<ContextType>;
  LogTypeSummary?: LogTypeSummaryResolvers<ContextType>;
  LogTypes?: LogTypesResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  RecordSessionPayload?: RecordSessionPayloadResolvers<ContextType>;
  SafeInt?: GraphQLScalarType;
  ServerInfo?: ServerInfoResolvers<ContextType>;
  ServerLimits?: ServerLimitsResolvers<ContextType>;
  Session?: SessionResolvers<ContextType>;
  SessionConnection?: SessionConnectionResolvers<ContextType>;
  SessionEdge?: SessionEdgeResolvers<ContextType>;
  Subscription?: SubscriptionResolvers<ContextType>;
  Viewer?: ViewerResolvers<ContextType>;
};

