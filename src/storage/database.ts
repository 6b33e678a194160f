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

interface Opener {
  /** @param maxBytes limit of the JSON of one result */
  readonly open: (events: StorageEvents, maxBytes: number) => Promise<LogEntryRepository>;
  readonly createMigrationSource: () => DataSource;
}

function openerOf(database: Database): Opener {
  switch (database.kind) {
    case 'sqlite':
      return {
        open: (events, maxBytes) => openSqliteRepository(database, events, maxBytes),
        createMigrationSource: () => createWriter(database.file),
      };
    case 'postgres':
      return {
        open: (events, maxBytes) => openPostgresRepository(database, events, maxBytes),
        createMigrationSource: () => createDataSource({ url: database.url, poolSize: 1, hasTimeouts: false }),
      };
  }
}

/**
 * Opens the database; creates and migrates it as needed.
 * @throws {StartError} if it cannot be used
 */
export function openRepository(
  database: Database,
  events: StorageEvents,
  maxBytes = maxResultBytes,
): Promise<LogEntryRepository> {
  return openerOf(database).open(events, maxBytes);
}

/** A connection for migrations, not open yet. */
export function createMigrationSource(database: Database): DataSource {
  return openerOf(database).createMigrationSource();
}
