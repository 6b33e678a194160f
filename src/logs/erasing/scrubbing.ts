import type { LogEntryRepository } from '../log-entry-repository';
import { ServiceUnavailableError } from '../model/errors';

/**
 * Overwrites the bytes of erased entries, where a deletion has left some.
 * @param signal ends the waits for it
 */
export function createScrubbing(repository: Pick<LogEntryRepository, 'scrub'>, signal: AbortSignal) {
  /**
   * Deletions that erased something, and those of them that a scrub has covered. The first scrub after the
   * start is due, since the last process may have ended between erasing and scrubbing.
   */
  let erasedTimes = 1;
  let scrubbedTimes = 0;
  const whenStopping = new Promise<void>((resolve) => (signal.onabort = () => resolve()));

  return {
    /** Call it when something was erased. */
    require(): void {
      erasedTimes++;
    },

    /**
     * @param isForced scrubs even if nothing was erased since the last time
     * @throws {ServiceUnavailableError} if the bytes are not overwritten
     */
    async scrub(isForced: boolean): Promise<void> {
      if (!isForced && scrubbedTimes >= erasedTimes) return;
      const covered = erasedTimes;
      const isDone = await Promise.race([repository.scrub().then(() => true), whenStopping]);
      if (!isDone) {
        throw new ServiceUnavailableError(
          'The entries are erased, but the server stops before their bytes are overwritten in the database ' +
            'files. Send the request again.',
        );
      }
      scrubbedTimes = Math.max(scrubbedTimes, covered);
    },
  };
}
