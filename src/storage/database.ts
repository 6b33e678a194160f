import type { DataSource } from 'typeorm';
import type { LogEntryRepository } from '../logs/log-entry-repository';
import { createDataSource } from './postgres/data-source';
import {
  openPostgresRepository,
  type PostgresEvents,
  type PostgresOptions,
} from './postgres/repository';
import { createWriter } from './sqlite/data-source';
import { openSqliteRepository, type SqliteOptions } from './sqlite/repository';

/** Where entries are kept. */
export type Database =
  ({ readonly kind: 'sqlite' } & SqliteOptions) | ({ readonly kind: 'postgres' } & PostgresOptions);

/**
 * Opens the database, made and migrated if need be.
 * @param maxBytes of the JSON of one answer
 */
export function openRepository(
  database: Database,
  events: PostgresEvents,
  maxBytes?: number,
): Promise<LogEntryRepository> {
  return database.kind === 'sqlite'
    ? openSqliteRepository(database, events, maxBytes)
    : openPostgresRepository(database, events, maxBytes);
}

/** A connection for migrations, not open yet. */
export function createMigrationSource(database: Database): DataSource {
  return database.kind === 'sqlite'
    ? createWriter(database.file)
    : createDataSource({ url: database.url, poolSize: 1, isPatient: true });
}
