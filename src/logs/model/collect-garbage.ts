import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

type Collect = (options: { type: 'major'; execution: 'async' }) => Promise<void>;

/** New contexts have this function while the flag is set (https://nodejs.org/api/cli.html#--expose-gc). */
function findCollect(): Collect | undefined {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('globalThis.gc') as Collect | undefined;
  setFlagsFromString('--no-expose-gc');
  return collect;
}

const collect = findCollect();

/**
 * Frees the values of large or many requests in a later turn of the event loop, which takes 10 ms. V8 would
 * let the heap grow to four times what is in use before it collects them, since it grew by so much before.
 */
export function collectGarbage(): void {
  setImmediate(() => void collect?.({ type: 'major', execution: 'async' }));
}

/** Milliseconds between two collections after a crowd. */
const betweenMs = 2_000;

/**
 * Frees what many requests that waited have left. The first collection calls the finalizers of buffers and handles, and
 * the second one gives back the pages that they kept.
 */
export function collectAfterCrowd(): void {
  collectGarbage();
  setTimeout(collectGarbage, betweenMs).unref();
}
