import sqlite3, { type Database } from 'sqlite3';
import { DataSource } from 'typeorm';
import { Erasure, Feed } from './schema/feed';
import { IdempotencyKey } from './schema/idempotency-key';
import { LogEntry } from './schema/log-entry';
import { CreateApiKey1795770000000 } from '../schema/1795770000000-create-api-key';
import { CreateLogEntry1792800000000 } from './schema/migrations/1792800000000-create-log-entry';
import { CreateSession1795600000000 } from './schema/migrations/1795600000000-create-session';
import { CreateIdempotencyKey1795700000000 } from './schema/migrations/1795700000000-create-idempotency-key';
import { DropSessionUserStarted1795780000000 } from './schema/migrations/1795780000000-drop-session-user-started';
import { CreateFeed1795790000000 } from './schema/migrations/1795790000000-create-feed';
import { Session } from './schema/session';

/** TypeORM calls `verbose()`, after which the driver captures a stack trace at every call: 10 µs each. */
const driver = { ...sqlite3, verbose: () => driver };

const entities = [LogEntry, Session, IdempotencyKey, Feed, Erasure];
const common = { type: 'sqlite' as const, driver, entities };

/** In the order of their execution. */
export const migrations = [
  CreateLogEntry1792800000000,
  CreateSession1795600000000,
  CreateIdempotencyKey1795700000000,
  CreateApiKey1795770000000,
  DropSessionUserStarted1795780000000,
  CreateFeed1795790000000,
];

/**
 * A connection that writes; migrations run on it. Not open yet.
 * @param busyTimeoutMs milliseconds that a statement waits for another process's lock
 * @param mustExist whether opening fails if the file does not exist; otherwise it is created
 */
export function createWriter(file: string, busyTimeoutMs = 5_000, mustExist = false): DataSource {
  return new DataSource({
    ...common,
    database: file,
    ...(mustExist && { flags: sqlite3.OPEN_READWRITE | sqlite3.OPEN_FULLMUTEX }),
    busyTimeout: busyTimeoutMs,
    migrations,
  });
}

/**
 * A connection that cannot write, not open yet. The file must exist.
 * @param file a path, or a URI (https://www.sqlite.org/uri.html)
 */
export function createReader(file: string, busyTimeoutMs: number): DataSource {
  const flags = sqlite3.OPEN_READONLY | sqlite3.OPEN_URI;
  return new DataSource({ ...common, database: file, flags, busyTimeout: busyTimeoutMs });
}

/** TypeORM's name for the driver's handle; the types of its drivers are not exported. */
export function handleOf(dataSource: DataSource): Database {
  return (dataSource.driver as unknown as { databaseConnection: Database }).databaseConnection;
}
