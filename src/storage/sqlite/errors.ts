import { QueryTimeoutError, ServiceUnavailableError } from '../../logs/errors';

/**
 * Result codes that say "not now" rather than "not this" (https://www.sqlite.org/rescode.html).
 * Every other error is a defect, or the fault of one session.
 */
const unavailable = /^SQLITE_(BUSY|LOCKED|FULL|IOERR|READONLY|CANTOPEN|NOMEM|PROTOCOL)\b/;

/** What the rest of the server sees of a driver's error; the driver's own stays its `cause`. */
export function toStoreError(error: unknown): unknown {
  const code = (error as { code?: unknown } | null)?.code;
  // Nobody but the timer of a query interrupts one.
  if (code === 'SQLITE_INTERRUPT') return new QueryTimeoutError({ cause: error });
  if (typeof code !== 'string' || !unavailable.test(code)) return error;
  const message = 'The database cannot take the request now. Try again later.';
  return new ServiceUnavailableError(message, { cause: error });
}

/** Whether a value would exceed what the connection may hold. */
export function isTooLong(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === 'SQLITE_TOOBIG';
}
