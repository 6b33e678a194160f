import type { LogEntryRepository, Receipt } from '../log-entry-repository';
import { maxPublicActions, requireUser, type Principal } from '../access/principal';
import { IdempotencyKeyReusedError, InvalidInputError } from '../model/errors';
import type { Instant } from '../model/instant';
import { maxEntriesPerCommit } from '../model/limits';
import type { LogEntry } from '../model/log-entry';
import type { ReadContext } from '../model/read-context';
import { encodeSession, flattenSession, type EncodedInput } from './encode-session';
import { createGroupCommit, type Commit } from './group-commit';
import { checkActions, validateSession, type SessionInput } from './session-input';

export interface RecorderOptions {
  readonly repository: LogEntryRepository;
  readonly now: () => Instant;
  readonly onCommit: (commit: Commit) => void;
  /** Called with errors thrown by bugs in the group commit. Requests are not affected. */
  readonly onBug: (error: unknown) => void;
}

/** A session that is recorded, now or before. */
export interface RecordedSession {
  /** Number of its actions. */
  readonly recordedCount: number;
  /** Whether the session was already recorded under its idempotency key. */
  readonly replayed: boolean;
  /** The entries that are stored now, made only when asked for. */
  readonly entries: () => readonly LogEntry[] | Promise<readonly LogEntry[]>;
}

export type Recorder = ReturnType<typeof createRecorder>;

/** Maximum length of the JSON of the sessions that wait for a commit. */
export const maxPendingLength = 64_000_000;

/** Creates the recorder, which stores sessions in group commits. */
export function createRecorder({ repository, now, onCommit, onBug }: RecorderOptions) {
  const groupCommit = createGroupCommit({
    insertSessions: (...batch) => repository.insertSessions(...batch),
    now,
    maxCommits: repository.maxConcurrentInserts,
    maxBatchEntries: maxEntriesPerCommit,
    // A larger session has a commit of its own: if it takes too long, only this session is refused.
    maxBatchLength: 1_000_000,
    maxPendingLength,
    maxWaitMs: repository.maxWaitMs,
    onCommit,
    onBug,
  });

  /** The entries of a session recorded before that have not been erased since. */
  async function findStored(
    session: SessionInput,
    { first, last, entryCount: count }: EncodedInput,
    receipt: Receipt,
    readContext?: ReadContext,
  ): Promise<readonly LogEntry[]> {
    if (first === undefined || last === undefined) return [];
    const { firstId } = receipt;
    const query = { sessionId: session.sessionId, firstId, count, startTime: first, endTime: last + 1n };
    const ids = await repository.findIds(query, { ...readContext, mustBeLatest: true });
    return flattenSession(session, receipt).filter(({ id }) => ids.has(Number(id)));
  }

  return {
    /**
     * Stores a session completely or not at all; settles when it is on disk. Stores nothing if the session
     * was already recorded under its idempotency key.
     * @param input a session that is not validated yet
     * @param principal who records
     * @param path path of the session in the request, prefixed to the paths of violations
     * @param readContext for finding what is stored of a session that was recorded before
     * @throws {InvalidInputError} listing every violation
     * @throws {ForbiddenError} when the key is bound to another user
     * @throws {IdempotencyKeyReusedError} when another session was recorded under the key
     * @throws {ServiceUnavailableError} when the database is unreachable, or its queue is full
     * @throws {StorageFullError} when the disk is full
     */
    async recordSession(
      input: unknown,
      principal: Principal,
      path = '',
      readContext?: ReadContext,
    ): Promise<RecordedSession> {
      const checking = checkActions(input);
      if (checking) await checking;
      const session = validateSession(input, path);
      requireUser(principal, session.userId);
      if (principal.isPublic && session.actions.length > maxPublicActions) throw tooManyActions(path);
      const encoded = encodeSession(session, principal);
      const { entryCount: recordedCount, idempotency } = encoded;
      if (recordedCount === 0 && !idempotency) {
        return { recordedCount, replayed: false, entries: () => [] };
      }
      const receipt = await groupCommit.add(encoded);
      const { recordedDigest } = receipt;
      const replayed = recordedDigest !== undefined;
      if (replayed && recordedDigest !== idempotency?.digest) throw new IdempotencyKeyReusedError();
      let entries: ReturnType<RecordedSession['entries']> | undefined;
      return {
        recordedCount,
        replayed,
        entries() {
          return (entries ??= replayed
            ? findStored(session, encoded, receipt, readContext)
            : flattenSession(session, receipt));
        },
      };
    },

    /** Settles when no session is pending. */
    drain: () => groupCommit.drain(),
  };
}

function tooManyActions(path: string): InvalidInputError {
  const message = `must hold at most ${maxPublicActions} actions with a public key`;
  return new InvalidInputError([{ path: path ? `${path}.actions` : 'actions', message }]);
}
