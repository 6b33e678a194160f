/* Generated from schema.graphql by `npm run generate`. */
import type { JsonScalar } from '../../../logs/filtering/property-filter';
import type { JsonObject } from '../../../logs/model/json';
import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { RecordedSession } from '../../../logs/recording/recorder';
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
   * In: RFC 3339 with an offset, such as `2018-10-18T21:37:28-06:00`, with 0 to 9 fraction digits, kept to the microsecond
   * (further digits are dropped; in the bound of a range they round up). The bound of a range may also be a date, such as
   * `2018-10-18`, which means 00:00:00 UTC. Leap seconds are refused.
   *
   * Out: UTC, `Z`, three fraction digits, six when there are microseconds: `2018-10-19T03:37:28.000Z`.
   */
  DateTime: { input: string; output: string; }
  /** Any JSON value. In a property filter: a string, a number or a boolean. */
  JSON: { input: JsonScalar; output: JsonScalar; }
  /**
   * A JSON object, stored exactly as sent or refused. Key order is not promised. Refused are integers beyond ±(2^53-1), the
   * character U+0000 and lone surrogates, since not every database and client can hold them.
   */
  JSONObject: { input: JsonObject; output: JsonObject; }
  /** A non-negative integer up to 2^53-1, as a JSON number. */
  SafeInt: { input: number; output: number; }
};

/** One thing a user did. */
export type ActionInput = {
  /** Whatever else is known of it: at most 32 KiB as JSON, at most 32 levels deep. Absent means `{}`. */
  readonly properties?: InputMaybe<Scalars['JSONObject']['input']>;
  /** When it happened, from 1970-01-01 to 9999-12-31. */
  readonly time: Scalars['DateTime']['input'];
  /** What kind of action it is, such as `CLICK`: 1 to 200 characters. */
  readonly type: Scalars['String']['input'];
};

/** A number that was counted up to a bound. */
export type BoundedCount = {
  readonly __typename?: 'BoundedCount';
  /** Whether `value` is the number, and not the bound. */
  readonly exact: Scalars['Boolean']['output'];
  /** The number, or the bound when there are more. */
  readonly value: Scalars['SafeInt']['output'];
};

/** A cell of the grid: from `x * cell` to `(x + 1) * cell`, that end exclusive; and so for y. */
export type ClickCell = {
  readonly __typename?: 'ClickCell';
  /** How many clicks fall in it. */
  readonly count: Scalars['SafeInt']['output'];
  /** The number of its column: the property divided by `cell`, rounded down. */
  readonly x: Scalars['Int']['output'];
  /** The number of its row. */
  readonly y: Scalars['Int']['output'];
};

/** Where people click. */
export type ClickMap = {
  readonly __typename?: 'ClickMap';
  /** How wide and high a cell is. */
  readonly cell: Scalars['Int']['output'];
  /** The cells that have clicks, by y, then by x. */
  readonly cells: ReadonlyArray<ClickCell>;
  /** The count of the fullest cell; 0 when there is none. */
  readonly maxCount: Scalars['SafeInt']['output'];
};

/** What was erased. */
export type DeletionPayload = {
  readonly __typename?: 'DeletionPayload';
  /** How many entries were erased, or would be. */
  readonly deletedCount: Scalars['SafeInt']['output'];
  /** Whether they were only counted. */
  readonly dryRun: Scalars['Boolean']['output'];
};

/** How many entries a group has. */
export type GroupCount = {
  readonly __typename?: 'GroupCount';
  /** How many entries it has. */
  readonly count: Scalars['SafeInt']['output'];
  /** The type, or the user's id. */
  readonly key: Scalars['String']['output'];
};

