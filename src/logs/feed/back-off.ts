/** Milliseconds after the first and after many failures. */
const minMs = 100;
const maxMs = 5_000;

/** The pauses between failures, each twice as long as the one before. */
export function createBackOff() {
  let nextMs = minMs;
  return {
    /** Milliseconds until the next attempt. */
    next(): number {
      const ms = nextMs;
      nextMs = Math.min(maxMs, 2 * nextMs);
      return ms;
    },
    reset(): void {
      nextMs = minMs;
    },
  };
}
