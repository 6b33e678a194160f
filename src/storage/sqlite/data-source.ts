import sqlite3 from 'sqlite3';
import { DataSource } from 'typeorm';
import { IdempotencyKey } from './schema/idempotency-key';
import { LogEntry } from './schema/log-entry';
import { CreateLogEntry1792800000000 } from './schema/migrations/1792800000000-create-log-entry';
import { CreateSession1795600000000 } from './schema/migrations/1795600000000-create-session';
import { CreateIdempotencyKey1795700000000 } from './schema/migrations/1795700000000-create-idempotency-key';
import { Session } from './schema/session';

/** TypeORM asks for `verbose()`, which captures a stack trace on every call: 10 µs each, for messages nobody sees. */
const driver = { ...sqlite3, verbose: () => driver };

export interface WriterSourceOptions {
  /** How long a statement waits for another process's lock, in milliseconds. */
  readonly busyTimeoutMs?: number;
  /** Whether the file must be there already; otherwise it is created, and its directory too. */
  readonly mustExist?: boolean;
}

/** The connection that writes. Migrations run on it. */
export function createWriter(
  file: string,
  { busyTimeoutMs = 5_000, mustExist = false }: WriterSourceOptions = {},
): DataSource {
  return new DataSource({
    type: 'sqlite',
    driver,
    database: file,
    ...(mustExist && { flags: sqlite3.OPEN_READWRITE | sqlite3.OPEN_FULLMUTEX }),
    busyTimeout: busyTimeoutMs,
    entities: [LogEntry, Session, IdempotencyKey],
    migrations: [
      CreateLogEntry1792800000000,
      CreateSession1795600000000,
      CreateIdempotencyKey1795700000000,
    ],
  });
}

/** A connection that cannot write. The file must exist. */
export function createReader(file: string, busyTimeoutMs: number): DataSource {
  return new DataSource({
    type: 'sqlite',
    driver,
    database: file,
    flags: sqlite3.OPEN_READONLY,
    busyTimeout: busyTimeoutMs,
    entities: [LogEntry, Session, IdempotencyKey],
  });
}
