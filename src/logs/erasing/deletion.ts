import { createEraser, type SessionList } from './eraser';
import type { LogEntryRepository } from '../log-entry-repository';
import { SessionArguments, UserArguments } from '../filtering/session-arguments';
import { requireValid } from '../validation/validate';

interface DryRun {
  readonly dryRun: boolean;
}

/** The answer to a deletion. */
export interface DeletionResult {
  readonly deletedCount: number;
  readonly dryRun: boolean;
}

export type Deletion = ReturnType<typeof createDeletion>;

/**
 * Erases what was recorded of somebody. Every entry recorded before the call has gone when it settles; one that is recorded
 * meanwhile is later, and stays.
 * @param onErased is told how many entries have gone
 */
export function createDeletion(repository: LogEntryRepository, onErased: (count: number) => void) {
  const eraser = createEraser(repository);

  async function deleteEntries(list: SessionList, dryRun: boolean): Promise<DeletionResult> {
    if (dryRun) return { deletedCount: await eraser.count(list), dryRun };
    const deletedCount = await eraser.erase(list);
    onErased(deletedCount);
    // Also when nothing was left to erase: an earlier call may have been cut off before this.
    await repository.scrub();
    return { deletedCount, dryRun };
  }

  return {
    /**
     * @throws {InvalidInputError} listing every violation
     * @throws {ServiceUnavailableError} when the repository fails on the way; then some entries have gone
     */
    async deleteUserData({ userId, dryRun }: UserArguments & DryRun): Promise<DeletionResult> {
      requireValid(UserArguments, ['userId'], { userId });
      return deleteEntries(eraser.sessionsOf({ userIds: [userId] }), dryRun);
    },

    /** @see deleteUserData */
    async deleteSession(args: SessionArguments & DryRun): Promise<DeletionResult> {
      const { userId, sessionId, dryRun } = args;
      requireValid(SessionArguments, ['userId', 'sessionId'], { userId, sessionId });
      return deleteEntries(eraser.onlySession({ userId, sessionId }), dryRun);
    },
  };
}
