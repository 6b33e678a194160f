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

/**
 * The 95 % confidence interval of the geometric mean of ratios, a t-interval of their logarithms. Georges,
 * Buytaert and Eeckhout advise the t-distribution for fewer than 30 runs: "Statistically Rigorous Java
 * Performance Evaluation", OOPSLA 2007, section 3.
 * @returns [low, high]; both NaN for fewer than two ratios
 */
export function geometricMeanInterval(ratios) {
  const logs = ratios.map(Math.log);
  const mean = sum(logs) / logs.length;
  const variance = sum(logs.map((log) => (log - mean) ** 2)) / (logs.length - 1);
  const margin = tQuantile(logs.length - 1) * Math.sqrt(variance / logs.length);
  return [Math.exp(mean - margin), Math.exp(mean + margin)];
}

/**
 * The 97.5 % quantile of Student's t-distribution, for 6 or more degrees of freedom with an error below
 * 0.001. Abramowitz and Stegun, "Handbook of Mathematical Functions", formula 26.7.5.
 */
function tQuantile(degrees) {
  const x = 1.959_963_985;
  return (
    x +
    (x ** 3 + x) / (4 * degrees) +
    (5 * x ** 5 + 16 * x ** 3 + 3 * x) / (96 * degrees ** 2) +
    (3 * x ** 7 + 19 * x ** 5 + 17 * x ** 3 - 15 * x) / (384 * degrees ** 3) +
    (79 * x ** 9 + 776 * x ** 7 + 1_482 * x ** 5 - 1_920 * x ** 3 - 945 * x) / (92_160 * degrees ** 4)
  );
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}

/** The list, beginning with the member at index `by` modulo the length. */
export function rotate(list, by) {
  const at = by % list.length;
  return [...list.slice(at), ...list.slice(0, at)];
}
