/** Values by key, of which those used longest ago go first. */
export interface RecentlyUsed<Value> {
  get(key: string): Value | undefined;
  /** @param weight what the value costs, in the unit of the limit; one above the limit is not kept */
  set(key: string, value: Value, weight: number): void;
  delete(key: string): boolean;
}

export function createRecentlyUsed<Value>(maxWeight: number): RecentlyUsed<Value> {
  // A Map keeps the order of insertion.
  const entries = new Map<string, { readonly value: Value; readonly weight: number }>();
  let total = 0;

  function remove(key: string): boolean {
    total -= entries.get(key)?.weight ?? 0;
    return entries.delete(key);
  }

  return {
    get(key) {
      const entry = entries.get(key);
      if (!entry) return undefined;
      entries.delete(key);
      entries.set(key, entry);
      return entry.value;
    },
    set(key, value, weight) {
      remove(key);
      entries.set(key, { value, weight });
      total += weight;
      for (const oldest of entries.keys()) {
        if (total <= maxWeight) break;
        remove(oldest);
      }
    },
    delete: remove,
  };
}