/** An interval of time, and how many entries it has. */
export type HistogramBucket = {
  readonly __typename?: 'HistogramBucket';
  /** How many of the entries that pass the filter are in it. */
  readonly count: Scalars['SafeInt']['output'];
  /** The first instant after it; of the last bucket, it may be after `endTime`. */
  readonly end: Scalars['DateTime']['output'];
  /** Of the top groups, those that have entries here, in the order of their counts in all buckets. Empty without `groupBy`. */
  readonly groups: ReadonlyArray<GroupCount>;
  /** How many entries of the bucket are in none of `groups`. */
  readonly otherCount: Scalars['SafeInt']['output'];
  /** The first instant of it; of the first bucket, it may be before `startTime`. */
  readonly start: Scalars['DateTime']['output'];
};

/** How long a bucket is, by the clocks of its time zone. */
export type HistogramInterval =
  /** A day: 23 or 25 hours long when clocks change. */
  | 'DAY'
  /** An hour. One that clocks repeat as a whole is two buckets. */
  | 'HOUR'
  /** A minute. */
  | 'MINUTE'
  /** A month. */
  | 'MONTH'
  /** A week, from Monday on. */
  | 'WEEK';

/** What entries are grouped by. */
export type LogDimension =
  /** By their type. */
  | 'TYPE'
  /** By their user. */
  | 'USER';

/** One action, with the user and the session it belongs to. */
export type LogEntry = {
  readonly __typename?: 'LogEntry';
  /** Unique and never used again. Ascending in the order of recording. */
  readonly id: Scalars['ID']['output'];
  /** Whatever else was sent about it, as it was sent. */
  readonly properties: Scalars['JSONObject']['output'];
  /** When this server committed it. */
  readonly receivedAt: Scalars['DateTime']['output'];
  /** In which session of the user it happened. */
  readonly sessionId: Scalars['String']['output'];
  /** When the action happened. */
  readonly time: Scalars['DateTime']['output'];
  /** What kind of action it is. */
  readonly type: Scalars['String']['output'];
  /** Whose action it is. */
  readonly userId: Scalars['String']['output'];
};

/** A page of entries: https://relay.dev/graphql/connections.htm */
export type LogEntryConnection = {
  readonly __typename?: 'LogEntryConnection';
  /** The entries, each with its cursor. */
  readonly edges: ReadonlyArray<LogEntryEdge>;
  /** The entries. */
  readonly nodes: ReadonlyArray<LogEntry>;
  /** Where this page is. */
  readonly pageInfo: PageInfo;
  /** How many entries pass the filter, on all pages. Counted only when asked for, and no further than `upTo`. */
  readonly totalCount: BoundedCount;
};


/** A page of entries: https://relay.dev/graphql/connections.htm */
export type LogEntryConnectionTotalCountArgs = {
  upTo?: Scalars['Int']['input'];
};

/** An entry on a page. */
export type LogEntryEdge = {
  readonly __typename?: 'LogEntryEdge';
  /** Where the entry is; good for `after`. Means nothing to anybody but the server. */
  readonly cursor: Scalars['String']['output'];
  /** The entry. */
  readonly node: LogEntry;
};

/**
 * Which entries are wanted: those that pass every field that is given. Of a list, one item must fit; an empty one is
 * BAD_USER_INPUT, and so is one of more than 100 items.
 */
export type LogFilter = {
  /** Only entries before this instant. The same as `startTime`: no entries. Before it: BAD_USER_INPUT. */
  readonly endTime?: InputMaybe<Scalars['DateTime']['input']>;
  /**
   * Only entries whose properties are like this, in every one of up to 10 respects. Needs a user, a session, a type, or one
   * end of a time range beside it; without one: FILTER_TOO_BROAD.
   */
  readonly properties?: InputMaybe<ReadonlyArray<PropertyFilter>>;
  /** Only entries of one of these sessions, whichever user's, compared exactly. */
  readonly sessionIds?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  /** Only entries at this instant or later. */
  readonly startTime?: InputMaybe<Scalars['DateTime']['input']>;
  /** Only entries of one of these types, compared exactly. */
  readonly types?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  /** Only entries of one of these users, compared exactly. */
  readonly userIds?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
};

