import {
  DatabaseFaultError,
  OutcomeUnknownError,
  QueryTimeoutError,
  StorageFullError,
} from '../../logs/model/errors';
import { codeOf, toUnavailable } from '../errors';

/** SQLSTATEs with a meaning of their own (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
export const sqlState = {
  /** The server takes no writes: a standby, or a read-only primary. */
  readOnly: '25006',
  /** PostgreSQL has no free connection. */
  noConnection: '53300',
  /** A statement took too long, or was cancelled. */
  cancelled: '57014',
  /** A statement waited too long for a lock. */
  lockTimeout: '55P03',
  /** The disk is full; for a read, the disk of temporary files. */
  diskFull: '53100',
  /** A value exceeds 1 GB, the limit of PostgreSQL. */
  tooLong: '54000',
  /** An entry was sent to the default partition while its month got its own. Nothing was stored; retry. */
  misplaced: '23514',
  /**
   * A warning: the wait for the synchronous standby was cancelled. The commit succeeds, but no standby has it
   * (https://www.postgresql.org/docs/current/warm-standby.html#SYNCHRONOUS-REPLICATION).
   */
  waitCancelled: '01000',
} as const;

/**
 * A lost or useless connection: class 08, the server stops, starts or is full, idle too long, read-only, or without
 * a prepared statement that it was given, since a pooler took another backend.
 */
const connectionFault = /^(08...|57P0[1-5]|53300|25P0[35]|25006|26000|42P05)$/;

/** Those of them after which the statement was certainly not executed. */
const notExecuted = /^(57P03|53300|25006|26000|42P05)$/;

/** Node's codes of socket and DNS errors (https://nodejs.org/api/errors.html#common-system-errors). */
const socketFault =
  /^(ECONN(RESET|REFUSED|ABORTED)|EPIPE|ETIMEDOUT|E(HOST|NET)(UNREACH|DOWN)|ENOTFOUND|EAI_AGAIN|ENOENT)$/;

/** Messages of driver errors that have no code. */
const driverFault =
  /Connection terminated|Connection ended|timeout exceeded when trying to connect|Query read timeout|not queryable|connection error/i;

/** Temporary: no resources, deadlock, timeout of a lock or statement, I/O error. */
const unavailable = /^(53...|40...|55P03|55000|57014|58...)$/;

/** A lock of another transaction, after which nothing was stored. */
const contention = /^(40...|55P03)$/;

/** Whether a row of one session may have caused the error, so that the others of its commit can be stored. */
export function isContention(error: unknown): boolean {
  return contention.test(codeOf(error));
}

/** Whether the connection caused the error, not the statement. */
export function isConnectionFault(error: unknown): boolean {
  const code = codeOf(error);
  if (code !== '') return connectionFault.test(code) || socketFault.test(code);
  return driverFault.test(String(error));
}

/** Whether the driver's `query_timeout` has passed. */
export function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.message === 'Query read timeout';
}

/** Translates a driver's error, which becomes the `cause`. */
export function toStoreError(error: unknown): unknown {
  return isConnectionFault(error) || unavailable.test(codeOf(error)) ? toUnavailable(error) : error;
}

/** Damaged data, or a damaged index. */
const damage = /^XX00[12]$/;

/** Translates an error of a read. */
export function toReadError(error: unknown): unknown {
  if (damage.test(codeOf(error))) return new DatabaseFaultError('damaged', { cause: error });
  return codeOf(error) === sqlState.cancelled ? new QueryTimeoutError({ cause: error }) : toStoreError(error);
}

/** Translates an error of a commit. If the connection is lost, the outcome is unknown. */
export function toCommitError(error: unknown): unknown {
  const code = codeOf(error);
  if (isConnectionFault(error) && !notExecuted.test(code)) return new OutcomeUnknownError({ cause: error });
  return code === sqlState.diskFull ? new StorageFullError({ cause: error }) : toStoreError(error);
}
