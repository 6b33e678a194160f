import sqlite3 from 'sqlite3';
import { DataSource } from 'typeorm';
import { IdempotencyKey } from './idempotency-key';
import { LogEntry } from './log-entry';
import { CreateLogEntry1792800000000 } from './migrations/1792800000000-create-log-entry';
import { CreateSession1795600000000 } from './migrations/1795600000000-create-session';
import { CreateIdempotencyKey1795700000000 } from './migrations/1795700000000-create-idempotency-key';
import { Session } from './session';

/** How long a connection waits for another process's lock, in milliseconds. */
const busyTimeoutMs = 5_000;

/** TypeORM asks for `verbose()`, which captures a stack trace on every call: 10 µs each, for messages nobody sees. */
const driver = { ...sqlite3, verbose: () => driver };

/** The connection that writes. Migrations run on it; it creates the file and its directory. */
export function createWriter(file: string): DataSource {
  return new DataSource({
    type: 'sqlite',
    driver,
    database: file,
    enableWAL: file !== ':memory:',
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
export function createReader(file: string): DataSource {
  return new DataSource({
    type: 'sqlite',
    driver,
    database: file,
    flags: sqlite3.OPEN_READONLY,
    busyTimeout: busyTimeoutMs,
    entities: [LogEntry, Session, IdempotencyKey],
  });
}