/** How many entries there are, over time. */
export type LogHistogram = {
  readonly __typename?: 'LogHistogram';
  /** One after the other without a gap, the oldest first; none when nothing matches and the range has no end. */
  readonly buckets: ReadonlyArray<HistogramBucket>;
  /** How long a bucket is. */
  readonly interval: HistogramInterval;
  /** The zone whose clocks bound the buckets. */
  readonly timeZone: Scalars['String']['output'];
};

/** Which entries come first. */
export type LogOrder =
  /** The oldest entries first. */
  | 'TIME_ASC'
  /** The newest entries first. */
  | 'TIME_DESC';

/** The entries of a type. */
export type LogTypeSummary = {
  readonly __typename?: 'LogTypeSummary';
  /** How many entries it has. */
  readonly count: Scalars['SafeInt']['output'];
  /** When the first of them happened. */
  readonly firstTime: Scalars['DateTime']['output'];
  /** When the last of them happened. */
  readonly lastTime: Scalars['DateTime']['output'];
  /** The type. */
  readonly type: Scalars['String']['output'];
};

/** What can be changed. */
export type Mutation = {
  readonly __typename?: 'Mutation';
  /** Erases every entry of one session that is recorded by now, as `deleteUserData` does. */
  readonly deleteSession: DeletionPayload;
  /**
   * Erases every entry of a user that is recorded by now. When it answers, no query shows them any more; on SQLite their bytes
   * are gone from the file. What is recorded meanwhile is later, and stays.
   */
  readonly deleteUserData: DeletionPayload;
  /**
   * Stores what one user did in one session, one entry for each action. Atomic: every action is committed, or none is.
   * Answers only after the commit is on disk. A session may be sent in parts: entries are added to those already there.
   */
  readonly recordSession: RecordSessionPayload;
};


/** What can be changed. */
export type MutationDeleteSessionArgs = {
  dryRun?: Scalars['Boolean']['input'];
  sessionId: Scalars['String']['input'];
  userId: Scalars['String']['input'];
};


/** What can be changed. */
export type MutationDeleteUserDataArgs = {
  dryRun?: Scalars['Boolean']['input'];
  userId: Scalars['String']['input'];
};


/** What can be changed. */
export type MutationRecordSessionArgs = {
  input: RecordSessionInput;
};

/** Where a page is. */
export type PageInfo = {
  readonly __typename?: 'PageInfo';
  /** The cursor of the last item; null when there is none. */
  readonly endCursor: Maybe<Scalars['String']['output']>;
  /** Whether there is more after this page. */
  readonly hasNextPage: Scalars['Boolean']['output'];
  /** Whether there was something before this page: whether it was asked for with `after`. */
  readonly hasPreviousPage: Scalars['Boolean']['output'];
  /** The cursor of the first item; null when there is none. */
  readonly startCursor: Maybe<Scalars['String']['output']>;
};

/** What a property must be like. */
export type PropertyFilter = {
  /** What its value must be like. */
  readonly is: PropertyPredicate;
  /**
   * The keys that lead to it from the top of `properties`: 1 to 32, any text, so that keys that contain dots need no
   * escaping. They lead through objects, not through arrays.
   */
  readonly path: ReadonlyArray<Scalars['String']['input']>;
};

/**
 * One of these. Types are not mixed: `equals: 1` is not `"1"`, and only numbers are greater or less than a number. Where there
 * is no such property, nothing is true of it but `exists: false`. Arrays and objects never equal anything.
 */
