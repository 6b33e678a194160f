import { RequestGoneError, TooManyBytesError } from './errors';
import { defaultResponseBytes } from './limits';
import { releaseMemory } from './release-memory';

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
  /**
   * Called before a result is read that is known to have more bytes.
   * @throws {OverloadedError} when too many large responses are made or unsent
   */
  admit?(bytes: number): void;
  /** Maximum bytes of a response that would not be refused now. */
  room?(): number;
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
   * Called with the bytes that the response will have, as far as they are known, when they become more.
   * @param isRefusable false: the response shows what was stored
   * @throws {OverloadedError} when too many large responses are made or unsent
   */
  readonly admit?: (bytes: number, isRefusable: boolean) => void;
  /** See {@link QueryContext}. */
  readonly room?: () => number;
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
  room = () => Infinity,
  maxBytes = defaultResponseBytes,
}: ReadContextOptions) {
  let taken = 0;
  let expected = 0;
  let read = 0;
  let isRefusable = true;
  let refusal: Error | undefined;

  function requireRoom(bytes: number): void {
    try {
      admit(bytes, isRefusable);
    } catch (error) {
      refusal = error as Error;
      throw error;
    }
  }

  function requireBudget(): void {
    if (taken > maxBytes) throw new TooManyBytesError(maxBytes);
  }

  function check(): void {
    // The other reads of a refused request would take memory for nothing.
    if (refusal !== undefined) throw refusal;
    requireBudget();
    if (isGone()) throw new RequestGoneError();
  }

  return {
    mustBeLatest,
    maxEntries,
    maxBytes,
    /** Bytes of all lists so far. */
    size: (): number => taken + expected,
    client: (): string | undefined => clientOf?.(),
    room,
    /**
     * Called with the bytes of a list before it is written.
     * @throws {OverloadedError}
     */
    admit: (bytes: number): void => requireRoom(taken + expected + bytes),
    /**
     * Called with what was read, before a list of it is written. Frees its memory if the request is refused.
     * @param copies how often the list may show it
     * @throws {Error} as `check` and `admit`
     */
    admitResult(objects: string | Buffer, copies = 1): void {
      try {
        check();
        const bytes = Buffer.byteLength(objects);
        read += bytes;
        requireRoom(Math.max(taken + expected + bytes * copies, read));
      } catch (error) {
        releaseMemory([objects]);
        throw error;
      }
    },
    /** Called when the request has stored something: its response is not refused any more. */
    admitAlways(): void {
      isRefusable = false;
    },
    check,
    /**
     * Adds bytes of a list to the response.
     * @throws {TooManyBytesError} when the response would hold too many
     * @throws {OverloadedError}
     */
    take: (bytes: number): void => {
      taken += bytes;
      requireBudget();
      requireRoom(taken + expected);
    },
    /**
     * Adds the probable bytes of a list that is counted only when the response is written.
     * @throws {OverloadedError}
     */
    expect(bytes: number): void {
      expected += bytes;
      requireRoom(taken + expected);
    },
  };
}
