/** Writers wait while a batch is erased: aim at `targetMs`, shrink at once above `maxMs`. */
const targetMs = 10;
const maxMs = 50;
const initialSize = 50;
const minSize = 5;
const maxSize = 2_000;
/** Slow batches are not halved below this size, where the commit itself takes most of the time. */
const usualSize = 200;

/** Adapts the number of entries in a batch to the time that erasing takes. */
export function createBatchSize() {
  let value = initialSize;
  return {
    /** Number of entries to erase in the next batch. */
    get value() {
      return value;
    },
    /** Adapts the size to the batch that was erased last. */
    adapt(erasedCount: number, durationMs: number): void {
      // A batch that was less than half full says nothing about larger ones.
      if (durationMs < targetMs && erasedCount >= value / 2) {
        value = Math.min(value * 2, maxSize);
      } else if (durationMs > maxMs) {
        value = Math.max(Math.round((value * targetMs) / durationMs), minSize);
      } else if (durationMs > targetMs && value > usualSize) {
        value = Math.max(value >> 1, usualSize);
      }
    },
  };
}
