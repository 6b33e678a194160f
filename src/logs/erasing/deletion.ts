import { createEraser, type SessionPages } from './eraser';
import type { LogEntryRepository } from '../log-entry-repository';
import { SessionArguments, UserArguments } from '../filtering/session-arguments';
import { requireValid } from '../validation/validate';

/** `dryRun`: count only, and erase nothing. */
type WithDryRun<Arguments> = Arguments & { readonly dryRun: boolean };

/**
 * Erases the entries of a user or a session. Every entry recorded before the call is gone when it settles.
 * Entries recorded during the call are kept.
 * @param onErased called with the number of entries erased
 */
export function createDeletion(repository: LogEntryRepository, onErased: (count: number) => void) {
  const eraser = createEraser(repository);

  /** `deletedCount`: entries erased; for a dry run, entries that would be erased. */
  async function deleteEntries(sessions: SessionPages, dryRun: boolean) {
    if (dryRun) return { deletedCount: await eraser.count(sessions), dryRun };
    const deletedCount = await eraser.erase(sessions);
    onErased(deletedCount);
    // Scrub even if nothing was erased: an earlier call may have failed between erasing and scrubbing.
    await repository.scrub();
    return { deletedCount, dryRun };
  }

  return {
    /**
     * Erases every entry of a user.
     * @throws {InvalidInputError} listing every violation
     * @throws {ServiceUnavailableError} when the repository fails; some entries may be erased by then
     */
    async deleteUserData({ userId, dryRun }: WithDryRun<UserArguments>) {
      requireValid(UserArguments, { userId });
      return deleteEntries(eraser.findSessions({ userIds: [userId] }), dryRun);
    },

    /** Erases every entry of a session. Throws as `deleteUserData` does. */
    async deleteSession({ userId, sessionId, dryRun }: WithDryRun<SessionArguments>) {
      requireValid(SessionArguments, { userId, sessionId });
      return deleteEntries(eraser.findSession({ userId, sessionId }), dryRun);
    },
  };
}
