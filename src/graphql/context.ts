import type { ReadContext } from '../logs/model/read-context';
import type { Services } from '../logs/services';

/** What resolvers use besides their arguments. */
export interface GraphQLContext extends Services {
  /** Identifies the request in the log and in masked errors. */
  readonly requestId: string;
  /** The header Idempotency-Key. */
  readonly idempotencyKey?: string | undefined;
  /** The read budget of the request. */
  readonly readContext: ReadContext;
}
