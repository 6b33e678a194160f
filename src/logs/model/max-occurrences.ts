/** How often the item is there that is there most often; 1 when there is none. */
export function maxOccurrences(items: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return Math.max(1, ...counts.values());
}
