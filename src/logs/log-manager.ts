import { ResultTooLargeError } from './errors';
import { encodeSession, flattenSession, type LogEntry } from './flatten';
import { createGroupCommit, type Commit } from './group-commit';
import { formatInstant, type Instant } from './instant';
import type { JsonParts } from './json';
import { limits } from './limits';
import type { EntryColumn, LogStore } from './log-store';
import { toEntryFilter } from './logs-query';
import { validateSession } from './session-input';
import type { UnsentAnswers } from './unsent-answers';

export interface LogManagerOptions {
  readonly store: LogStore;
  readonly version: string;
  /** Most entries that one read returns. */
  readonly maxLogsResult: number;
  /** Most bytes of a request, for those who ask what the limits are. */
  readonly maxRequestBytes: number;
  /** What readers have still to take. */
  readonly unsentAnswers: UnsentAnswers;
  readonly now: () => Instant;
  readonly onCommit: (commit: Commit) => void;
}

export type LogManager = ReturnType<typeof createLogManager>;

/** A session that is on disk. */
export interface RecordedSession {
  readonly recordedCount: number;
  readonly replayed: boolean;
  /** The stored entries, made only when asked for. */
  readonly entries: () => LogEntry[];
}

/** What a log manager does, whatever language it is asked in. */
export function createLogManager(options: LogManagerOptions) {
  const { store, version, maxLogsResult, maxRequestBytes, unsentAnswers, now, onCommit } = options;
  const groupCommit = createGroupCommit({
    insert: (sessions, receivedAt) => store.insert(sessions, receivedAt),
    now,
    maxCommits: store.maxInserts,
    maxBatchEntries: 5_000,
    maxBatchLength: 8_000_000,
    maxPendingLength: 64_000_000,
    maxWaitMs: 6_000,
    onCommit,
  });

  return {
    info: {
      version,
      limits: { ...limits, maxLogsResult, maxRequestBytes },
      /** Entries are kept until they are deleted. */
      retentionDays: null,
    },

    /**
     * Stores a session, all of it or nothing; settles when it is on disk.
     * @param path where the session stands in the request, for the paths of violations
     * @throws {InvalidInputError} listing every violation
     * @throws {ServiceUnavailableError} when the store cannot take it now
     */
    async recordSession(raw: unknown, path = ''): Promise<RecordedSession> {
      const session = validateSession(raw, path);
      const recordedCount = session.actions.length;
      if (recordedCount === 0) return { recordedCount, replayed: false, entries: () => [] };
      const receipt = await groupCommit.add(encodeSession(session));
      return { recordedCount, replayed: false, entries: () => flattenSession(session, receipt) };
    },

    /**
     * Every entry that matches, ordered by time, then by order of recording, as a JSON array.
     * @param args `user`, `type`, `startTime`, `endTime`; see LogsArguments
     * @param columns what each entry shows, in this order
     * @param mustBeLatest whether it must hold everything acknowledged so far, though a replica may answer
     * @throws {InvalidInputError} listing every violation
     * @throws {ResultTooLargeError} when more than `maxLogsResult` match
     * @throws {ResultTooLongError} when they are too large together
     * @throws {ServiceUnavailableError} when too many large answers wait for their readers, or the store cannot answer
     */
    async logs(
      args: object,
      columns: readonly EntryColumn[],
      mustBeLatest: boolean,
    ): Promise<JsonParts> {
      const filter = toEntryFilter(args);
      const list = await store.read({ ...filter, columns, limit: maxLogsResult, mustBeLatest });
      if ('objects' in list) {
        unsentAnswers.admit(Buffer.byteLength(list.objects));
        return ['[', list.objects, ']'];
      }
      const { firstTime, excessTime } = list;
      const retryEndTime = firstTime < excessTime ? formatInstant(excessTime) : null;
      throw new ResultTooLargeError(maxLogsResult, retryEndTime);
    },

    ping: () => store.ping(),

    /** Settles when every session that was taken is answered. */
    drain: () => groupCommit.drain(),
  };
}
