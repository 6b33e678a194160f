import { codeOf } from '../../errors';
import { NotScrubbedError, type PageScrubber, type WithEmptyLog } from './page-scrubber';
import type { ReadPool } from '../read-pool';
import type { Writer } from '../writer';

/** Milliseconds that a scrub waits for reads. Those still in progress are then interrupted. */
export const scrubWaits = {
  /** For an expensive read, while no other one starts: once before the file is searched, and once after that. */
  expensiveMs: 500,
  /** For bounded reads, in several attempts, since nothing else reads or writes meanwhile. */
  boundedMs: [20, 40, 80, 160],
  /** For reads of other processes, which are not interrupted; and between two attempts. */
  othersMs: 60_000,
  retryMs: 100,
} as const;

/** Milliseconds after which expensive reads get a turn, in a file with much to overwrite. */
const maxHeldMs = 5_000;

/**
 * Overwrites what is left of erased entries in the database files. Calls during a run share the next run. Reads that
 * hold it up longer than {@link scrubWaits} are interrupted, and then executed again: their clients get no error.
 * @throws {NotScrubbedError} for any failure, such as a read of another process that does not end
 */
export function createScrub(
  writer: Writer,
  { bounded, expensive }: Readonly<Record<'bounded' | 'expensive', ReadPool>>,
  pages: PageScrubber,
): () => Promise<void> {
  /**
   * Copies the write-ahead log into the file and truncates it, since it holds earlier versions of pages
   * (https://www.sqlite.org/pragma.html#pragma_wal_checkpoint). Then does the work.
   * @returns false if a read prevents it, or if the work returns false
   */
  async function emptyLog(work: () => Promise<boolean>): Promise<boolean> {
    // Copies most of the log while bounded reads continue.
    await writer.exclusive((connection) => writer.checkpoint(connection, 'PASSIVE'));
    for (const [attempt, maxMs] of scrubWaits.boundedMs.entries()) {
      const interrupts = attempt === scrubWaits.boundedMs.length - 1;
      const isDone = await writer.exclusive((connection) =>
        bounded.pause(
          { maxMs, interrupts },
          async () => (await writer.checkpoint(connection, 'TRUNCATE')) && work(),
        ),
      );
      if (isDone !== undefined) return isDone;
    }
    return false;
  }

  const withEmptyLog: WithEmptyLog = async (steps) => {
    const left = [...steps];
    // Interrupts no reads for nothing while another process reads.
    let interrupts = true;
    for (let startedAt = performance.now(); ;) {
      await expensive.pause({ maxMs: scrubWaits.expensiveMs, interrupts }, async () => {
        const heldAt = performance.now();
        while (left.length > 0 && performance.now() - heldAt < maxHeldMs) {
          interrupts = await emptyLog(left[0]!);
          if (!interrupts) break;
          left.shift();
          startedAt = performance.now();
        }
      });
      if (left.length === 0) return;
      if (performance.now() - startedAt > scrubWaits.othersMs) {
        throw new NotScrubbedError('a long read prevents that. Send the request again later.');
      }
      await new Promise((resolve) => setTimeout(resolve, scrubWaits.retryMs));
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
        await withEmptyLog([async () => true]);
        await pages.scrub(withEmptyLog);
      })
      .catch((error: unknown) => {
        throw error instanceof NotScrubbedError ? error : toNotScrubbed(error);
      });
    return next;
  };
}

/** Takes an error of the driver or the file system, such as EMFILE, or an error with such a cause. */
function toNotScrubbed(error: unknown): NotScrubbedError {
  const code = codeOf((error as Error).cause ?? error);
  const problem = code === '' ? 'the database failed' : `the database failed (${code})`;
  return new NotScrubbedError(`${problem}. Send the request again later.`, { cause: error });
}
