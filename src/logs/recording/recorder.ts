import type { LogEntryRepository } from '../log-entry-repository';
import { IdempotencyKeyReusedError } from '../model/errors';
import type { Instant } from '../model/instant';
import { maxEntriesPerCommit } from '../model/limits';
import type { LogEntry } from '../model/log-entry';
import { maxOccurrences } from '../model/max-occurrences';
import { memoize } from '../model/memoize';
import type { ReadContext } from '../model/read-context';
import { encodeSession, flattenSession } from './encode-session';
import { createGroupCommit, type Commit } from './group-commit';
import { validateSession } from './session-input';

export interface RecorderOptions {
  readonly repository: LogEntryRepository;
  readonly now: () => Instant;
  readonly onCommit: (commit: Commit) => void;
  /** Called with bugs of the group commit, which end no request. */
  readonly onBug: (error: unknown) => void;
}

/** A session that is on disk. */
export interface RecordedSession {
  readonly recordedCount: number;
  readonly replayed: boolean;
  /**
   * The stored entries, made only when asked for.
   * @param fields that are shown of each, one twice that has two names
   */
  readonly entries: (args?: object, fields?: readonly string[]) => readonly LogEntry[];
}

export type Recorder = ReturnType<typeof createRecorder>;

/** Stores sessions in group commits. */
export function createRecorder({ repository, now, onCommit, onBug }: RecorderOptions) {
  const groupCommit = createGroupCommit({
    insertSessions: (sessions, receivedAt) => repository.insertSessions(sessions, receivedAt),
    now,
    maxCommits: repository.maxConcurrentInserts,
    maxBatchEntries: maxEntriesPerCommit,
    // A larger session is alone in its commit, so that one that takes too long is refused alone.
    maxBatchLength: 1_000_000,
    maxPendingLength: 64_000_000,
    maxWaitMs: repository.maxWaitMs,
    onCommit,
    onBug,
  });

  return {
    /**
     * Stores a session, all of it or nothing; settles when it is on disk. One that was recorded under its key before adds
     * nothing.
     * @param path where the session stands in the request, for the paths of violations
     * @param readContext of the request that may then ask for the entries
     * @throws {InvalidInputError} listing every violation
     * @throws {IdempotencyKeyReusedError} when its key came with another session before
     * @throws {ServiceUnavailableError} when the database cannot take it now
     * @throws {StorageFullError} when the disk is full
     */
    async recordSession(
      raw: unknown,
      path = '',
      readContext?: ReadContext,
    ): Promise<RecordedSession> {
      const session = validateSession(raw, path);
      const encoded = encodeSession(session);
      const { entryCount: recordedCount, idempotency } = encoded;
      if (recordedCount === 0 && !idempotency) {
        return { recordedCount, replayed: false, entries: () => [] };
      }
      // Every entry shows the ids.
      const idsLength = session.userId.length + session.sessionId.length;
      const bytes = encoded.json.length + recordedCount * idsLength;
      const receipt = await groupCommit.add(encoded);
      const { recordedDigest } = receipt;
      const replayed = recordedDigest !== undefined;
      if (replayed && recordedDigest !== idempotency?.digest) throw new IdempotencyKeyReusedError();
      const entries = memoize(() => flattenSession(session, receipt));
      return {
        recordedCount,
        replayed,
        entries(_args, fields = []) {
          readContext?.take(bytes * maxOccurrences(fields));
          return entries();
        },
      };
    },

    /** Settles when every session that was taken is answered. */
    drain: () => groupCommit.drain(),
  };
}
