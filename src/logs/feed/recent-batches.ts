import { comparePositions, type Position } from '../change-store';
import type { LiveBatch } from './live-batch';

/** Entries and bytes that are kept for subscribers that are behind. Those further behind read the database. */
const maxEntries = 10_000;
const maxBytes = 8_000_000;
const maxAgeMs = 1_000;
/** For so long after subscribers have read a batch, its texts are kept for others. */
const keepTextsMs = 100;

/** The latest batches, each of which starts where the one before ended. */
export class RecentBatches {
  #batches: { readonly batch: LiveBatch; readonly addedAt: number }[] = [];

  /** @param start the batches come after this position */
  constructor(private start: Position) {}

  add(batch: LiveBatch): void {
    if (batch.erasures.length > 0) for (const { batch: kept } of this.#batches) kept.forget(batch.erasures);
    this.#batches.push({ batch, addedAt: performance.now() });
    this.trim();
  }

  /**
   * The batches after a position, to be read at once.
   * @param isOfStore whether the position is that of a page of the database
   * @returns undefined if they are not kept
   */
  after(position: Position, isOfStore: boolean): readonly LiveBatch[] | undefined {
    if (comparePositions(position, this.start) < 0) return undefined;
    let first = this.#batches.length;
    while (first > 0 && comparePositions(this.#batches[first - 1]!.batch.to, position) > 0) first--;
    const batches = this.#batches.slice(first).map(({ batch }) => batch);
    const [next] = batches;
    // Some of the erasures of a batch may come before the position.
    const isDivided = next && next.erasures.length > 0 && comparePositions(position, next.from) > 0;
    return isOfStore && isDivided ? undefined : batches;
  }

  /** Drops what is too old or too much. */
  trim(): void {
    const now = performance.now();
    let entries = 0;
    let bytes = 0;
    let kept = this.#batches.length;
    for (; kept > 0; kept--) {
      const { batch, addedAt } = this.#batches[kept - 1]!;
      entries += batch.entryCount;
      bytes += batch.byteLength;
      if (entries > maxEntries || bytes > maxBytes || addedAt < now - maxAgeMs) break;
      batch.forgetTexts(now - keepTextsMs);
    }
    this.#drop(kept);
  }

  /** Drops all batches. */
  free(): void {
    this.#drop(this.#batches.length);
  }

  #drop(count: number): void {
    const dropped = this.#batches.splice(0, count);
    for (const { batch } of dropped) batch.free();
    this.start = dropped.at(-1)?.batch.to ?? this.start;
  }
}
