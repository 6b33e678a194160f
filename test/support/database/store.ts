import { readConfig } from '../../../src/config/config';
import type { LogEntryRepository } from '../../../src/logs/log-entry-repository';
import { openRepository } from '../../../src/storage/database';

/** The store of a server with these settings, without the server. */
export function openTestStore(
  url: string,
  environment: Record<string, string> = {},
  maxBytes?: number,
): Promise<LogEntryRepository> {
  const { database } = readConfig({ DATABASE_URL: url, ...environment });
  return openRepository(database, { onWarning: () => {}, onReplicaChange: () => {} }, maxBytes);
}

/** A repository with some methods replaced; the others are those of the original. */
export function overrideRepository(
  repository: LogEntryRepository,
  methods: Partial<LogEntryRepository>,
): LogEntryRepository {
  return Object.assign(Object.create(repository) as LogEntryRepository, methods);
}
