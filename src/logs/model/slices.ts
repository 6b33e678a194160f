/** Milliseconds of large work in one turn of the event loop. */
const sliceMs = 5;

/** Large pieces of work that wait for their next slice. */
const waiting: (() => void)[] = [];

function startNext(): void {
  const start = waiting.shift()!;
  // One slice a turn, however many pieces of work wait.
  if (waiting.length > 0) setImmediate(startNext);
  start();
}

/** Settles in a later turn of the event loop, in which no other large work has a slice. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    if (waiting.push(resolve) === 1) setImmediate(startNext);
  });
}

/**
 * Divides a piece of work, so that other requests are answered meanwhile. The first slice starts at once: small work
 * pays for nothing but reading the clock.
 */
export function createSlices() {
  let endsAt = performance.now() + sliceMs;
  return {
    /** Whether to call `next` before more work. */
    isOver: (): boolean => performance.now() >= endsAt,
    /** Settles when the next slice starts. */
    async next(): Promise<void> {
      await nextTurn();
      endsAt = performance.now() + sliceMs;
    },
  };
}
