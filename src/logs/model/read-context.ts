import { NobodyWaitsError, ResultTooLongError } from './errors';
import { maxResultBytes, type Asker } from '../log-entry-repository';

/** A request that reads, with one field or with many. */
export interface Reader extends Asker {
  /**
   * Called with the bytes of entries whenever some become a part of the answer.
   * @throws {ResultTooLongError} when there are too many in all
   */
  take(bytes: number): void;
}

export interface ReaderOptions {
  readonly mustBeLatest: boolean;
  /** Whether it has been answered, or its client has gone. */
  readonly isGone?: () => boolean;
  /**
   * Bytes of entries in the answer. As many as one list may have: all lists of a document are in memory at a time, become
   * one string where graphql-js answers, and are copied on the way there.
   */
  readonly maxBytes?: number;
}

export function createReader({
  mustBeLatest,
  isGone = () => false,
  maxBytes = maxResultBytes,
}: ReaderOptions): Reader {
  let taken = 0;

  function requireRoom(): void {
    if (taken > maxBytes) throw new ResultTooLongError(maxBytes);
  }

  return {
    mustBeLatest,
    check() {
      requireRoom();
      if (isGone()) throw new NobodyWaitsError();
    },
    take(bytes) {
      taken += bytes;
      requireRoom();
    },
  };
}
