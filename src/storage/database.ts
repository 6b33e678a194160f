import type { DataSource } from 'typeorm';
import type { LogEntryRepository } from '../logs/log-entry-repository';
import { maxResultBytes } from '../logs/model/limits';
import type { StorageEvents } from './events';
import { createDataSource } from './postgres/data-source';
import { openPostgresRepository, type PostgresOptions } from './postgres/repository';
import { createWriter } from './sqlite/data-source';
import { openSqliteRepository, type SqliteOptions } from './sqlite/repository';

/** The kind of database, and how to open it. */
export type Database =
  ({ readonly kind: 'sqlite' } & SqliteOptions) | ({ readonly kind: 'postgres' } & PostgresOptions);

/**
 * Opens the database; creates and migrates it as needed.
 * @param maxBytes limit of the JSON of one result
 * @throws {StartError} if it cannot be used
 */
export function openRepository(
  database: Database,
  events: StorageEvents,
  maxBytes = maxResultBytes,
): Promise<LogEntryRepository> {
  return database.kind === 'sqlite'
    ? openSqliteRepository(database, events, maxBytes)
    : openPostgresRepository(database, events, maxBytes);
}

/** A connection for migrations, not open yet. */
export function createMigrationSource(database: Database): DataSource {
  return database.kind === 'sqlite'
    ? createWriter(database.file)
    : createDataSource({ url: database.url, poolSize: 1, hasTimeouts: false });
}
