import { toConfig } from '../../src/config/config';
import { readEnvironment } from '../../src/config/environment';
import type { LogStore } from '../../src/logs/log-entry-repository';
import { openStore } from '../../src/storage/database';

/** The store of a server with these settings, without the server. */
export function openTestStore(
  url: string,
  environment: Record<string, string> = {},
  maxBytes?: number,
): Promise<LogStore> {
  const { database } = toConfig(readEnvironment({ DATABASE_URL: url, ...environment }));
  return openStore(database, { onTrouble: () => {}, onReplicaChange: () => {} }, maxBytes);
}
