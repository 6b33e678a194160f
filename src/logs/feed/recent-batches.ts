import { comparePositions, type ErasureNotice, type Position } from '../change-store';
import type { LiveEntry } from './live-entry';

/** Entries and characters that are kept for subscribers that are behind. Those further behind read the database. */
const maxEntries = 10_000;
const maxLength = 8_000_000;
/** A subscriber that is further behind is ended. */
const maxAgeMs = 30_000;

/** What was committed between two positions. */
export interface Batch {
  /** The entries and erasures come after it. */
  readonly from: Position;
  /** The position of the last entry or erasure, or a later one. */
  readonly to: Position;
  readonly entries: readonly LiveEntry[];
  /** They come after the entries. */
  readonly erasures: readonly ErasureNotice[];
}

/** The latest batches, each of which starts where the one before ended. */
export class RecentBatches {
  #batches: (Batch & { readonly addedAt: number })[] = [];

  /** @param start the batches come after this position */
  constructor(private start: Position) {}

  add(batch: Batch): void {
    for (const erasure of batch.erasures) this.#forget(erasure);
    this.#batches.push({ ...batch, addedAt: performance.now() });
    this.trim();
  }

  /**
   * The batches after a position.
   * @param isOfStore whether the position is that of a page of the database
   * @returns undefined if they are not kept
   */
  after(position: Position, isOfStore: boolean): readonly Batch[] | undefined {
    if (comparePositions(position, this.start) < 0) return undefined;
    let first = this.#batches.length;
    while (first > 0 && comparePositions(this.#batches[first - 1]!.to, position) > 0) first--;
    const batches = this.#batches.slice(first);
    const [next] = batches;
    // Some of the erasures of a batch may come before the position.
    const isDivided = next && next.erasures.length > 0 && comparePositions(position, next.from) > 0;
    return isOfStore && isDivided ? undefined : batches;
  }

  /** Drops what is too old or too much. */
  trim(): void {
    let entries = 0;
    let length = 0;
    const oldestAt = performance.now() - maxAgeMs;
    let kept = this.#batches.length;
    for (; kept > 0; kept--) {
      const batch = this.#batches[kept - 1]!;
      entries += batch.entries.length;
      for (const entry of batch.entries) length += entry.length;
      if (entries > maxEntries || length > maxLength || batch.addedAt < oldestAt) break;
    }
    const dropped = this.#batches.splice(0, kept);
    this.start = dropped.at(-1)?.to ?? this.start;
  }

  /** Forgets the entries that are being erased. */
  #forget(erasure: ErasureNotice): void {
    const { userId, sessionId } = erasure;
    this.#batches = this.#batches.map((batch) => ({
      ...batch,
      entries: batch.entries.filter(
        (entry) => entry.userId !== userId || (sessionId !== undefined && entry.sessionId !== sessionId),
      ),
    }));
  }
}
