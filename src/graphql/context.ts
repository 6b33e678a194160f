import type { LogManager } from '../logs/log-manager';
import type { Reader } from '../logs/model/read-context';

/** What resolvers have at hand beside their arguments. */
export interface GraphQLContext {
  readonly logManager: LogManager;
  /** Names the request in the log and in masked errors. */
  readonly requestId: string;
  /** What the request has read so far, and whether it wants more. */
  readonly reader: Reader;
  /**
   * What fields of the root type have come to, by their keys in the answer, that were begun before graphql-js was asked: it
   * goes on with that, so that nothing is recorded or asked for twice.
   */
  begun?: Map<string, Promise<unknown>>;
  /**
   * Whether one of them has failed that may not be null: its error is the answer then, whatever becomes of the others
   * (https://spec.graphql.org/October2021/#sec-Handling-Field-Errors).
   */
  isLost?: boolean;
}
