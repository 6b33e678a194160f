import type { ReadLane } from '../../read-lane';
import { codeOf } from '../../errors';
import { oneOff, type Executor } from '../connection';
import { NotScrubbedError, type PageScrubber, type WithEmptyLog } from './page-scrubber';
import type { ReadPool } from '../read-pool';
import type { Writer } from '../writer';

/** Milliseconds to wait for reads in progress while no other read starts. */
const maxPauseMs = 20;
/** Milliseconds between attempts, and until the last one. */
const retryMs = 100;
const maxRetryMs = 60_000;

/** Scrubbing continues when the client disconnects, so no request is checked. */
const noRequest = { mustBeLatest: true };

/**
 * Overwrites what is left of erased entries in the database files. Calls during a run share the next run.
 * @throws {NotScrubbedError} for any failure, such as a read, perhaps of another process, that does not end
 */
export function createScrub(
  writer: Writer,
  reads: ReadPool,
  inLane: ReadLane,
  pages: PageScrubber,
): () => Promise<void> {
  /**
   * Copies the write-ahead log into the file and truncates it, since it holds earlier versions of pages
   * (https://www.sqlite.org/pragma.html#pragma_wal_checkpoint). Then does the work.
   */
  async function tryWithEmptyLog(work: Parameters<WithEmptyLog>[0]): Promise<boolean> {
    // Copies most of the log while reads continue.
    await writer.exclusive((connection) => checkpoint(connection, 'PASSIVE'));
    const isDone = await writer.exclusive((connection) =>
      reads.pause(maxPauseMs, async () => (await checkpoint(connection, 'TRUNCATE')) && work()),
    );
    return isDone === true;
  }

  const withEmptyLog: WithEmptyLog = async (work) => {
    const startedAt = performance.now();
    // In the lane of expensive reads, since these take too long to wait for.
    while (!(await inLane(noRequest, () => tryWithEmptyLog(work)))) {
      if (performance.now() - startedAt > maxRetryMs) {
        throw new NotScrubbedError('a long read prevents that. Send the request again later.');
      }
      await new Promise((resolve) => setTimeout(resolve, retryMs));
    }
  };

  let inProgress: Promise<void> = Promise.resolve();
  let next: Promise<void> | undefined;
  return () => {
    // The run in progress may have passed pages that have changed since.
    next ??= inProgress
      .catch(() => {})
      .then(async () => {
        inProgress = next!;
        next = undefined;
        await withEmptyLog(async () => true);
        await pages.scrub(withEmptyLog);
      })
      .catch((error: unknown) => {
        throw error instanceof NotScrubbedError ? error : toNotScrubbed(error);
      });
    return next;
  };
}

/** @returns whether the whole log is in the database file */
async function checkpoint(connection: Executor, mode: 'PASSIVE' | 'TRUNCATE'): Promise<boolean> {
  const [row] = await connection.all<{ busy: number }>(oneOff(`PRAGMA wal_checkpoint(${mode})`));
  return row!.busy === 0;
}

/** Takes an error of the driver or the file system, such as EMFILE, or an error with such a cause. */
function toNotScrubbed(error: unknown): NotScrubbedError {
  const code = codeOf((error as Error).cause ?? error);
  const problem = code === '' ? 'the database failed' : `the database failed (${code})`;
  return new NotScrubbedError(`${problem}. Send the request again later.`, { cause: error });
}
