import { endOfTime, type Instant } from '../model/instant';
import type { LogEntryRepository, SessionQuery, SessionSummary } from '../log-entry-repository';
import type { Position } from '../change-store';
import { createBatchSize } from './batch-size';

/** Sessions read per query. */
const pageSize = 1_000;

/** No replica is asked: it may lack the latest sessions. */
const latest = { mustBeLatest: true };

/** Reads sessions page by page. Each call starts at the first page. */
export type SessionPages = () => AsyncIterable<readonly SessionSummary[]>;

export interface EraseOptions {
  /** Called with the number of entries erased by each commit. */
  readonly onErased: (count: number) => void;
  /** Erases entries before this position only. */
  readonly before?: Position;
  /** Erases older entries only. */
  readonly endTime?: Instant;
  /** Called before each batch; true ends the work. */
  readonly isCancelled: () => boolean;
}

/**
 * Counts and erases the entries of sessions. It erases in small batches, so that other writers wait for a
 * short time only.
 */
export function createEraser(repository: LogEntryRepository) {
  const batchSize = createBatchSize();

  /** Number of sessions, from the first one on, whose entries fit in one batch; at least 1. */
  function countInBatch(sessions: readonly SessionSummary[]): number {
    let entryCount = 0;
    const end = sessions.findIndex((session, index) => {
      entryCount += session.entryCount;
      return index > 0 && entryCount > batchSize.value;
    });
    return end < 0 ? sessions.length : end;
  }

  /** @returns whether anything was erased */
  async function erasePages(
    pages: SessionPages,
    { onErased, before, endTime = endOfTime, isCancelled }: EraseOptions,
  ): Promise<boolean> {
    let hasErased = false;
    for await (const page of pages()) {
      for (let rest = page; rest.length > 0;) {
        const sessions = rest.slice(0, countInBatch(rest));
        rest = rest.slice(sessions.length);
        for (let hasMore = true; hasMore;) {
          if (isCancelled()) return false;
          const limit = batchSize.value;
          const batch = { sessions, before, endTime, limit };
          const { count, tookMs } = await repository.eraseEntries(batch);
          batchSize.adapt(count, tookMs);
          onErased(count);
          hasErased ||= count > 0;
          // A session with more entries than a batch takes several batches.
          hasMore = sessions.length === 1 && count >= limit;
        }
      }
    }
    return hasErased;
  }

  return {
    /** Sessions that match a filter; with `sessionId`, those with this id. */
    findSessions: (filter: SessionQuery['filter'], sessionId?: string): SessionPages =>
      async function* () {
        let after: SessionSummary | undefined;
        do {
          const page = await repository.findSessions({ filter, sessionId, first: pageSize, after }, latest);
          yield page;
          after = page.length < pageSize ? undefined : page.at(-1);
        } while (after);
      },

    /** Number of entries in the sessions. */
    async count(pages: SessionPages): Promise<number> {
      let sum = 0;
      for await (const page of pages()) for (const { entryCount } of page) sum += entryCount;
      return sum;
    },

    /**
     * Erases every entry of the sessions. With a position, a recording that commits during the call is erased or kept
     * as a whole; without one, a recording that commits meanwhile may be left, or erased in part.
     * @throws {LogManagerError} when the repository fails; some entries may be erased by then
     */
    async erase(pages: SessionPages, options: EraseOptions): Promise<void> {
      // Repeat until nothing is found: retention may have moved a session before the pages that were read. Without a
      // position, recording might add entries without end.
      while ((await erasePages(pages, options)) && options.before);
    },
  };
}
