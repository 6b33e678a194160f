import { createDeletions, SessionArguments } from './erasing/deletion';
import { readClickMap, type ClickMap, type ClickMapArguments } from './reading/click-map';
import { openEntryConnection, type EntryConnection } from './reading/entry-page';
import { IdempotencyKeyReusedError, ResultTooLargeError } from './model/errors';
import { encodeSession, flattenSession, type LogEntry } from './recording/encode-session';
import { createGroupCommit, type Commit } from './recording/group-commit';
import { readHistogram, type HistogramArguments, type LogHistogram } from './reading/histogram';
import { formatInstant, type Instant } from './model/instant';
import type { JsonParts } from './model/json';
import { limits } from './model/limits';
import { toLogFilter } from './filtering/log-filter';
import type { EntryColumn, LogOrder, LogStore } from './log-entry-repository';
import { mostRepeated } from './model/most-repeated';
import { toEntryFilter } from './filtering/logs-arguments';
import { once } from './model/once';
import { checkPage, type PageArguments } from './reading/page';
import type { Reader } from './model/read-context';
import {
  readSessionConnection,
  toSession,
  type Session,
  type SessionConnection,
} from './reading/sessions';
import { validateSession } from './recording/session-input';
import type { UnsentAnswers } from './reading/unsent-bytes';
import { judgeAll, requireValid } from './validation/validate';

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
  /** After how many days entries go; undefined: they are kept until they are deleted. */
  readonly retentionDays: number | undefined;
  readonly onCommit: (commit: Commit) => void;
  /** So many entries have been erased because somebody asked for it. */
  readonly onErased: (count: number) => void;
}

interface Filtered {
  /** Which entries or sessions, as it was sent. */
  readonly filter?: unknown;
}
type LogsConnectionArguments = PageArguments & Filtered & { readonly order: LogOrder };
type LogTypesArguments = Filtered & { readonly first: number };
type SessionsArguments = PageArguments & Filtered;

/** The entries of a type. */
interface LogTypeSummary {
  readonly type: string;
  readonly count: number;
  readonly firstTime: string;
  readonly lastTime: string;
}

export type LogManager = ReturnType<typeof createLogManager>;

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

