import type { DataSource } from 'typeorm';
import type { LogEntryRepository } from '../logs/log-entry-repository';
import { defaultResponseBytes } from '../logs/model/limits';
import type { StorageEvents } from './events';
import { createDataSource } from './postgres/data-source';
import { openPostgresRepository, type PostgresOptions } from './postgres/repository';
import { createWriter } from './sqlite/data-source';
import { openSqliteRepository, type SqliteOptions } from './sqlite/repository';
import { StartError } from './start-error';

/** The kind of database, and how to open it. */
export type Database =
  ({ readonly kind: 'sqlite' } & SqliteOptions) | ({ readonly kind: 'postgres' } & PostgresOptions);

/**
 * Opens the database; creates and migrates it as needed.
 * @param maxBytes limit of the JSON of one result
 * @throws {StartError} if it cannot be used
 */
export async function openRepository(
  database: Database,
  events: StorageEvents,
  maxBytes = defaultResponseBytes,
): Promise<LogEntryRepository> {
  checkClock(database);
  return database.kind === 'sqlite'
    ? openSqliteRepository(database, events, maxBytes)
    : openPostgresRepository(database, events, maxBytes);
}

/**
 * A clock that is set later would have made partitions of the wrong years, and dated entries wrongly.
 * @throws {StartError} if the clock is before the date in the name of the newest migration
 */
function checkClock(database: Database): void {
  const migrations = createMigrationSource(database).options.migrations as readonly {
    readonly name: string;
  }[];
  const newest = Number(/\d+$/.exec(migrations.at(-1)!.name)![0]);
  const now = Date.now();
  if (now >= newest) return;
  const [date, earliest] = [now, newest].map((time) => new Date(time).toISOString());
  throw new StartError(
    `The clock of this machine says ${date}, and this version is newer than ${earliest}. ` +
      'Set it, then start the server again.',
  );
}

/** A connection for migrations, not open yet. */
export function createMigrationSource(database: Database): DataSource {
  return database.kind === 'sqlite'
    ? createWriter(database.file)
    : createDataSource({ url: database.url, poolSize: 1, hasTimeouts: false });
}
