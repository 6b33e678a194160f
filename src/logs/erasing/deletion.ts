import { requireUser, type Principal } from '../access/principal';
import type { ErasureNotice, Position } from '../change-store';
import { createEraser, type SessionPages } from './eraser';
import type { LogEntryRepository } from '../log-entry-repository';
import { SessionArguments, UserArguments } from '../filtering/logs-arguments';
import { ServiceUnavailableError, StorageFullError } from '../model/errors';
import { microsPerDay, type Instant } from '../model/instant';
import { requireValid } from '../validation/validate';
import { createScrubbing } from './scrubbing';

/** Notices forgotten in one commit. */
const noticesPerCommit = 500;

/** `dryRun`: count only, and erase nothing. */
type WithDryRun<Arguments> = Arguments & { readonly dryRun: boolean };

/** What a deletion did. */
export interface DeletionReport {
  readonly mutation: 'deleteUserData' | 'deleteSession';
  /** The name of the key that asked for it; null without one, in open mode, or for a resumed deletion. */
  readonly key: string | null;
  /** Whether the server has resumed a deletion that had not completed. */
  readonly isResumed: boolean;
  readonly deletedCount: number;
  readonly ms: number;
  /** Why the deletion did not complete. */
  readonly err?: unknown;
}

export interface DeletionOptions {
  readonly repository: LogEntryRepository;
  /** Days that the notice of a deletion is kept in the feed; 0: until the deletion completes. */
  readonly erasureNoticeDays: number;
  readonly now: () => Instant;
  /** Called at the end of each deletion, also of one that fails. */
  readonly onDeleted: (report: DeletionReport) => void;
}

/** A deletion: the sessions to erase, and how its notice in the feed is written. */
interface Erasure extends Pick<DeletionReport, 'mutation' | 'key' | 'isResumed'> {
  readonly sessions: SessionPages;
  /** Writes the notice, and takes its position. */
  readonly note: () => Promise<Position>;
  readonly isCancelled: () => boolean;
}

/**
 * Erases the entries of a user or a session. Every entry recorded before the call is gone when it settles.
 * A session recorded during the call is erased or kept as a whole.
 *
 * A notice in the feed is the first thing written: its position divides what is erased from what is recorded later. A
 * deletion that does not complete is resumed from it.
 */
export function createDeletion({ repository, erasureNoticeDays, now, onDeleted }: DeletionOptions) {
  const { changes } = repository;
  const eraser = createEraser(repository);
  const stopping = new AbortController();
  const { signal } = stopping;
  const scrubbing = createScrubbing(repository, signal);
  const inProgress = new Set<Promise<unknown>>();
  /** The notices of deletions in progress. */
  const noted = new Set<string>();
  /** Whether the notices that were forgotten are overwritten. */
  let isForgettingDone = true;

  /** Remembers a deletion, since it continues when its client disconnects. */
  async function track<Result>(deletion: Promise<Result>): Promise<Result> {
    inProgress.add(deletion);
    return deletion.finally(() => inProgress.delete(deletion));
  }

  /** @returns the number of erased entries */
  async function erase({ sessions, note, isCancelled, ...asked }: Erasure): Promise<number> {
    const startedAt = performance.now();
    let deletedCount = 0;
    let key = '';
    const report = (failure?: { err: unknown }): void =>
      onDeleted({ ...asked, deletedCount, ms: Math.round(performance.now() - startedAt), ...failure });
    try {
      try {
        const before = await note();
        noted.add((key = keyOf(before)));
        const onErased = (count: number): void => void (deletedCount += count);
        await eraser.erase(sessions, { before, onErased, isCancelled });
        if (!isCancelled()) await changes.finishErasure(before, erasureNoticeDays > 0);
      } catch (error) {
        scrubbing.require();
        throw toStopped(error, deletedCount);
      }
      // A notice that is not kept is erased too.
      if (deletedCount > 0 || erasureNoticeDays === 0) scrubbing.require();
      if (isCancelled()) throw new ServiceUnavailableError(describeStop(deletedCount, 'The server stops. '));
      // A user of whom nothing is left may have been erased by RETENTION_DAYS, which does not scrub.
      await scrubbing.scrub(asked.mutation === 'deleteUserData');
    } catch (err) {
      report({ err });
      throw err;
    } finally {
      noted.delete(key);
    }
    report();
    return deletedCount;
  }

  async function deleteEntries(
    mutation: DeletionReport['mutation'],
    { userId, sessionId }: Pick<ErasureNotice, 'userId'> & Partial<ErasureNotice>,
    dryRun: boolean,
    { name: key }: Principal,
  ) {
    const sessions = eraser.findSessions({ userIds: [userId] }, sessionId);
    if (dryRun) return { deletedCount: await eraser.count(sessions), dryRun };
    const note = () => changes.noteErasure({ userId, sessionId, erasedAt: now() });
    const isCancelled = (): boolean => signal.aborted;
    const erasing = erase({ mutation, key, isResumed: false, sessions, note, isCancelled });
    return { deletedCount: await track(erasing), dryRun };
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
      return deleteEntries('deleteUserData', { userId }, dryRun, principal);
    },

    /** Erases every entry of a session. Throws as `deleteUserData` does. */
    async deleteSession({ userId, sessionId, dryRun }: WithDryRun<SessionArguments>, principal: Principal) {
      requireValid(SessionArguments, { userId, sessionId });
      requireUser(principal, userId);
      return deleteEntries('deleteSession', { userId, sessionId }, dryRun, principal);
    },

    /**
     * Completes deletions that were asked for before a time and did not complete, except those in progress in this
     * process.
     */
    async resume(before: Instant, isCancelled: () => boolean): Promise<void> {
      for (const { userId, sessionId, position } of await changes.findUnfinished(before)) {
        if (noted.has(keyOf(position)) || isCancelled()) continue;
        const mutation = sessionId === undefined ? 'deleteUserData' : 'deleteSession';
        const sessions = eraser.findSessions({ userIds: [userId] }, sessionId);
        const note = async (): Promise<Position> => position;
        await erase({ mutation, key: null, isResumed: true, sessions, note, isCancelled });
      }
    },

    /** Forgets the notices that were kept for long enough, and overwrites them. */
    async forget(time: Instant, isCancelled: () => boolean): Promise<void> {
      const before = time - BigInt(erasureNoticeDays) * microsPerDay;
      for (let count = noticesPerCommit; count === noticesPerCommit && !isCancelled();) {
        count = await changes.forgetErasures(before, noticesPerCommit);
        if (count > 0) isForgettingDone = false;
      }
      if (isForgettingDone || isCancelled()) return;
      await scrubbing.scrub(true);
      isForgettingDone = true;
    },

    /** Ends the deletions in progress after their current batch, with an error that says so. */
    stop: () => stopping.abort(),

    /** Settles when the deletions in progress have ended. */
    whenIdle: () => Promise.allSettled(inProgress),
  };
}

const keyOf = ({ commit, id }: Position): string => `${commit}:${id}`;

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