export type PropertyPredicate =
  /** It is this string, number or boolean. */
  { readonly equals: Scalars['JSON']['input']; readonly exists?: never; readonly gt?: never; readonly gte?: never; readonly in?: never; readonly isNull?: never; readonly lt?: never; readonly lte?: never; }
  |  /** It is there, also as null; or, with false, it is not. */
  { readonly equals?: never; readonly exists: Scalars['Boolean']['input']; readonly gt?: never; readonly gte?: never; readonly in?: never; readonly isNull?: never; readonly lt?: never; readonly lte?: never; }
  |  /** It is a number greater than this. */
  { readonly equals?: never; readonly exists?: never; readonly gt: Scalars['Float']['input']; readonly gte?: never; readonly in?: never; readonly isNull?: never; readonly lt?: never; readonly lte?: never; }
  |  /** It is this number or a greater one. */
  { readonly equals?: never; readonly exists?: never; readonly gt?: never; readonly gte: Scalars['Float']['input']; readonly in?: never; readonly isNull?: never; readonly lt?: never; readonly lte?: never; }
  |  /** It is one of these strings, numbers or booleans: 1 to 100. */
  { readonly equals?: never; readonly exists?: never; readonly gt?: never; readonly gte?: never; readonly in: ReadonlyArray<Scalars['JSON']['input']>; readonly isNull?: never; readonly lt?: never; readonly lte?: never; }
  |  /** It is there and null; or, with false, it is there and something else. */
  { readonly equals?: never; readonly exists?: never; readonly gt?: never; readonly gte?: never; readonly in?: never; readonly isNull: Scalars['Boolean']['input']; readonly lt?: never; readonly lte?: never; }
  |  /** It is a number less than this. */
  { readonly equals?: never; readonly exists?: never; readonly gt?: never; readonly gte?: never; readonly in?: never; readonly isNull?: never; readonly lt: Scalars['Float']['input']; readonly lte?: never; }
  |  /** It is this number or a lesser one. */
  { readonly equals?: never; readonly exists?: never; readonly gt?: never; readonly gte?: never; readonly in?: never; readonly isNull?: never; readonly lt?: never; readonly lte: Scalars['Float']['input']; };

/** What can be asked. Every answer is complete, or an error. */
export type Query = {
  readonly __typename?: 'Query';
  /**
   * How many clicks fall in each cell of a grid laid over two numeric properties. Entries where one of them is absent, or no
   * number, or more than 2^31 cells away from 0, fall in no cell. More than 10,000 cells are RESULT_TOO_LARGE: ask for a
   * larger `cell`.
   */
  readonly clickMap: ClickMap;
  /**
   * How many entries there are in each interval of time, from `filter.startTime` to `filter.endTime`, or, where one of
   * these is absent, from the first or to the last entry that matches. Every interval is there, also an empty one.
   */
  readonly logHistogram: LogHistogram;
  /** The types of the entries that pass a filter, those with the most entries first. */
  readonly logTypes: ReadonlyArray<LogTypeSummary>;
  /**
   * Every entry with startTime <= time < endTime, ordered by time, then by order of recording. Without arguments: every
   * entry there is.
   *
   * Complete or an error, never cut short: when more than `serverInfo.limits.maxLogsResult` entries match, the error
   * RESULT_TOO_LARGE carries `extensions.retryEndTime`, the largest end for which the same query fits. Ask again with that
   * end, then go on with it as the start, and so read everything.
   */
  readonly logs: ReadonlyArray<LogEntry>;
  /**
   * The entries that pass a filter, page by page, ordered by time, then by order of recording. Entries that share an
   * instant are neither skipped nor repeated, and those recorded behind the reader do not disturb the walk.
   */
  readonly logsConnection: LogEntryConnection;
  /** What this server is, and what it accepts. */
  readonly serverInfo: ServerInfo;
  /** One session of a user. Null when nothing was recorded in it. */
  readonly session: Maybe<Session>;
  /**
   * Sessions, newest first: by the time of their first entry. What is recorded while somebody pages through them does not
   * disturb the walk, unless a session that is already there gets an entry that is earlier than its others.
   */
  readonly sessions: SessionConnection;
};


/** What can be asked. Every answer is complete, or an error. */
export type QueryClickMapArgs = {
  cell?: Scalars['Int']['input'];
  filter?: InputMaybe<LogFilter>;
  x?: Scalars['String']['input'];
  y?: Scalars['String']['input'];
};


