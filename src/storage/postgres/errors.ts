import {
  OutcomeUnknownError,
  QueryTimeoutError,
  ServiceUnavailableError,
  StorageFullError,
} from '../../logs/model/errors';

/**
 * SQLSTATEs of a connection that is lost or of no use
 * (https://www.postgresql.org/docs/current/errcodes-appendix.html): class 08, the server stops or starts or has no room,
 * idle too long, and read-only: a primary that has become a standby.
 */
const connectionFault = /^(08...|57P0[1-5]|53300|25P0[35]|25006)$/;

/** Of those, the ones that say that the statement was not executed. */
const notExecuted = /^(57P03|53300|25006)$/;

/** Codes of Node for sockets and name servers (https://nodejs.org/api/errors.html#common-system-errors). */
const socketFault =
  /^(ECONN(RESET|REFUSED|ABORTED)|EPIPE|ETIMEDOUT|E(HOST|NET)(UNREACH|DOWN)|ENOTFOUND|EAI_AGAIN|ENOENT)$/;

/** What the driver says without any code. */
const driverFault =
  /Connection terminated|Connection ended|timeout exceeded when trying to connect|Query read timeout|not queryable|connection error/i;

/** Not now: no resources, deadlock, waited too long for a lock or took too long, an I/O error. */
const unavailable = /^(53...|40...|55P03|55000|57014|58...)$/;

/** Whether the connection, rather than the statement, is at fault. */
export function isConnectionFault(error: unknown): boolean {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  if (typeof code === 'string') return connectionFault.test(code) || socketFault.test(code);
  return typeof message === 'string' && driverFault.test(message);
}

/** The server takes no writes: it is a standby, or told to be read-only. */
export const readOnly = '25006';

export function isReadOnly(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === readOnly;
}

/** Whether a statement took too long, or somebody has cancelled it. */
function isCancelled(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === '57014';
}

/** The disk is full. For a statement that only reads, this is about its temporary files. */
const diskFull = '53100';

/** Whether a value would exceed what PostgreSQL can hold: 1 GB. */
export function isTooLong(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === '54000';
}

/**
 * Whether an entry was on its way into the default partition when its month got one of its own, for which it had to
 * wait. Nothing was stored.
 */
export function isMisplaced(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === '23514';
}

/** Whether the driver has waited for an answer for as long as it was told to. */
export function isTimeout(error: unknown): boolean {
  return (error as { message?: unknown } | null)?.message === 'Query read timeout';
}

/** What the rest of the server sees of a driver's error; the driver's own stays its `cause`. */
export function toStoreError(error: unknown): unknown {
  const { code } = (error ?? {}) as { code?: unknown };
  if (!isConnectionFault(error) && !(typeof code === 'string' && unavailable.test(code))) {
    return error;
  }
  const message = 'The database cannot take the request now. Try again later.';
  return new ServiceUnavailableError(message, { cause: error });
}

/** The same for a statement that only reads. */
export function toReadError(error: unknown): unknown {
  return isCancelled(error) ? new QueryTimeoutError({ cause: error }) : toStoreError(error);
}

/** The same for a statement that commits: a connection lost on the way leaves open whether it did. */
export function toCommitError(error: unknown): unknown {
  const { code } = (error ?? {}) as { code?: unknown };
  const isRefused = typeof code === 'string' && notExecuted.test(code);
  if (isConnectionFault(error) && !isRefused) return new OutcomeUnknownError({ cause: error });
  if (code === diskFull) return new StorageFullError({ cause: error });
  return toStoreError(error);
}
