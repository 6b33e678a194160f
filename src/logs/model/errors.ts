import type { ErrorCode } from './error-codes';

/** The level at which a failure is logged. `error`: an operator must act now. */
export type LogLevel = 'debug' | 'warn' | 'error';

/** A rule that a request breaks. */
export interface Violation {
  /** Where in the request, such as `input.actions[0].time`. */
  readonly path: string;
  /** What must be true there, such as `must be 1 to 256 characters`. */
  readonly message: string;
}

/** An expected failure. Its message and details are sent to the client. */
export abstract class LogManagerError extends Error {
  override readonly name = this.constructor.name;
  abstract readonly code: ErrorCode;
  readonly logLevel: LogLevel = 'debug';
  /** Members of `extensions` besides the code. */
  readonly details: Readonly<Record<string, unknown>> = {};
}

/** The request breaks rules. `violations` lists all of them, up to a bound. */
export class InvalidInputError extends LogManagerError {
  override readonly code = 'BAD_USER_INPUT';
  override readonly details: {
    readonly violations: readonly Violation[];
    readonly omittedViolationCount?: number;
  };

  /**
   * @param omittedCount number of violations that were found but are not listed
   * @param isAtLeast whether the search stopped, so that there may be more
   */
  constructor(violations: readonly Violation[], omittedCount = 0, isAtLeast = false) {
    const [first] = violations;
    const more = violations.length + omittedCount - 1;
    const count = `${isAtLeast ? 'at least ' : ''}${more}`;
    const noun = more === 1 ? 'violation' : 'violations';
    super(`${first?.path} ${first?.message}${more > 0 ? ` (and ${count} more ${noun})` : ''}`);
    this.details = { violations, ...(omittedCount > 0 && { omittedViolationCount: omittedCount }) };
  }
}

const cursorReasons = {
  CURSOR_OF_ANOTHER_DATABASE:
    'belongs to another database, or to this one before it was restored: copy anew, without a cursor',
  CURSOR_FROM_THE_FUTURE:
    'is of a later state of this database than there is: was an older state restored? Copy anew, without a cursor',
} as const;

/** The cursor of a feed is intact, but not of this database. `reason` tells the cases apart. */
export class CursorRefusedError extends InvalidInputError {
  override readonly details;

  constructor(reason: keyof typeof cursorReasons) {
    const violations = [{ path: 'after', message: cursorReasons[reason] }];
    super(violations);
    this.details = { violations, reason };
  }
}

/** The request bears no key that is in force. */
export class UnauthenticatedError extends LogManagerError {
  override readonly code = 'UNAUTHENTICATED';

  constructor(message = 'This server needs a key. Send it as header: Authorization: Bearer lm_…') {
    super(message);
  }
}

/** The key may not do what the request asks for. Nothing of the request was executed. */
export class ForbiddenError extends LogManagerError {
  override readonly code = 'FORBIDDEN';
}

/** The client sends more requests than it may, or more expensive reads. Nothing of this one was executed. */
export class RateLimitedError extends LogManagerError {
  override readonly code = 'RATE_LIMITED';
  override readonly details: { readonly retryAfterMs: number };

  /** @param readKey the read that was refused: see `findRefusal` */
  constructor(
    retryAfterMs: number,
    readonly readKey?: string,
  ) {
    super(`Too many requests. Send this one again in ${toSeconds(retryAfterMs)} s.`);
    this.stack = withoutFrames(this);
    this.details = { retryAfterMs };
  }
}

/** More results than a response may hold. */
export class TooManyEntriesError extends LogManagerError {
  override readonly code = 'RESULT_TOO_LARGE';
  override readonly details: { readonly limit: number; readonly retryEndTime?: string | null };

  /**
   * @param retryEndTime for entries: the latest `endTime` with which the query fits; null if there is none
   */
  constructor(message: string, limit: number, retryEndTime?: string | null) {
    super(message);
    this.details = { limit, ...(retryEndTime !== undefined && { retryEndTime }) };
  }
}

/** The idempotency key was used for a session with other content. */
export class IdempotencyKeyReusedError extends LogManagerError {
  override readonly code = 'IDEMPOTENCY_KEY_REUSED';

  constructor() {
    super(
      'This idempotencyKey was used for a session with other content. Nothing was stored: use a new key.',
    );
  }
}

/** The filter would read the properties of all entries. */
export class FilterTooBroadError extends LogManagerError {
  override readonly code = 'FILTER_TOO_BROAD';

  constructor() {
    super('Add userIds, sessionIds, types, startTime or endTime to a filter on properties.');
  }
}

/** The query took longer than `QUERY_TIMEOUT_MS`. */
export class QueryTimeoutError extends LogManagerError {
  override readonly code = 'QUERY_TIMEOUT';
  override readonly logLevel = 'warn';

  constructor(options?: ErrorOptions) {
    super('The query timed out. Use a shorter time range, or filter by user or type.', options);
  }
}

/** The response would have too many bytes. */
export class TooManyBytesError extends LogManagerError {
  override readonly code = 'RESULT_TOO_LARGE';
  override readonly details: { readonly limitBytes: number; readonly retryEndTime: string | null };

  /** @param retryEndTime for `logs`: the latest `endTime` with which the query fits; null if there is none */
  constructor(
    limitBytes: number,
    { retryEndTime = null, ...options }: ErrorOptions & { readonly retryEndTime?: string | null } = {},
  ) {
    const advice =
      retryEndTime === null
        ? 'Use a shorter time range, a smaller page, or fewer fields, or send several requests.'
        : adviseRetry(retryEndTime);
    super(`The answer takes more than ${limitBytes} bytes. ${advice}`, options);
    this.details = { limitBytes, retryEndTime };
  }
}