/** What can be asked. Every answer is complete, or an error. */
export type QueryLogHistogramArgs = {
  filter?: InputMaybe<LogFilter>;
  groupBy?: InputMaybe<LogDimension>;
  interval: HistogramInterval;
  timeZone?: Scalars['String']['input'];
  topGroups?: Scalars['Int']['input'];
};


/** What can be asked. Every answer is complete, or an error. */
export type QueryLogTypesArgs = {
  filter?: InputMaybe<LogFilter>;
  first?: Scalars['Int']['input'];
};


/** What can be asked. Every answer is complete, or an error. */
export type QueryLogsArgs = {
  endTime?: InputMaybe<Scalars['DateTime']['input']>;
  startTime?: InputMaybe<Scalars['DateTime']['input']>;
  type?: InputMaybe<Scalars['String']['input']>;
  user?: InputMaybe<Scalars['String']['input']>;
};


/** What can be asked. Every answer is complete, or an error. */
export type QueryLogsConnectionArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<LogFilter>;
  first?: Scalars['Int']['input'];
  order?: LogOrder;
};


/** What can be asked. Every answer is complete, or an error. */
export type QuerySessionArgs = {
  sessionId: Scalars['String']['input'];
  userId: Scalars['String']['input'];
};


/** What can be asked. Every answer is complete, or an error. */
export type QuerySessionsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<SessionFilter>;
  first?: Scalars['Int']['input'];
};

/** What one user did in one session, or a part of it. */
export type RecordSessionInput = {
  /** What the user did: 0 to 5,000 actions. Their order breaks ties between equal times. */
  readonly actions: ReadonlyArray<ActionInput>;
  /**
   * Makes it safe to send the session again: a key of your own, 1 to 128 characters, such as a UUID. Same key and same
   * content: nothing is added, and `replayed` is true. Same key and other content: IDEMPOTENCY_KEY_REUSED.
   */
  readonly idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** Which session of the user it is: 1 to 256 characters. */
  readonly sessionId: Scalars['String']['input'];
  /** Whose session it is: 1 to 256 characters. */
  readonly userId: Scalars['String']['input'];
};

/** What has become of a session that was recorded. */
export type RecordSessionPayload = {
  readonly __typename?: 'RecordSessionPayload';
  /** The stored entries, in the order of the actions. */
  readonly entries: ReadonlyArray<LogEntry>;
  /** How many entries the session holds, all of them on disk. */
  readonly recordedCount: Scalars['Int']['output'];
  /** Whether the session had been recorded before, so that nothing was added now. */
  readonly replayed: Scalars['Boolean']['output'];
};

/** What a server is, and what it accepts. */
export type ServerInfo = {
  readonly __typename?: 'ServerInfo';
  /** What the server accepts and returns at most. */
  readonly limits: ServerLimits;
  /** After how many days entries are erased. Null: they are kept until they are deleted. */
  readonly retentionDays: Maybe<Scalars['Int']['output']>;
  /** The version of Log Manager. */
  readonly version: Scalars['String']['output'];
};

/** What a server accepts and returns at most. */
export type ServerLimits = {
  readonly __typename?: 'ServerLimits';
  /** Actions in one `recordSession`. */
  readonly maxActionsPerSession: Scalars['Int']['output'];
  /** Characters (Unicode code points) of a user id or a session id. */
  readonly maxIdLength: Scalars['Int']['output'];
  /** Entries in one answer of `logs`. */
  readonly maxLogsResult: Scalars['Int']['output'];
  /** Entries on one page of a connection. */
  readonly maxPageSize: Scalars['Int']['output'];
  /** Bytes of an action's properties as JSON in UTF-8. */
  readonly maxPropertiesBytes: Scalars['Int']['output'];
  /** Objects and arrays within each other in an action's properties, which are the first level themselves. */
  readonly maxPropertiesDepth: Scalars['Int']['output'];
  /** Bytes of a request's body. */
  readonly maxRequestBytes: Scalars['Int']['output'];
  /** Characters (Unicode code points) of a type. */
  readonly maxTypeLength: Scalars['Int']['output'];
};

