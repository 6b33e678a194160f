import type { Principal } from '../logs/access/principal';
import type { EntryReads } from '../logs/log-entry-repository';
import type { ReadContext } from '../logs/model/read-context';
import type { Services } from '../logs/services';

/** What resolvers use besides their arguments. */
export interface GraphQLContext extends Omit<Services, 'repository'> {
  /** Reads what the principal may read. */
  readonly repository: EntryReads;
  /** Who sends the request. */
  readonly principal: Principal;
  /** Whether the request may hold `recordSession` alone: that of a page that is being closed. */
  readonly isBeacon: boolean;
  /** Whether the request may change nothing: a GET that Apollo Server does not check. */
  readonly isReadOnly?: boolean | undefined;
  /** Identifies the request in the log and in masked errors. */
  readonly requestId: string;
  /** The header Idempotency-Key. */
  readonly idempotencyKey?: string | undefined;
  /** The header Last-Event-ID: the cursor after which a subscription goes on, instead of that in its arguments. */
  readonly lastEventId?: string | undefined;
  /** The read budget of the request. */
  readonly readContext: ReadContext;
}
