import { ServiceUnavailableError } from '../model/errors';
import { endOfTime, type Instant } from '../model/instant';
import type {
  LogEntryRepository,
  SessionKey,
  SessionQuery,
  SessionSummary,
} from '../log-entry-repository';

/** Sessions that are looked up at a time. */
const pageSize = 1_000;

/** How long a step is to keep others from writing, in milliseconds, and how long it may. */
const stepMs = 10;
const maxStepMs = 50;
/** Fewer make hardly a difference to most steps, since a commit takes its time as well. */
const usualEntries = 200;
const minStepEntries = 5;
const maxStepEntries = 2_000;

/** Lists sessions page by page. */
export type SessionList = () => AsyncIterable<readonly SessionSummary[]>;

/** Erases entries in small steps, between which others write. */
export function createEraser(repository: LogEntryRepository) {
  /** How many entries a step takes: as many as the last ones have shown to be erased in time. */
  let stepEntries = 50;

  /** @returns how many entries have gone, and whether that is all that a step takes */
  async function step(
    sessions: readonly SessionSummary[],
    lastId: number,
    endTime: Instant,
  ): Promise<{ readonly count: number; readonly isFull: boolean }> {
    const most = stepEntries;
    const { count, tookMs } = await repository.eraseEntries({ sessions, lastId, endTime, most });
    // A step that was small for want of entries does not say that larger ones are in time.
    if (tookMs < stepMs && count >= most / 2) {
      stepEntries = Math.min(most * 2, maxStepEntries);
    } else if (tookMs > maxStepMs) {
      stepEntries = Math.max(Math.round((most * stepMs) / tookMs), minStepEntries);
    } else if (tookMs > stepMs && most > usualEntries) {
      stepEntries = Math.max(most >> 1, usualEntries);
    }
    return { count, isFull: count >= most };
  }

  /** How many of the sessions, from the first one on, fit in a step together; one in any case. */
  function countTogether(sessions: readonly SessionSummary[]): number {
    let entryCount = 0;
    const end = sessions.findIndex((session, at) => {
      entryCount += session.entryCount;
      return at > 0 && entryCount > stepEntries;
    });
    return end < 0 ? sessions.length : end;
  }

  async function eraseListed(
    list: SessionList,
    lastId: number,
    endTime: Instant,
    isStopped: () => boolean,
  ): Promise<number> {
    let erased = 0;
    for await (const page of list()) {
      for (let rest = page; rest.length > 0;) {
        const together = rest.slice(0, countTogether(rest));
        rest = rest.slice(together.length);
        for (let isMore = true; isMore;) {
          if (isStopped()) return erased;
          const { count, isFull } = await step(together, lastId, endTime);
          erased += count;
          // One that is larger than a step takes several.
          isMore = together.length === 1 && isFull;
        }
      }
    }
    return erased;
  }

  return {
    /** Sessions that pass a filter. */
    sessionsOf: (filter: SessionQuery['filter']): SessionList =>
      async function* () {
        let after: SessionSummary | undefined;
        do {
          const query = { filter, first: pageSize, after, mustBeLatest: true };
          const page = await repository.findSessions(query);
          yield page;
          after = page.length < pageSize ? undefined : page.at(-1);
        } while (after);
      },

    /** One session, if it is there. */
    onlySession: (key: SessionKey): SessionList =>
      async function* () {
        const session = await repository.findSession({ ...key, mustBeLatest: true });
        if (session) yield [session];
      },

    /** How many entries there are in these sessions. */
    async count(list: SessionList): Promise<number> {
      let sum = 0;
      for await (const page of list()) {
        for (const { entryCount } of page) sum += entryCount;
      }
      return sum;
    },

    /**
     * Erases every entry of these sessions that was recorded before this was called; of what a session gets meanwhile, each
     * recording is erased or kept as a whole.
     * @param endTime only what is older
     * @param isStopped asked before each step: whether the rest is to be left
     * @returns how many entries have gone
     * @throws {ServiceUnavailableError} when the repository fails on the way; then some have gone
     */
    async erase(list: SessionList, endTime = endOfTime, isStopped = () => false): Promise<number> {
      let erased = 0;
      try {
        const lastId = await repository.findLastId();
        for (;;) {
          const count = await eraseListed(list, lastId, endTime, isStopped);
          erased += count;
          // A commit may have begun before all this, and ended behind its back.
          if (count === 0 || isStopped()) return erased;
        }
      } catch (error) {
        if (!(error instanceof ServiceUnavailableError)) throw error;
        const message = `Erasing stopped on the way, after ${erased} entries. Call again to erase the rest.`;
        throw new ServiceUnavailableError(message, { cause: error });
      }
    },
  };
}