/** All that a user did in one session. */
export type Session = {
  readonly __typename?: 'Session';
  /** The time of its last entry. */
  readonly endedAt: Scalars['DateTime']['output'];
  /** Its time line, page by page. */
  readonly entries: LogEntryConnection;
  /** How many entries it has. */
  readonly entryCount: Scalars['SafeInt']['output'];
  /** Which session of the user it is. */
  readonly sessionId: Scalars['String']['output'];
  /** The time of its first entry. */
  readonly startedAt: Scalars['DateTime']['output'];
  /** Whose session it is. */
  readonly userId: Scalars['String']['output'];
};


/** All that a user did in one session. */
export type SessionEntriesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  order?: LogOrder;
};

/** A page of sessions. */
export type SessionConnection = {
  readonly __typename?: 'SessionConnection';
  /** The sessions, each with its cursor. */
  readonly edges: ReadonlyArray<SessionEdge>;
  /** The sessions. */
  readonly nodes: ReadonlyArray<Session>;
  /** Where this page is. */
  readonly pageInfo: PageInfo;
};

/** A session on a page. */
export type SessionEdge = {
  readonly __typename?: 'SessionEdge';
  /** Where the session is; good for `after`. Means nothing to anybody but the server. */
  readonly cursor: Scalars['String']['output'];
  /** The session. */
  readonly node: Session;
};

/** Which sessions are wanted: those that pass every field that is given. */
export type SessionFilter = {
  /** Only sessions that began before this instant. Before `startTime`: BAD_USER_INPUT. */
  readonly endTime?: InputMaybe<Scalars['DateTime']['input']>;
  /** Only sessions that began at this instant or later. */
  readonly startTime?: InputMaybe<Scalars['DateTime']['input']>;
  /** Only sessions of one of these users: 1 to 100. */
  readonly userIds?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
};



export type ResolverTypeWrapper<T> = Promise<T> | T;


export type ResolverWithResolve<TResult, TParent, TContext, TArgs> = {
  resolve: ResolverFn<TResult, TParent, TContext, TArgs>;
};
export type Resolver<TResult, TParent = {}, TContext = {}, TArgs = {}> = ResolverFn<TResult, TParent, TContext, TArgs> | ResolverWithResolve<TResult, TParent, TContext, TArgs>;

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => Promise<TResult> | TResult;

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
  Float: ResolverTypeWrapper<Scalars['Float']['output']>;
  GroupCount: ResolverTypeWrapper<GroupCount>;
  HistogramBucket: ResolverTypeWrapper<HistogramBucket>;
  HistogramInterval: HistogramInterval;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  JSON: ResolverTypeWrapper<Scalars['JSON']['output']>;
  JSONObject: ResolverTypeWrapper<Scalars['JSONObject']['output']>;
  LogDimension: LogDimension;
  LogEntry: ResolverTypeWrapper<LogEntry>;
  LogEntryConnection: ResolverTypeWrapper<EntryConnection>;
  LogEntryEdge: ResolverTypeWrapper<LogEntryEdge>;
  LogFilter: LogFilter;
  LogHistogram: ResolverTypeWrapper<LogHistogram>;
  LogOrder: LogOrder;
  LogTypeSummary: ResolverTypeWrapper<LogTypeSummary>;
  Mutation: ResolverTypeWrapper<{}>;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  PropertyFilter: PropertyFilter;
  PropertyPredicate: PropertyPredicate;
  Query: ResolverTypeWrapper<{}>;
  RecordSessionInput: RecordSessionInput;
  RecordSessionPayload: ResolverTypeWrapper<RecordedSession>;
  SafeInt: ResolverTypeWrapper<Scalars['SafeInt']['output']>;
  ServerInfo: ResolverTypeWrapper<ServerInfo>;
  ServerLimits: ResolverTypeWrapper<ServerLimits>;
  Session: ResolverTypeWrapper<SessionModel>;
  SessionConnection: ResolverTypeWrapper<Omit<SessionConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['SessionEdge']>, nodes: ReadonlyArray<ResolversTypes['Session']> }>;
  SessionEdge: ResolverTypeWrapper<Omit<SessionEdge, 'node'> & { node: ResolversTypes['Session'] }>;
  SessionFilter: SessionFilter;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
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
  Float: Scalars['Float']['output'];
  GroupCount: GroupCount;
  HistogramBucket: HistogramBucket;
  ID: Scalars['ID']['output'];
  Int: Scalars['Int']['output'];
  JSON: Scalars['JSON']['output'];
  JSONObject: Scalars['JSONObject']['output'];
  LogEntry: LogEntry;
  LogEntryConnection: EntryConnection;
  LogEntryEdge: LogEntryEdge;
  LogFilter: LogFilter;
  LogHistogram: LogHistogram;
  LogTypeSummary: LogTypeSummary;
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
  start?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export interface JsonScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['JSON'], any> {
  name: 'JSON';
}

