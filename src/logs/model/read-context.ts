import { RequestGoneError, TooManyBytesError } from './errors';
import { defaultResponseBytes } from './limits';

/** Requirements that a request places on its queries. */
export interface QueryContext {
  /** Whether the result must include every acknowledged entry, so that the query must not use a replica. */
  readonly mustBeLatest: boolean;
  /**
   * Who asks: the name of a key, or an address. Undefined: the server itself, whose expensive reads come first. Not a
   * getter: V8 takes 4 µs to create an object literal with one, and leaves garbage.
   */
  client?(): string | undefined;
  /**
   * Called when the query leaves its queue, and while it is executed. Throws if the request has ended or used up its
   * read budget.
   */
  check?(): void;
}

/** The read budget of one request, shared by its fields. */
export type ReadContext = ReturnType<typeof createReadContext>;

export interface ReadContextOptions {
  /** See {@link QueryContext}. */
  readonly mustBeLatest: boolean;
  /** Maximum number of entries in a result of `logs`. */
  readonly maxEntries: number;
  /** Finds out who asks; called for expensive reads only. See {@link QueryContext}. */
  readonly clientOf?: () => string;
  /** Whether the response was sent, or the client has disconnected. */
  readonly isGone?: () => boolean;
  /**
   * Called with the size of a result that can still be refused.
   * @throws {ServiceUnavailableError} when too many large responses are unsent
   */
  readonly admit?: (bytes: number) => void;
  /** Maximum bytes of the response: the same as for one list, as all are in memory together. */
  readonly maxBytes?: number;
}

/** Creates the read budget of a request. */
export function createReadContext({
  mustBeLatest,
  maxEntries,
  clientOf,
  isGone = () => false,
  admit = () => {},
  maxBytes = defaultResponseBytes,
}: ReadContextOptions) {
  let taken = 0;

  function requireBudget(): void {
    if (taken > maxBytes) throw new TooManyBytesError(maxBytes);
  }

  return {
    mustBeLatest,
    maxEntries,
    maxBytes,
    /** Bytes of all lists so far. */
    taken: (): number => taken,
    client: (): string | undefined => clientOf?.(),
    admit,
    check(): void {
      requireBudget();
      if (isGone()) throw new RequestGoneError();
    },
    /**
     * Adds bytes of a list to the response.
     * @throws {TooManyBytesError} when the response would hold too many
     */
    take: (bytes: number): void => {
      taken += bytes;
      requireBudget();
    },
  };
}
