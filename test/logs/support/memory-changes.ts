import {
  comparePositions,
  startOfFeed,
  type Changes,
  type ChangesQuery,
  type ChangeStore,
  type ErasureNotice,
  type Position,
} from '../../../src/logs/change-store';
import { matchesErasure } from '../../../src/logs/feed/match-filter';
import type { FeedObserver } from '../../../src/logs/feed/feed';
import { entrySeparator } from '../../../src/logs/log-entry-repository';
import { ServiceUnavailableError } from '../../../src/logs/model/errors';
import type { LogEntry } from '../../../src/logs/model/log-entry';
import { writeEntry } from '../../../src/logs/reading/entry-columns';

/** Something that was committed. */
export type Commit =
  | { readonly position: Position; readonly entry: LogEntry }
  | { readonly position: Position; readonly erasure: ErasureNotice };

export const unobserved: FeedObserver = {
  onSubscribers() {},
  onMessage() {},
  onTooSlow() {},
  onError() {},
};

/** A feed in memory. Filters are by user and session only. */
export class MemoryChanges implements ChangeStore {
  epoch = 'epoch-1';
  /** While true, reads fail. */
  isDown = false;
  /** Reads settle after this promise. */
  delay: () => Promise<void> = async () => {};
  reads = 0;
  readonly commits: Commit[] = [];
  readonly erased = new Set<Commit>();
  readonly listeners = new Set<() => void>();
  /** At most so many commits are looked at for a page. */
  maxLookedAt = 50_000;
  #lastId = 0;

  /** Commits an entry. */
  record(part: Partial<LogEntry> = {}): Position {
    const position = this.#next();
    const entry: LogEntry = {
      id: String(position.id),
      time: '2026-11-27T12:00:00.000Z',
      type: 'T',
      properties: {},
      userId: 'u',
      sessionId: 's',
      receivedAt: '2026-11-27T12:00:00.000Z',
      ...part,
    };
    this.commits.push({ position, entry });
    this.#notify();
    return position;
  }

  /** Erases a user or a session. */
  erase(userId: string, sessionId?: string): Position {
    const erasure = { userId, sessionId, erasedAt: 1_700_000_000_000_000n };
    const position = this.#next();
    for (const commit of this.commits) {
      if ('entry' in commit && matchesErasure({ userIds: [userId] }, toKey(commit.entry))) {
        if (sessionId === undefined || commit.entry.sessionId === sessionId) this.erased.add(commit);
      }
    }
    this.commits.push({ position, erasure });
    this.#notify();
    return position;
  }

  #next(): Position {
    return { commit: 0, id: ++this.#lastId };
  }

  #notify(): void {
    for (const listener of this.listeners) listener();
  }

  get end(): Position {
    return this.commits.at(-1)?.position ?? startOfFeed;
  }

  async #answer<Result>(read: () => Result): Promise<Result> {
    this.reads++;
    const early = this.delay();
    if (this.isDown) throw new ServiceUnavailableError('The database is down.');
    // The snapshot is taken before the answer arrives.
    const result = read();
    await early;
    return result;
  }

  find(query: ChangesQuery): Promise<Changes> {
    return this.#answer(() => this.#find(query));
  }

  #find({ filter, columns, after, first, maxBytes }: ChangesQuery): Changes {
    const { userIds, sessionIds } = filter;
    const texts: string[] = [];
    const positions: Position[] = [];
    const erasures: ErasureNotice[] = [];
    let bytes = 0;
    let end = after;
    let hasMore = false;
    let lookedAt = 0;
    for (const commit of this.commits) {
      if (comparePositions(commit.position, after) <= 0) continue;
      if ('entry' in commit) {
        const { entry } = commit;
        const text = writeEntry(entry, columns);
        const isWanted =
          !this.erased.has(commit) &&
          (!userIds || userIds.includes(entry.userId)) &&
          (!sessionIds || sessionIds.includes(entry.sessionId));
        const isFull = texts.length === first || (texts.length > 0 && bytes + text.length > maxBytes);
        if (erasures.length > 0 || (isWanted && isFull) || ++lookedAt > this.maxLookedAt) {
          hasMore = true;
          break;
        }
        if (isWanted) {
          texts.push(text);
          positions.push(commit.position);
          bytes += text.length;
        }
      } else if (matchesErasure(filter, commit.erasure)) erasures.push(commit.erasure);
      end = commit.position;
    }
    return {
      epoch: this.epoch,
      objects: Buffer.from(texts.join(entrySeparator)),
      positions,
      erasures,
      end,
      hasMore,
      isFuture: comparePositions(after, this.end) > 0,
    };
  }

  findEnd(): Promise<Pick<Changes, 'epoch' | 'end'>> {
    return this.#answer(() => ({ epoch: this.epoch, end: this.end }));
  }

  watch(onChange: () => void): () => void {
    this.listeners.add(onChange);
    return () => this.listeners.delete(onChange);
  }

  noteErasure = async ({ userId, sessionId }: ErasureNotice): Promise<Position> =>
    this.erase(userId, sessionId);
  finishErasure = async (): Promise<void> => {};
  findUnfinished = async (): Promise<[]> => [];
  forgetErasures = async (): Promise<number> => 0;

  async renewEpoch(): Promise<string> {
    this.epoch += "'";
    this.#notify();
    return this.epoch;
  }
}

function toKey({ userId, sessionId }: LogEntry): ErasureNotice {
  return { userId, sessionId, erasedAt: 0n };
}