export interface JsonObjectScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['JSONObject'], any> {
  name: 'JSONObject';
}

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
  logHistogram?: Resolver<ResolversTypes['LogHistogram'], ParentType, ContextType, RequireFields<QueryLogHistogramArgs, 'interval' | 'timeZone' | 'topGroups'>>;
  logTypes?: Resolver<ReadonlyArray<ResolversTypes['LogTypeSummary']>, ParentType, ContextType, RequireFields<QueryLogTypesArgs, 'first'>>;
  logs?: Resolver<ReadonlyArray<ResolversTypes['LogEntry']>, ParentType, ContextType, Partial<QueryLogsArgs>>;
  logsConnection?: Resolver<ResolversTypes['LogEntryConnection'], ParentType, ContextType, RequireFields<QueryLogsConnectionArgs, 'first' | 'order'>>;
  serverInfo?: Resolver<ResolversTypes['ServerInfo'], ParentType, ContextType>;
  session?: Resolver<Maybe<ResolversTypes['Session']>, ParentType, ContextType, RequireFields<QuerySessionArgs, 'sessionId' | 'userId'>>;
  sessions?: Resolver<ResolversTypes['SessionConnection'], ParentType, ContextType, RequireFields<QuerySessionsArgs, 'first'>>;
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
  retentionDays?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  version?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type ServerLimitsResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['ServerLimits'] = ResolversParentTypes['ServerLimits']> = {
  maxActionsPerSession?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  maxIdLength?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  maxLogsResult?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  maxPageSize?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  maxPropertiesBytes?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  maxPropertiesDepth?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  maxRequestBytes?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  maxTypeLength?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type SessionResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['Session'] = ResolversParentTypes['Session']> = {
  endedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  entries?: Resolver<ResolversTypes['LogEntryConnection'], ParentType, ContextType, RequireFields<SessionEntriesArgs, 'first' | 'order'>>;
  entryCount?: Resolver<ResolversTypes['SafeInt'], ParentType, ContextType>;
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

export type Resolvers<ContextType = GraphQLContext> = {
  BoundedCount?: BoundedCountResolvers<ContextType>;
  ClickCell?: ClickCellResolvers<ContextType>;
  ClickMap?: ClickMapResolvers<ContextType>;
  DateTime?: GraphQLScalarType;
  DeletionPayload?: DeletionPayloadResolvers<ContextType>;
  GroupCount?: GroupCountResolvers<ContextType>;
  HistogramBucket?: HistogramBucketResolvers<ContextType>;
  JSON?: GraphQLScalarType;
  JSONObject?: GraphQLScalarType;
  LogEntry?: LogEntryResolvers<ContextType>;
  LogEntryConnection?: LogEntryConnectionResolvers<ContextType>;
  LogEntryEdge?: LogEntryEdgeResolvers<ContextType>;
  LogHistogram?: LogHistogramResolvers<ContextType>;
  LogTypeSummary?: LogTypeSummaryResolvers<ContextType>;
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
};

