import { toConfig } from '../../../src/config/config';
import { readEnvironment } from '../../../src/config/environment';
import type { LogEntryRepository } from '../../../src/logs/log-entry-repository';
import { openRepository } from '../../../src/storage/database';

/** The store of a server with these settings, without the server. */
export function openTestStore(
  url: string,
  environment: Record<string, string> = {},
  maxBytes?: number,
): Promise<LogEntryRepository> {
  const { database } = toConfig(readEnvironment({ DATABASE_URL: url, ...environment }));
  return openRepository(database, { onTrouble: () => {}, onReplicaChange: () => {} }, maxBytes);
}
