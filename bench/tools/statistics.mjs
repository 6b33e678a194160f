export function median(numbers) {
  return percentile(numbers, 0.5);
}

/** @param share 0 to 1 */
export function percentile(numbers, share) {
  const sorted = Float64Array.from(numbers).sort();
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.ceil(at);
  return sorted[below] + (sorted[above] - sorted[below]) * (at - below);
}

/** The list, beginning with another member. */
export function rotate(list, by) {
  const at = by % list.length;
  return [...list.slice(at), ...list.slice(0, at)];
}
