import { RequestGoneError, TooManyBytesError } from './errors';
import { maxResultBytes } from './limits';

/** What a query must know of the request that it is for. */
export interface QueryContext {
  /** Whether the answer must hold every acknowledged entry, so that no replica may give it. */
  readonly mustBeLatest: boolean;
  /** Called when the query leaves its queue. Throws when the request wants nothing more. */
  check?(): void;
}

/** The read budget of one request, shared by all of its fields. */
export interface ReadContext extends QueryContext {
  /** Most entries of one field `logs`. */
  readonly maxEntries: number;
  /**
   * Adds bytes of entries to the response.
   * @throws {TooManyBytesError} when the response would hold too many
   */
  take(bytes: number): void;
  /**
   * Called with the size of a result that can still be refused.
   * @throws {ServiceUnavailableError} when too many large responses are unsent
   */
  admit(bytes: number): void;
}

export interface ReadContextOptions {
  readonly mustBeLatest: boolean;
  readonly maxEntries: number;
  /** Whether the response was sent, or the client has disconnected. */
  readonly isGone?: () => boolean;
  /** See {@link ReadContext.admit}. */
  readonly admit?: (bytes: number) => void;
  /**
   * Bytes of entries in the response. The same as for one list, since all lists of a response are in memory together.
   */
  readonly maxBytes?: number;
}

export function createReadContext({
  mustBeLatest,
  maxEntries,
  isGone = () => false,
  admit = () => {},
  maxBytes = maxResultBytes,
}: ReadContextOptions): ReadContext {
  let taken = 0;

  function requireRoom(): void {
    if (taken > maxBytes) throw new TooManyBytesError(maxBytes);
  }

  return {
    mustBeLatest,
    maxEntries,
    check() {
      requireRoom();
      if (isGone()) throw new RequestGoneError();
    },
    take(bytes) {
      taken += bytes;
      requireRoom();
    },
    admit,
  };
}
