import { requireUser, type Principal } from '../access/principal';
import { createEraser, type SessionPages } from './eraser';
import type { LogEntryRepository } from '../log-entry-repository';
import { SessionArguments, UserArguments } from '../filtering/logs-arguments';
import { ServiceUnavailableError, StorageFullError } from '../model/errors';
import { requireValid } from '../validation/validate';

/** `dryRun`: count only, and erase nothing. */
type WithDryRun<Arguments> = Arguments & { readonly dryRun: boolean };

/** What a deletion did. */
export interface DeletionReport {
  readonly mutation: 'deleteUserData' | 'deleteSession';
  /** The name of the key that asked for it; null without one, in open mode. */
  readonly key: string | null;
  readonly deletedCount: number;
  readonly ms: number;
  /** Why the deletion did not complete. */
  readonly err?: unknown;
}

/**
 * Erases the entries of a user or a session. Every entry recorded before the call is gone when it settles.
 * A session recorded during the call is erased or kept as a whole.
 * @param onDeleted called at the end of each deletion, also of one that fails
 */
export function createDeletion(repository: LogEntryRepository, onDeleted: (report: DeletionReport) => void) {
  const eraser = createEraser(repository);
  const stopping = new AbortController();
  const { signal } = stopping;
  const whenStopping = new Promise<void>((resolve) => (signal.onabort = () => resolve()));
  /**
   * Deletions that erased something, and those of them that a scrub has covered. The first scrub after the
   * start is due, since the last process may have ended between erasing and scrubbing.
   */
  let erasedTimes = 1;
  let scrubbedTimes = 0;
  const inProgress = new Set<Promise<unknown>>();

  async function scrub(): Promise<void> {
    const covered = erasedTimes;
    const isDone = await Promise.race([repository.scrub().then(() => true), whenStopping]);
    if (!isDone) {
      throw new ServiceUnavailableError(
        'The entries are erased, but the server stops before their bytes are overwritten in the database ' +
          'files. Send the request again.',
      );
    }
    scrubbedTimes = Math.max(scrubbedTimes, covered);
  }

  /** Remembers a deletion, since it continues when its client disconnects. */
  async function track<Result>(deletion: Promise<Result>): Promise<Result> {
    inProgress.add(deletion);
    return deletion.finally(() => inProgress.delete(deletion));
  }

  async function deleteEntries(
    mutation: DeletionReport['mutation'],
    sessions: SessionPages,
    dryRun: boolean,
    { name: key }: Principal,
  ) {
    if (dryRun) return { deletedCount: await eraser.count(sessions), dryRun };
    const startedAt = performance.now();
    let deletedCount = 0;
    const report = (failure?: { err: unknown }): void =>
      onDeleted({ mutation, key, deletedCount, ms: Math.round(performance.now() - startedAt), ...failure });
    try {
      await eraser
        .erase(sessions, { onErased: (count) => (deletedCount += count), isCancelled: () => signal.aborted })
        .catch((error: unknown) => {
          erasedTimes++;
          throw toStopped(error, deletedCount);
        });
      erasedTimes += Math.sign(deletedCount);
      if (signal.aborted) throw new ServiceUnavailableError(describeStop(deletedCount, 'The server stops. '));
      // A user of whom nothing is left may have been erased by RETENTION_DAYS, which does not scrub.
      if (mutation === 'deleteUserData' || scrubbedTimes < erasedTimes) await scrub();
    } catch (err) {
      report({ err });
      throw err;
    }
    report();
    return { deletedCount, dryRun };
  }

  return {
    /**
     * Erases every entry of a user.
     * @throws {InvalidInputError} listing every violation
     * @throws {ForbiddenError} when the key is bound to another user
     * @throws {ServiceUnavailableError} when the repository fails; some entries may be erased by then
     * @throws {StorageFullError} when the disk is full; some entries may be erased by then
     */
    async deleteUserData({ userId, dryRun }: WithDryRun<UserArguments>, principal: Principal) {
      requireValid(UserArguments, { userId });
      requireUser(principal, userId);
      const sessions = eraser.findSessions({ userIds: [userId] });
      return track(deleteEntries('deleteUserData', sessions, dryRun, principal));
    },

    /** Erases every entry of a session. Throws as `deleteUserData` does. */
    async deleteSession({ userId, sessionId, dryRun }: WithDryRun<SessionArguments>, principal: Principal) {
      requireValid(SessionArguments, { userId, sessionId });
      requireUser(principal, userId);
      const sessions = eraser.findSessions({ userIds: [userId] }, sessionId);
      return track(deleteEntries('deleteSession', sessions, dryRun, principal));
    },

    /** Ends the deletions in progress after their current batch, with an error that says so. */
    stop: () => stopping.abort(),

    /** Settles when the deletions in progress have ended. */
    whenIdle: () => Promise.allSettled(inProgress),
  };
}

function describeStop(deletedCount: number, reason = ''): string {
  const advice = 'Send the request again to erase the rest.';
  return `${reason}Deletion stopped after ${deletedCount} entries. ${advice}`;
}

function toStopped(error: unknown, deletedCount: number): unknown {
  const options = { cause: error };
  if (error instanceof StorageFullError) {
    return new StorageFullError(options, describeStop(deletedCount));
  }
  if (!(error instanceof ServiceUnavailableError)) return error;
  return new ServiceUnavailableError(describeStop(deletedCount, 'The database failed. '), options);
}
