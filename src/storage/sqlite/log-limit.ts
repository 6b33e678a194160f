import { statSync } from 'node:fs';
import { ServiceUnavailableError } from '../../logs/model/errors';

/** Bytes beyond which the write-ahead log is truncated. */
const truncateBytes = 16 * 1_048_576;
/** Bytes by which the log may grow during one read: it starts with at most the bytes above, and ends with 128 MB. */
const maxGrowthBytes = 112 * 1_048_576;
/** Milliseconds between two looks at the size. */
const lookMs = 100;
/** Milliseconds until the next attempt after one that failed: another process may read for minutes. */
const retryMs = 2_000;

/**
 * Keeps the write-ahead log short. SQLite overwrites it from its start only while no read uses it
 * (https://www.sqlite.org/wal.html#avoiding_excessively_large_wal_files): reads that overlap make it grow without end.
 * @param path of the database
 * @param truncate copies the log into the database and truncates it; returns whether it could
 */
export function createLogLimit(path: string, truncate: () => Promise<boolean>) {
  let truncation: Promise<void> | undefined;
  let nextAt = 0;

  /** Bytes of the log; 0 without one. */
  function bytes(): number {
    try {
      return statSync(`${path}-wal`).size;
    } catch {
      return 0;
    }
  }

  function look(): void {
    if (truncation || performance.now() < nextAt || bytes() <= truncateBytes) return;
    truncation = truncate()
      // The errors of the database are those of the next write, which reports them.
      .catch(() => false)
      .then((isDone) => {
        truncation = undefined;
        if (!isDone) nextAt = performance.now() + retryMs;
      });
  }

  const timer = setInterval(look, lookMs).unref();
  return {
    bytes,

    /**
     * Call it when an expensive read starts.
     * @returns throws as soon as the log has grown too much meanwhile
     */
    watchRead(): () => void {
      const maxBytes = bytes() + maxGrowthBytes;
      return () => {
        if (bytes() > maxBytes) throw new ReadTooLongError();
      };
    },

    /** Settles when no truncation is in progress; none starts any more. */
    async stop(): Promise<void> {
      clearInterval(timer);
      await truncation;
    },
  };
}

/** The read was ended because too much was recorded meanwhile: SQLite keeps all of it in its log until the read ends. */
class ReadTooLongError extends ServiceUnavailableError {
  constructor() {
    super(
      'Too much was recorded while the query was executed. Use a shorter time range, or filter by user or type, or ' +
        'try again later.',
    );
  }
}
