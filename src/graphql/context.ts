import type { LogManagerError } from '../logs/errors';
import type { LogManager, RecordedSession } from '../logs/log-manager';

/** What resolvers have at hand beside their arguments. */
export interface GraphQLContext {
  readonly logManager: LogManager;
  /** Names the request in the log and in masked errors. */
  readonly requestId: string;
  /** Whether reads must see everything acknowledged so far, though a replica may answer. */
  readonly mustBeLatest: boolean;
  /** What the operation's one `recordSession` has come to, when it was begun before graphql-js was asked. */
  recording?: Promise<RecordedSession>;
  /**
   * What a field of the query has failed with, before graphql-js was asked, by its response key. As no root field may be
   * null, it is the answer, whatever becomes of the others (https://spec.graphql.org/October2021/#sec-Handling-Field-Errors).
   */
  failure?: { readonly key: string; readonly error: LogManagerError };
}
