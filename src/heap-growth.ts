import { setFlagsFromString } from 'node:v8';

/** By how much V8's heap may grow before its old space is collected. 0: V8 chooses, 100 % and more. */
const percentWithSubscribers = 40;
let current = 0;

/**
 * Collects garbage earlier while there are subscribers. What 100 of them are sent gets into V8's old space, after which
 * the garbage of recording alone would let the heap grow by 100 MB before V8 collects both. Without subscribers, it
 * would cost throughput.
 */
export function limitHeapGrowth(hasSubscribers: boolean): void {
  const percent = hasSubscribers ? percentWithSubscribers : 0;
  if (percent === current) return;
  current = percent;
  // V8 reads it at each collection.
  setFlagsFromString(`--heap-growing-percent=${percent}`);
}
