import {
  OutcomeUnknownError,
  QueryTimeoutError,
  ServiceUnavailableError,
  StorageFullError,
  DatabaseBusyError,
} from '../../logs/model/errors';

/**
 * Result codes that say "not now" rather than "not this" (https://www.sqlite.org/rescode.html).
 * Every other error is a defect, or the fault of one session.
 */
const unavailable = /^SQLITE_(LOCKED|FULL|IOERR|READONLY|CANTOPEN|NOMEM|PROTOCOL)$/;

/**
 * What a commit may fail with after it is in the log: syncing that, or making room in the index of the log
 * (`walFrames` in https://www.sqlite.org/src/file/src/wal.c). No connection sees it then, and the next commit overwrites it;
 * but when the process is killed before that, it is there again, as the index is made anew from the log.
 */
const unknown = /^SQLITE_(IOERR|NOMEM)$/;

/**
 * What a handle may go on failing with though its cause is gone: SQLite falls back to reading only when it opens a file
 * that it may not write, and the system tells each open file once that it could not be synced.
 */
const handleFault = /^SQLITE_(IOERR|CORRUPT|NOTADB|CANTOPEN|READONLY)$/;

/** The name of the result code. The driver gives primary codes only; TypeORM's errors have the driver's. */
export function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
}

/** Whether another process holds a lock. */
export function isBusy(error: unknown): boolean {
  return codeOf(error) === 'SQLITE_BUSY';
}

/** Whether the file must be opened anew before anything else is written. */
export function isHandleFault(error: unknown): boolean {
  return handleFault.test(codeOf(error));
}

/** What the rest of the server sees of a driver's error; the driver's own stays its `cause`. */
export function toStoreError(error: unknown): unknown {
  // Nobody but the timer of a query interrupts one.
  if (codeOf(error) === 'SQLITE_INTERRUPT') return new QueryTimeoutError({ cause: error });
  if (isBusy(error)) return new DatabaseBusyError({ cause: error });
  return unavailable.test(codeOf(error)) ? toUnavailable(error) : error;
}

/**
 * The same for a statement that writes. Of a transaction for which there was no room nothing stays: what is missing in the
 * log is at least the end of its last frame, which makes it a transaction
 * (https://www.sqlite.org/fileformat2.html#the_write_ahead_log).
 */
export function toWriteError(error: unknown): unknown {
  if (codeOf(error) === 'SQLITE_FULL') return new StorageFullError({ cause: error });
  return unknown.test(codeOf(error))
    ? new OutcomeUnknownError({ cause: error })
    : toStoreError(error);
}

/** The same for a file that cannot be opened anew, whatever the reason is. */
export function toReopenError(error: unknown): unknown {
  return isBusy(error) ? toStoreError(error) : toUnavailable(error);
}

function toUnavailable(error: unknown): ServiceUnavailableError {
  const message = 'The database cannot take the request now. Try again later.';
  return new ServiceUnavailableError(message, { cause: error });
}

/** Whether a value would exceed what the connection may hold. */
export function isTooLong(error: unknown): boolean {
  return codeOf(error) === 'SQLITE_TOOBIG';
}
