import { ServiceUnavailableError } from '../../../logs/model/errors';
import type { ScanQueue } from '../../work-queue';
import type { Executor } from '../connection';
import type { PageScrubber, WithEmptyLog } from './page-scrubber';
import type { ReadPool } from '../read-pool';
import type { Writer } from '../writer';

/** How long reads under way are waited for while no other one begins, in milliseconds. */
const maxPauseMs = 20;
/** How long before there is another try, and for how long there are more of them. */
const retryMs = 100;
const maxRetryMs = 60_000;

/** Whoever asked for it, it is to be done. */
const nobody = { mustBeLatest: true };

/**
 * Leaves nothing in the database's files of what was erased. Calls that come while one is under way share the next one.
 * @throws {ServiceUnavailableError} when a reader, perhaps of another process, does not end in time
 */
export function createScrub(
  writer: Writer,
  reads: ReadPool,
  scans: ScanQueue,
  pages: PageScrubber,
): () => Promise<void> {
  /**
   * Copies the write-ahead log into the file, over what was erased there, and cuts it to nothing: until then it holds pages as
   * they were (https://www.sqlite.org/pragma.html#pragma_wal_checkpoint). Then does the work.
   */
  async function tryWithEmptyLog(work: Parameters<WithEmptyLog>[0]): Promise<boolean> {
    // Most of it, during which others read.
    await writer.exclusive((connection) => checkpoint(connection, 'PASSIVE'));
    const isDone = await writer.exclusive((connection) =>
      reads.pause(
        maxPauseMs,
        async () => (await checkpoint(connection, 'TRUNCATE')) && work(connection),
      ),
    );
    return isDone === true;
  }

  const withEmptyLog: WithEmptyLog = async (work) => {
    const startedAt = performance.now();
    // In the line of scans, which take too long to be waited for otherwise.
    while (!(await scans(nobody, () => tryWithEmptyLog(work)))) {
      if (performance.now() - startedAt > maxRetryMs) {
        throw new ServiceUnavailableError(
          'The entries are erased, but somebody who reads the database keeps it from overwriting them. Call again later.',
        );
      }
      await new Promise((resolve) => setTimeout(resolve, retryMs));
    }
  };

  async function scrub(): Promise<void> {
    await withEmptyLog(async () => true);
    await pages.scrub(withEmptyLog);
  }

  let underWay: Promise<void> = Promise.resolve();
  let next: Promise<void> | undefined;
  return () => {
    // What the one under way has looked at already may have changed since.
    next ??= underWay
      .catch(() => {})
      .then(() => {
        underWay = next!;
        next = undefined;
        return scrub();
      });
    return next;
  };
}

/** @returns whether all of the log is in the database */
async function checkpoint(connection: Executor, mode: 'PASSIVE' | 'TRUNCATE'): Promise<boolean> {
  const sql = `PRAGMA wal_checkpoint(${mode})`;
  const [row] = await connection.all<{ busy: number }>({ sql, parameters: [], isRare: true });
  return row!.busy === 0;
}
