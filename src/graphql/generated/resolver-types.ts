/* Generated from schema.graphql by `npm run generate`. */
import type { JsonObject } from '../../logs/json';
import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { RecordedSession } from '../../logs/log-manager';
import type { GraphQLContext } from '../context';
export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
export type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
export type MakeOptional<T, K extends keyof T> = Omit<T, K> & { [SubKey in K]?: Maybe<T[SubKey]> };
export type MakeMaybe<T, K extends keyof T> = Omit<T, K> & { [SubKey in K]: Maybe<T[SubKey]> };
export type MakeEmpty<T extends { [key: string]: unknown }, K extends keyof T> = { [_ in K]?: never };
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
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
  /**
   * A JSON object, stored exactly as sent or refused. Key order is not promised. Refused are integers beyond ±(2^53-1), the
   * character U+0000 and lone surrogates, since not every database and client can hold them.
   */
  JSONObject: { input: JsonObject; output: JsonObject; }
};

/** One thing a user did. */
export type ActionInput = {
  /** Whatever else is known of it: at most 32 KiB as JSON, at most 32 levels deep. Absent means `{}`. */
  properties?: InputMaybe<Scalars['JSONObject']['input']>;
  /** When it happened, from 1970-01-01 to 9999-12-31. */
  time: Scalars['DateTime']['input'];
  /** What kind of action it is, such as `CLICK`: 1 to 200 characters. */
  type: Scalars['String']['input'];
};

/** One action, with the user and the session it belongs to. */
export type LogEntry = {
  __typename?: 'LogEntry';
  /** Unique and never used again. Ascending in the order of recording. */
  id: Scalars['ID']['output'];
  /** Whatever else was sent about it, as it was sent. */
  properties: Scalars['JSONObject']['output'];
  /** When this server committed it. */
  receivedAt: Scalars['DateTime']['output'];
  /** In which session of the user it happened. */
  sessionId: Scalars['String']['output'];
  /** When the action happened. */
  time: Scalars['DateTime']['output'];
  /** What kind of action it is. */
  type: Scalars['String']['output'];
  /** Whose action it is. */
  userId: Scalars['String']['output'];
};

/** What can be changed. */
export type Mutation = {
  __typename?: 'Mutation';
  /**
   * Stores what one user did in one session, one entry for each action. Atomic: every action is committed, or none is.
   * Answers only after the commit is on disk. A session may be sent in parts: entries are added to those already there.
   */
  recordSession: RecordSessionPayload;
};


/** What can be changed. */
export type MutationRecordSessionArgs = {
  input: RecordSessionInput;
};

/** What can be asked. Every answer is complete, or an error. */
export type Query = {
  __typename?: 'Query';
  /**
   * Every entry with startTime <= time < endTime, ordered by time, then by order of recording. Without arguments: every
   * entry there is.
   *
   * Complete or an error, never cut short: when more than `serverInfo.limits.maxLogsResult` entries match, the error
   * RESULT_TOO_LARGE carries `extensions.retryEndTime`, the largest end for which the same query fits. Ask again with that
   * end, then go on with it as the start, and so read everything.
   */
  logs: Array<LogEntry>;
  /** What this server is, and what it accepts. */
  serverInfo: ServerInfo;
};


/** What can be asked. Every answer is complete, or an error. */
export type QueryLogsArgs = {
  endTime?: InputMaybe<Scalars['DateTime']['input']>;
  startTime?: InputMaybe<Scalars['DateTime']['input']>;
  type?: InputMaybe<Scalars['String']['input']>;
  user?: InputMaybe<Scalars['String']['input']>;
};

/** What one user did in one session, or a part of it. */
export type RecordSessionInput = {
  /** What the user did: 0 to 5,000 actions. Their order breaks ties between equal times. */
  actions: Array<ActionInput>;
  /** Which session of the user it is: 1 to 256 characters. */
  sessionId: Scalars['String']['input'];
  /** Whose session it is: 1 to 256 characters. */
  userId: Scalars['String']['input'];
};

