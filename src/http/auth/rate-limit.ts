import { LRUCache } from 'lru-cache';

/** How many requests a client may send. */
export interface Rate {
  /** In the long run. */
  readonly perSecond: number;
  /** At once. */
  readonly burst: number;
}

/** Maximum number of clients whose requests are counted; the one that was idle longest goes. */
const maxClients = 100_000;

/** Counts the requests of each client: a token bucket (https://en.wikipedia.org/wiki/Token_bucket). */
export function createRateLimit(nowMs: () => number) {
  const buckets = new LRUCache<string, { tokens: number; atMs: number }>({ max: maxClients });
  /**
   * Takes a token of a client.
   * @returns 0, or the milliseconds until there is a token
   */
  return (client: string, { perSecond, burst }: Rate): number => {
    const atMs = nowMs();
    let bucket = buckets.get(client);
    if (bucket === undefined) buckets.set(client, (bucket = { tokens: burst, atMs }));
    bucket.tokens = Math.min(burst, bucket.tokens + ((atMs - bucket.atMs) * perSecond) / 1_000);
    bucket.atMs = atMs;
    if (bucket.tokens < 1) return Math.ceil(((1 - bucket.tokens) * 1_000) / perSecond);
    bucket.tokens--;
    return 0;
  };
}
