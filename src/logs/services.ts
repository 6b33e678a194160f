import { createDeletion, type DeletionReport } from './erasing/deletion';
import { createFeed, type FeedObserver } from './feed/feed';
import { filterLimits, limits } from './model/limits';
import { createRecorder, type RecorderOptions } from './recording/recorder';
import { maxKeyLength } from './recording/session-input';

/** The objects that resolvers and REST routes call, and the repository for the functions of logs/reading/. */
export type Services = ReturnType<typeof createServices>;

/** Options of {@link createServices}. */
export interface ServicesOptions extends RecorderOptions {
  readonly version: string;
  /** Maximum number of entries in a result of `logs`. */
  readonly maxLogsResult: number;
  /** Maximum bytes of an answer. */
  readonly maxResponseBytes: number;
  /** Maximum bytes of a request body. */
  readonly maxRequestBytes: number;
  /** Milliseconds that a query may take. */
  readonly queryTimeoutMs: number;
  /** Days after which entries are erased; undefined: never. */
  readonly retentionDays: number | undefined;
  /** Days that the notice of a deletion is kept in the feed. */
  readonly erasureNoticeDays: number;
  /** Whether requests need no key. */
  readonly isOpen: () => boolean;
  readonly feedObserver: FeedObserver;
  /** Called at the end of each deletion, also of one that fails. */
  readonly onDeleted: (report: DeletionReport) => void;
}

/** Creates the services of a server over one repository. */
export function createServices(options: ServicesOptions) {
  const { repository, now, version, retentionDays = null, isOpen, feedObserver } = options;
  const { maxLogsResult, maxResponseBytes, maxRequestBytes, queryTimeoutMs } = options;
  return {
    repository,
    now,
    recorder: createRecorder(options),
    feed: createFeed(repository.changes, feedObserver),
    deletion: createDeletion(options),
    /** The answer to `serverInfo`. */
    serverInfo: {
      version,
      limits: {
        ...limits,
        maxLogsResult,
        maxResponseBytes,
        maxRequestBytes,
        maxIdempotencyKeyLength: maxKeyLength,
        maxFilterItems: filterLimits.maxValues,
        queryTimeoutMs,
      },
      retentionDays,
      get openAccess() {
        return isOpen();
      },
    },
  };
}
