import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { DatabaseConfig } from '../config/config';
import type { LogEntryRepository } from '../logs/log-entry-repository';
import { openRepository } from '../storage/database';
import { CommandError, readConfigOrExit } from './command';

/** The database of DATABASE_URL, which outlives the command. */
export function readKeptDatabase(): DatabaseConfig {
  const { database } = readConfigOrExit();
  // Commands never read from a replica.
  if (database.kind === 'postgres') return { ...database, readUrl: undefined };
  if (database.file !== ':memory:') return database;
  throw new CommandError(
    'DATABASE_URL is sqlite::memory:, which exists only inside the server: use ADMIN_KEY',
  );
}

/** Never creates a database: DATABASE_URL probably names the wrong one. */
export function readExistingDatabase(): DatabaseConfig {
  const database = readKeptDatabase();
  if (database.kind === 'postgres' || existsSync(database.file)) return database;
  throw new CommandError(
    `there is no database at ${resolve(database.file)}: set DATABASE_URL as for the server`,
  );
}

/** Opens the database as a server does, which creates and migrates it when needed. */
export async function withRepository<Result>(
  database: DatabaseConfig,
  work: (repository: LogEntryRepository) => Promise<Result>,
): Promise<Result> {
  const onWarning = (_error: unknown, message: string): void => console.error(message);
  const repository = await openRepository(database, { onWarning, onReplicaChange() {} });
  try {
    return await work(repository);
  } finally {
    await repository.close();
  }
}
