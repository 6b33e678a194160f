import { ApiError, errorOf } from '../api/api-error';
import type { LiveChanges } from './live-store';

/** How the feed is connected. */
export type Connection =
  | { readonly state: 'connecting' }
  /** `lostAt`: when the connection before was lost, in milliseconds since 1970 */
  | { readonly state: 'live'; readonly lostAt: number | undefined }
  | { readonly state: 'reconnecting'; readonly lostAt: number; readonly error: ApiError }
  | { readonly state: 'ended'; readonly error: ApiError };

/** What a subscription calls. `error` has what graphql-ws gives: errors of GraphQL, or the event of the socket. */
export interface Sink {
  next(changes: LiveChanges): void;
  error(reason: unknown): void;
  complete(): void;
}

export interface FollowOptions {
  /** Subscribes after a cursor, or from now on, and returns what ends that; `drop` also ends the socket at once. */
  readonly subscribe: (after: string | undefined, sink: Sink) => (how: 'end' | 'drop') => void;
  readonly onChanges: (changes: LiveChanges) => void;
  readonly onConnection: (connection: Connection) => void;
  readonly now?: () => number;
  /** 0 to 1, so that clients do not come back all at once after the server has restarted. */
  readonly random?: () => number;
}

const firstRetryMs = 500;
const maxRetryMs = 30_000;
/** The server sends a cursor every 10 s: after this long without a message the connection is taken for lost. */
export const silentMs = 25_000;
const checkMs = 5_000;
/** Close codes after which the same attempt fails again: 4400 bad request, 4401 and 4403 no access, 4406 protocol. */
const fatalCodes = new Set([4400, 4401, 4403, 4406]);

/** Follows the feed: whenever a subscription ends it subscribes again after the last cursor, until an error is final. */
export function follow(options: FollowOptions) {
  const { subscribe, onChanges, onConnection, now = Date.now, random = Math.random } = options;
  let cursor: string | undefined;
  let attempts = 0;
  let heardAt = now();
  let lostAt: number | undefined;
  let unsubscribe: ((how: 'end' | 'drop') => void) | undefined;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;

  function connect(): void {
    clearTimeout(retryTimer);
    retryTimer = undefined;
    heardAt = now();
    let isOver = false;
    let isLive = false;
    const end = (error: ApiError): void => {
      if (isOver) return;
      isOver = true;
      unsubscribe = undefined;
      if (isFinal(error)) finish(error);
      else retry(error);
    };
    const stop = subscribe(cursor, {
      next(changes) {
        if (isOver) return;
        heardAt = now();
        attempts = 0;
        cursor = changes.cursor;
        if (!isLive) onConnection({ state: 'live', lostAt });
        isLive = true;
        lostAt = undefined;
        onChanges(changes);
      },
      error: (reason) => end(toApiError(reason)),
      complete: () => end(new ApiError('ENDED', 'The server ended the subscription.', { retryable: true })),
    });
    // The subscription may have failed already.
    if (isOver) return;
    unsubscribe = (how) => {
      isOver = true;
      stop(how);
    };
  }

  function retry(error: ApiError): void {
    lostAt ??= now();
    const delayMs = Math.min(maxRetryMs, firstRetryMs * 2 ** attempts) * (0.5 + random() / 2);
    attempts += 1;
    retryTimer = setTimeout(connect, Math.max(delayMs, error.retryAfterMs ?? 0));
    onConnection({ state: 'reconnecting', lostAt, error });
  }

  function finish(error: ApiError): void {
    stop();
    onConnection({ state: 'ended', error });
  }

  function stop(): void {
    clearInterval(timer);
    clearTimeout(retryTimer);
    unsubscribe?.('end');
    unsubscribe = undefined;
  }

  const timer = setInterval(() => {
    if (unsubscribe && now() - heardAt > silentMs) drop();
  }, checkMs);

  function drop(): void {
    unsubscribe?.('drop');
    unsubscribe = undefined;
    retry(new ApiError('OFFLINE', 'The server has sent nothing for a while.'));
  }

  onConnection({ state: 'connecting' });
  connect();
  return {
    stop,
    /** Call it when the computer wakes, or is online again: does not wait for the next attempt. */
    wake(): void {
      if (retryTimer !== undefined) connect();
      else if (unsubscribe && now() - heardAt > silentMs / 2) drop();
    },
  };
}

/** The feed loses nothing by trying again, so it does after a failure of the server, too. */
function isFinal(error: ApiError): boolean {
  return !error.isRetryable && error.code !== 'INTERNAL_SERVER_ERROR';
}

/** @param reason errors of GraphQL, the CloseEvent of the socket, or an event or error of the network */
export function toApiError(reason: unknown): ApiError {
  if (reason instanceof ApiError) return reason;
  if (Array.isArray(reason)) return errorOf(reason);
  const { code, reason: text } = (reason ?? {}) as { code?: unknown; reason?: unknown };
  if (typeof code === 'number' && fatalCodes.has(code)) {
    const name = code === 4401 || code === 4403 ? 'UNAUTHENTICATED' : 'BAD_USER_INPUT';
    return new ApiError(
      name,
      typeof text === 'string' && text ? text : `The server closed the connection (code ${code}).`,
    );
  }
  return new ApiError('OFFLINE', 'The server does not answer.');
}