/** What has become of a session that was recorded. */
export type RecordSessionPayload = {
  __typename?: 'RecordSessionPayload';
  /** The stored entries, in the order of the actions. */
  entries: Array<LogEntry>;
  /** How many entries the session holds, all of them on disk. */
  recordedCount: Scalars['Int']['output'];
  /** Whether the session had been recorded before, so that nothing was added now. */
  replayed: Scalars['Boolean']['output'];
};

/** What a server is, and what it accepts. */
export type ServerInfo = {
  __typename?: 'ServerInfo';
  /** What the server accepts and returns at most. */
  limits: ServerLimits;
  /** After how many days entries are erased. Null: they are kept until they are deleted. */
  retentionDays: Maybe<Scalars['Int']['output']>;
  /** The version of Log Manager. */
  version: Scalars['String']['output'];
};

/** What a server accepts and returns at most. */
export type ServerLimits = {
  __typename?: 'ServerLimits';
  /** Actions in one `recordSession`. */
  maxActionsPerSession: Scalars['Int']['output'];
  /** Characters (Unicode code points) of a user id or a session id. */
  maxIdLength: Scalars['Int']['output'];
  /** Entries in one answer of `logs`. */
  maxLogsResult: Scalars['Int']['output'];
  /** Entries on one page of a connection. */
  maxPageSize: Scalars['Int']['output'];
  /** Bytes of an action's properties as JSON in UTF-8. */
  maxPropertiesBytes: Scalars['Int']['output'];
  /** Objects and arrays within each other in an action's properties, which are the first level themselves. */
  maxPropertiesDepth: Scalars['Int']['output'];
  /** Bytes of a request's body. */
  maxRequestBytes: Scalars['Int']['output'];
  /** Characters (Unicode code points) of a type. */
  maxTypeLength: Scalars['Int']['output'];
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
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  JSONObject: ResolverTypeWrapper<Scalars['JSONObject']['output']>;
  LogEntry: ResolverTypeWrapper<LogEntry>;
  Mutation: ResolverTypeWrapper<{}>;
  Query: ResolverTypeWrapper<{}>;
  RecordSessionInput: RecordSessionInput;
  RecordSessionPayload: ResolverTypeWrapper<RecordedSession>;
  ServerInfo: ResolverTypeWrapper<ServerInfo>;
  ServerLimits: ResolverTypeWrapper<ServerLimits>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  ActionInput: ActionInput;
  Boolean: Scalars['Boolean']['output'];
  DateTime: Scalars['DateTime']['output'];
  ID: Scalars['ID']['output'];
  Int: Scalars['Int']['output'];
  JSONObject: Scalars['JSONObject']['output'];
  LogEntry: LogEntry;
  Mutation: {};
  Query: {};
  RecordSessionInput: RecordSessionInput;
  RecordSessionPayload: RecordedSession;
  ServerInfo: ServerInfo;
  ServerLimits: ServerLimits;
  String: Scalars['String']['output'];
};

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
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

export type MutationResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  recordSession?: Resolver<ResolversTypes['RecordSessionPayload'], ParentType, ContextType, RequireFields<MutationRecordSessionArgs, 'input'>>;
};

export type QueryResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  logs?: Resolver<Array<ResolversTypes['LogEntry']>, ParentType, ContextType, Partial<QueryLogsArgs>>;
  serverInfo?: Resolver<ResolversTypes['ServerInfo'], ParentType, ContextType>;
};

export type RecordSessionPayloadResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['RecordSessionPayload'] = ResolversParentTypes['RecordSessionPayload']> = {
  entries?: Resolver<Array<ResolversTypes['LogEntry']>, ParentType, ContextType>;
  recordedCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  replayed?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

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

export type Resolvers<ContextType = GraphQLContext> = {
  DateTime?: GraphQLScalarType;
  JSONObject?: GraphQLScalarType;
  LogEntry?: LogEntryResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  RecordSessionPayload?: RecordSessionPayloadResolvers<ContextType>;
  ServerInfo?: ServerInfoResolvers<ContextType>;
  ServerLimits?: ServerLimitsResolvers<ContextType>;
};

