import { DatabaseBusyError, OutcomeUnknownError, StorageFullError } from '../../logs/model/errors';
import { codeOf, toUnavailable } from '../errors';

/**
 * Result codes of temporary errors (https://www.sqlite.org/rescode.html). Any other error is a bug, or is
 * caused by one session.
 */
const unavailable = /^SQLITE_(LOCKED|FULL|IOERR|READONLY|CANTOPEN|NOMEM|PROTOCOL)$/;

/**
 * Errors of a commit that is already in the log: syncing the log failed, or growing its index (`walFrames` in
 * https://www.sqlite.org/src/file/src/wal.c). No connection sees the commit, and the next one overwrites it.
 * But if the process is killed before that, the index is rebuilt from the log, and the commit is visible
 * again.
 */
const unknown = /^SQLITE_(IOERR|NOMEM)$/;

/**
 * Whether the file must be reopened before the next write, since its handle can keep returning the error after
 * the cause is fixed: SQLite opens a write-protected file as read-only, and the system reports a failed sync
 * once to each open file.
 */
export function isHandleFault(error: unknown): boolean {
  return /^SQLITE_(IOERR|CANTOPEN|READONLY)$/.test(codeOf(error));
}

/** Whether another process holds a lock. */
export function isBusy(error: unknown): boolean {
  return codeOf(error) === 'SQLITE_BUSY';
}

/** Whether the file is damaged. In a read, all JSON but the stored properties is written by this program. */
export function isDamage(error: unknown, isRead: boolean): boolean {
  const isMalformed = isRead && (error as Error).message.includes('malformed JSON');
  return isMalformed || /^SQLITE_(CORRUPT|NOTADB)$/.test(codeOf(error));
}

/** Translates a driver's error, which becomes the `cause`. */
export function toStoreError(error: unknown): unknown {
  if (isBusy(error)) return new DatabaseBusyError({ cause: error });
  return unavailable.test(codeOf(error)) ? toUnavailable(error) : error;
}

/**
 * Translates an error of a statement that writes. On a full disk, nothing of the transaction stays: the log
 * lacks its commit frame (https://www.sqlite.org/fileformat2.html#the_write_ahead_log).
 */
export function toWriteError(error: unknown): unknown {
  if (codeOf(error) === 'SQLITE_FULL') return new StorageFullError({ cause: error });
  return unknown.test(codeOf(error)) ? new OutcomeUnknownError({ cause: error }) : toStoreError(error);
}