/** What a log manager does, whatever language it is asked in. */
export function createLogManager(options: LogManagerOptions) {
  const { store, version, maxLogsResult, maxRequestBytes, unsentAnswers, retentionDays } = options;
  const groupCommit = createGroupCommit({
    insert: (sessions, receivedAt) => store.insert(sessions, receivedAt),
    now: options.now,
    maxCommits: store.maxInserts,
    maxBatchEntries: 5_000,
    // A larger session is alone in its commit, which takes long enough to gain nothing from company. One that takes too
    // long is refused then, and nobody else with it.
    maxBatchLength: 1_000_000,
    maxPendingLength: 64_000_000,
    maxWaitMs: store.maxWaitMs,
    onCommit: options.onCommit,
  });

  return {
    info: {
      version,
      limits: { ...limits, maxLogsResult, maxRequestBytes },
      retentionDays: retentionDays ?? null,
    },

    /**
     * Stores a session, all of it or nothing; settles when it is on disk. One that was recorded under its key before adds
     * nothing.
     * @param path where the session stands in the request, for the paths of violations
     * @param reader who may then ask for the entries
     * @throws {InvalidInputError} listing every violation
     * @throws {IdempotencyKeyReusedError} when its key came with another session before
     * @throws {ServiceUnavailableError} when the store cannot take it now
     * @throws {StorageFullError} when there is no room for it
     */
    async recordSession(raw: unknown, path = '', reader?: Reader): Promise<RecordedSession> {
      const session = validateSession(raw, path);
      const encoded = encodeSession(session);
      const { entryCount: recordedCount, once: key } = encoded;
      if (recordedCount === 0 && !key) return { recordedCount, replayed: false, entries: () => [] };
      // Every entry shows the ids.
      const idsLength = session.userId.length + session.sessionId.length;
      const bytes = encoded.json.length + recordedCount * idsLength;
      const receipt = await groupCommit.add(encoded);
      const { knownDigest } = receipt;
      const replayed = knownDigest !== undefined;
      if (replayed && knownDigest !== key?.digest) throw new IdempotencyKeyReusedError();
      const stored = once(() => flattenSession(session, receipt));
      return {
        recordedCount,
        replayed,
        entries(_args, fields = []) {
          reader?.take(bytes * mostRepeated(fields));
          return stored();
        },
      };
    },

    /**
     * Every entry that matches, ordered by time, then by order of recording, as a JSON array.
     * @param args `user`, `type`, `startTime`, `endTime`; see LogsArguments
     * @param columns what each entry shows, in this order
     * @throws {InvalidInputError} listing every violation
     * @throws {ResultTooLargeError} when more than `maxLogsResult` match
     * @throws {ResultTooLongError} when they are too large together, or with what the reader has taken before
     * @throws {ServiceUnavailableError} when too many large answers wait for their readers, or the store cannot answer
     */
    async logs(args: object, columns: readonly EntryColumn[], reader: Reader): Promise<JsonParts> {
      const filter = toEntryFilter(args);
      const list = await store.read({ ...filter, columns, limit: maxLogsResult, ...reader });
      if ('objects' in list) {
        const bytes = Buffer.byteLength(list.objects);
        reader.take(bytes);
        unsentAnswers.admit(bytes);
        return ['[', list.objects, ']'];
      }
      const { firstTime, excessTime } = list;
      const retryEndTime = firstTime < excessTime ? formatInstant(excessTime) : null;
      const advice = retryEndTime
        ? `Ask again with ${retryEndTime} as the end, then go on from there`
        : 'They share one instant: ask by user or type';
      const message = `More than ${maxLogsResult} entries match. ${advice}.`;
      throw new ResultTooLargeError(message, maxLogsResult, retryEndTime);
    },

    /**
     * A page of the entries that pass a filter. Nothing is read before it is asked for.
     * @throws {InvalidInputError} listing every violation
     * @throws {FilterTooBroadError}
     */
    logsConnection(args: LogsConnectionArguments, reader: Reader): EntryConnection {
      const { order, first, after } = args;
      const page = { first, after };
      const [filter] = judgeAll(
        () => toLogFilter(args.filter),
        () => checkPage(page),
      );
      return openEntryConnection({ store, unsentAnswers, reader }, filter, order, page);
    },

    /** @see readHistogram */
    logHistogram: (args: HistogramArguments, reader: Reader): Promise<LogHistogram> =>
      readHistogram(store, args, reader),

    /**
     * The types of the entries that pass a filter.
     * @throws {InvalidInputError} listing every violation
     */
    async logTypes(
      { filter, first }: LogTypesArguments,
      reader: Reader,
    ): Promise<LogTypeSummary[]> {
      const [wanted] = judgeAll(
        () => toLogFilter(filter),
        () => checkPage({ first }),
      );
      const found = await store.readTypes({ filter: wanted, limit: first, ...reader });
      return found.map(({ type, count, first: firstTime, last }) => ({
        type,
        count,
        firstTime: formatInstant(firstTime),
        lastTime: formatInstant(last),
      }));
    },

    /** @see readClickMap */
    clickMap: (args: ClickMapArguments, reader: Reader): Promise<ClickMap> =>
      readClickMap(store, args, reader),

    /**
     * One session; null when nothing is recorded in it.
     * @throws {InvalidInputError} listing every violation
     */
    async session(args: SessionArguments, reader: Reader): Promise<Session | null> {
      const { userId, sessionId } = args;
      requireValid(SessionArguments, ['userId', 'sessionId'], { userId, sessionId });
      const found = await store.readSession({ userId, sessionId, ...reader });
      return found ? toSession(found, { store, unsentAnswers, reader }) : null;
    },

    /**
     * A page of sessions, newest first.
     * @throws {InvalidInputError} listing every violation
     */
    sessions: (
      { filter, first, after }: SessionsArguments,
      reader: Reader,
    ): Promise<SessionConnection> =>
      readSessionConnection({ store, unsentAnswers, reader }, filter, { first, after }),

    ...createDeletions(store, options.onErased),

    ping: () => store.ping(),

    /** Settles when every session that was taken is answered. */
    drain: () => groupCommit.drain(),
  };
}
