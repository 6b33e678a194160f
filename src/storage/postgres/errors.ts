import {
  OutcomeUnknownError,
  QueryTimeoutError,
  ServiceUnavailableError,
  StorageFullError,
} from '../../logs/model/errors';

/**
 * SQLSTATEs of a lost or useless connection (https://www.postgresql.org/docs/current/errcodes-appendix.html):
 * class 08, the server stops, starts, or has too many connections, idle for too long, and read-only: a
 * demoted primary.
 */
const connectionFault = /^(08...|57P0[1-5]|53300|25P0[35]|25006)$/;

/** Those of them after which the statement was certainly not executed. */
const notExecuted = /^(57P03|53300|25006)$/;

/** Node's codes of socket and DNS errors (https://nodejs.org/api/errors.html#common-system-errors). */
const socketFault =
  /^(ECONN(RESET|REFUSED|ABORTED)|EPIPE|ETIMEDOUT|E(HOST|NET)(UNREACH|DOWN)|ENOTFOUND|EAI_AGAIN|ENOENT)$/;

/** Messages of driver errors that have no code. */
const driverFault =
  /Connection terminated|Connection ended|timeout exceeded when trying to connect|Query read timeout|not queryable|connection error/i;

/** Temporary: no resources, deadlock, timeout of a lock or statement, I/O error. */
const unavailable = /^(53...|40...|55P03|55000|57014|58...)$/;

/** Whether the connection caused the error, not the statement. */
export function isConnectionFault(error: unknown): boolean {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  if (typeof code === 'string') return connectionFault.test(code) || socketFault.test(code);
  return typeof message === 'string' && driverFault.test(message);
}

/** The server takes no writes: a standby, or a read-only primary. */
export const readOnly = '25006';

export function isReadOnly(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === readOnly;
}

/** Whether a statement took too long, or was cancelled. */
function isCancelled(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === '57014';
}

/** The disk is full; for a read, the disk of temporary files. */
const diskFull = '53100';

/** Whether a value exceeds 1 GB, the limit of PostgreSQL. */
export function isTooLong(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === '54000';
}

/**
 * Whether an entry was routed to the default partition while its month got a partition of its own. Nothing
 * was stored; a retry succeeds.
 */
export function isMisplaced(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === '23514';
}

/** Whether the driver's `query_timeout` has passed. */
export function isTimeout(error: unknown): boolean {
  return (error as { message?: unknown } | null)?.message === 'Query read timeout';
}

/** Translates a driver's error, which becomes the `cause`. */
export function toStoreError(error: unknown): unknown {
  const { code } = (error ?? {}) as { code?: unknown };
  if (!isConnectionFault(error) && !(typeof code === 'string' && unavailable.test(code))) {
    return error;
  }
  const message = 'The database cannot take the request now. Try again later.';
  return new ServiceUnavailableError(message, { cause: error });
}

/** Translates an error of a read. */
export function toReadError(error: unknown): unknown {
  return isCancelled(error) ? new QueryTimeoutError({ cause: error }) : toStoreError(error);
}

/** Translates an error of a commit. If the connection is lost, the outcome is unknown. */
export function toCommitError(error: unknown): unknown {
  const { code } = (error ?? {}) as { code?: unknown };
  const isRefused = typeof code === 'string' && notExecuted.test(code);
  if (isConnectionFault(error) && !isRefused) return new OutcomeUnknownError({ cause: error });
  if (code === diskFull) return new StorageFullError({ cause: error });
  return toStoreError(error);
}
