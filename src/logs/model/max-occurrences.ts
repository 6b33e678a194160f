/** Highest number of occurrences of any item; 1 for an empty list. */
export function maxOccurrences(items: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return Math.max(1, ...counts.values());
}