/** How to read entries that are too many, or too large, for one answer. */
export function adviseRetry(retryEndTime: string): string {
  return `Repeat the query with ${retryEndTime} as the end time, then continue with it as the start time.`;
}

/** A temporary failure: the same request may succeed later. */
export class ServiceUnavailableError extends LogManagerError {
  override readonly code = 'SERVICE_UNAVAILABLE';
  override readonly logLevel: LogLevel = 'warn';
}

/** More expensive reads wait than the database can answer in time, or more bytes than memory may hold. */
export class OverloadedError extends ServiceUnavailableError {
  override readonly logLevel = 'debug';
  override readonly details: { readonly retryAfterMs: number };

  /** @param readKey the read that was refused: see `findRefusal` */
  constructor(
    retryAfterMs: number,
    reason = 'The database is overloaded.',
    readonly readKey?: string,
  ) {
    super(`${reason} Send the request again in ${toSeconds(retryAfterMs)} s.`);
    this.stack = withoutFrames(this);
    this.details = { retryAfterMs };
  }
}

/** An error after which the same request is to be sent again after a time. */
export type RefusalError = RateLimitedError | OverloadedError;

export function isRefusal(error: unknown): error is RefusalError {
  return error instanceof RateLimitedError || error instanceof OverloadedError;
}

/** Milliseconds that a refusal is held back, since the client may ask again at once. */
const holdMs = 250;

/** Settles when a refusal may be sent: not that of 1,000 requests in one turn of the event loop. */
export function holdBack(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, holdMs * (0.5 + Math.random() / 2)));
}

/** Bounds of the time after which a refused client is told to ask again, in milliseconds, before it is spread. */
const minRetryMs = 1_000;
const maxRetryMs = 48_000;

/** Spreads the times, so that clients that were refused together do not come back together. */
export function toRetryMs(waitMs: number): number {
  const spread = 0.75 + Math.random() / 2;
  return Math.ceil(Math.min(maxRetryMs, Math.max(minRetryMs, waitMs)) * spread);
}

/** The header Retry-After of an answer, in seconds (RFC 9110, section 10.2.3). */
export function toRetryAfter({ details }: RefusalError): string {
  return String(toSeconds(details.retryAfterMs));
}

/** The `stack` of an error that overload makes frequent: graphql-js reads it, and V8 takes 0.1 ms to render frames. */
function withoutFrames({ name, message }: Error): string {
  return `${name}: ${message}`;
}

function toSeconds(ms: number): number {
  return Math.ceil(ms / 1_000);
}

/** The response was sent, or the client has disconnected, so a query of the request was not run. */
export class RequestGoneError extends ServiceUnavailableError {
  override readonly logLevel = 'debug';

  constructor() {
    super('The request has ended.');
  }
}

/** Another process holds the lock of the database. Nothing was stored. */
export class DatabaseBusyError extends ServiceUnavailableError {
  constructor(options?: ErrorOptions) {
    super('The database is locked by another process. Try again later.', options);
  }
}

const faults = {
  damaged: 'The database is damaged: restore a backup.',
  replaced: 'The database files were moved or replaced: put them back, or restart the server.',
} as const;

/** The database is damaged, or its files were replaced. Nothing was stored. */
export class DatabaseFaultError extends ServiceUnavailableError {
  override readonly logLevel = 'error';

  constructor(
    readonly fault: keyof typeof faults,
    options: ErrorOptions,
  ) {
    super(faults[fault], options);
  }
}

/** The disk is full, so nothing was stored or deleted. Reads work; writes resume when there is space. */
export class StorageFullError extends LogManagerError {
  override readonly code = 'STORAGE_FULL';
  override readonly logLevel = 'error';

  constructor(
    options?: ErrorOptions,
    outcome = 'Nothing was stored. Reads work; writes resume when there is space.',
  ) {
    super(`The disk of the database is full. ${outcome}`, options);
  }
}

/** The outcome of a commit is unknown: its data may or may not be stored. */
export class OutcomeUnknownError extends ServiceUnavailableError {
  override readonly details = { outcome: 'unknown' };

  constructor(
    options: ErrorOptions,
    override readonly logLevel: LogLevel = 'warn',
  ) {
    super(
      'The database failed during the commit: the data may or may not be stored. Send the request again ' +
        'with the same idempotencyKey, or read before you send it again.',
      options,
    );
  }
}

/** A subscription whose client did not read its messages for 30 s. */
export class SubscriberTooSlowError extends LogManagerError {
  override readonly code = 'SUBSCRIBER_TOO_SLOW';
  override readonly details: { readonly cursor: string };

  constructor(cursor: string) {
    super('The subscription was not read for 30 s. Subscribe again after this cursor, or use logChanges.');
    this.details = { cursor };
  }
}

/** What is refused, or ends, because the server stops: clients that connect again meanwhile are no news. */
export class ServerStoppingError extends ServiceUnavailableError {
  override readonly logLevel = 'debug';

  constructor(whatToDo: string) {
    super(`The server is stopping. ${whatToDo}`);
    this.stack = withoutFrames(this);
  }
}

/** A subscription that ends because the server stops. */
export class SubscriptionStoppedError extends ServerStoppingError {
  override readonly details: { readonly cursor: string };

  constructor(cursor: string) {
    super('Subscribe again after this cursor.');
    this.details = { cursor };
  }
}
