import type { LogManager } from '../logs/log-manager';

/** What resolvers have at hand beside their arguments. */
export interface GraphQLContext {
  readonly logManager: LogManager;
  /** Names the request in the log and in masked errors. */
  readonly requestId: string;
}
