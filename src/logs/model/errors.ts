/** How loudly a failure is logged: `error` means that somebody must act now. */
export type LogLevel = 'debug' | 'warn' | 'error';

/** One rule that a request breaks, and where. */
export interface Violation {
  /** Where in the request, such as `input.actions[0].time`. */
  readonly path: string;
  /** What must be true there, such as `must be 1 to 256 characters`. */
  readonly message: string;
}

/** An expected failure: its message and details are meant for the client. */
export abstract class LogManagerError extends Error {
  abstract readonly code: string;
  abstract readonly logLevel: LogLevel;
  /** What `extensions` carries beside the code. */
  readonly details: Readonly<Record<string, unknown>> = {};
}

/** The request breaks rules; `violations` lists every one. */
export class InvalidInputError extends LogManagerError {
  override readonly name = 'InvalidInputError';
  override readonly code = 'BAD_USER_INPUT';
  override readonly logLevel = 'debug';
  override readonly details: {
    readonly violations: readonly Violation[];
    readonly omittedViolationCount?: number;
  };

  /**
   * @param omittedCount violations that were found but are not listed, to bound the answer
   * @param isAtLeast whether there may be even more, since nobody looked on
   */
  constructor(violations: readonly Violation[], omittedCount = 0, isAtLeast = false) {
    const [first] = violations;
    const more = violations.length + omittedCount - 1;
    const count = `${isAtLeast ? 'at least ' : ''}${more}`;
    super(`${first?.path} ${first?.message}${more > 0 ? ` (and ${count} more violations)` : ''}`);
    this.details = { violations, ...(omittedCount > 0 && { omittedViolationCount: omittedCount }) };
  }
}

/** More matches than one answer may hold. */
export class TooManyEntriesError extends LogManagerError {
  override readonly name = 'ResultTooLargeError';
  override readonly code = 'RESULT_TOO_LARGE';
  override readonly logLevel = 'debug';
  override readonly details: { readonly limit: number; readonly retryEndTime?: string | null };

  /** @param retryEndTime of entries: the largest end for which the same query fits, null when there is none */
  constructor(message: string, limit: number, retryEndTime?: string | null) {
    super(message);
    this.details = { limit, ...(retryEndTime !== undefined && { retryEndTime }) };
  }
}

/** The key of this session was used for another one. */
export class IdempotencyKeyReusedError extends LogManagerError {
  override readonly name = 'IdempotencyKeyReusedError';
  override readonly code = 'IDEMPOTENCY_KEY_REUSED';
  override readonly logLevel = 'debug';

  constructor() {
    super(
      'This idempotencyKey was used for another session. Nothing was stored: send this one under a key of its own.',
    );
  }
}

/** Properties would have to be looked at in every entry there is. */
export class FilterTooBroadError extends LogManagerError {
  override readonly name = 'FilterTooBroadError';
  override readonly code = 'FILTER_TOO_BROAD';
  override readonly logLevel = 'debug';

  constructor() {
    super(
      'A filter on properties needs a bound beside it: userIds, sessionIds, types, startTime or endTime.',
    );
  }
}

/** The database was not done with the query in the time that one may take. */
export class QueryTimeoutError extends LogManagerError {
  override readonly name = 'QueryTimeoutError';
  override readonly code = 'QUERY_TIMEOUT';
  override readonly logLevel = 'warn';

  constructor(options?: ErrorOptions) {
    super('The query took too long. Ask for less: a shorter time range, a user, a type.', options);
  }
}

/** The entries that match are too large together for one answer, however few they are. */
export class TooManyBytesError extends LogManagerError {
  override readonly name = 'ResultTooLongError';
  override readonly code = 'RESULT_TOO_LARGE';
  override readonly logLevel = 'debug';
  override readonly details: { readonly limitBytes: number; readonly retryEndTime: null };

  constructor(limitBytes: number, options?: ErrorOptions) {
    const advice = 'Ask for a shorter time, for fewer fields, or in several requests';
    super(`The entries that match take more than ${limitBytes} bytes. ${advice}.`, options);
    this.details = { limitBytes, retryEndTime: null };
  }
}

/** The server cannot do it now; the same request may succeed later. */
export class ServiceUnavailableError extends LogManagerError {
  override readonly name: string = 'ServiceUnavailableError';
  override readonly code = 'SERVICE_UNAVAILABLE';
  override readonly logLevel: LogLevel = 'warn';
}

/** The request has been answered, or its client has gone: what it would still read is not read. */
export class RequestGoneError extends ServiceUnavailableError {
  override readonly name = 'NobodyWaitsError';
  override readonly logLevel = 'debug';

  constructor() {
    super('Nobody waits for the answer any more.');
  }
}

/** Somebody else holds the lock of the store. Nothing was stored. */
export class DatabaseBusyError extends ServiceUnavailableError {
  override readonly name = 'StoreBusyError';

  constructor(options?: ErrorOptions) {
    super('The database is locked by another process. Try again later.', options);
  }
}

/** There is no room for more. Nothing was stored; reads go on, and so do writes as soon as there is room. */
export class StorageFullError extends LogManagerError {
  override readonly name = 'StorageFullError';
  override readonly code = 'STORAGE_FULL';
  override readonly logLevel = 'error';

  constructor(options?: ErrorOptions) {
    super(
      'The disk of the database is full: nothing was stored. Free space on it; reads go on, and writes will by themselves.',
      options,
    );
  }
}

/** The store was lost while it committed: it may hold the session, or not. */
export class OutcomeUnknownError extends ServiceUnavailableError {
  override readonly name = 'OutcomeUnknownError';
  override readonly details = { outcome: 'unknown' };

  constructor(options: ErrorOptions) {
    super('The database was lost while it stored this: it may be stored, or not.', options);
  }
}
