import type { ReadContext } from '../logs/model/read-context';
import type { Services } from '../logs/services';

/** What resolvers have at hand beside their arguments. */
export interface GraphQLContext extends Services {
  /** Names the request in the log and in masked errors. */
  readonly requestId: string;
  /** What the request has read so far, and whether it wants more. */
  readonly readContext: ReadContext;
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
