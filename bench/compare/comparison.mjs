import { geometricMeanInterval, median } from '../tools/statistics.mjs';

/** A cell is slower if its whole interval lies below: more than 5 % fewer requests a second. */
export const bound = 0.95;
/** With fewer rounds the interval is too wide to tell 5 %. */
export const leastRounds = 7;

/**
 * Compares two servers under each load, round by round.
 * @param measurements of measureSpeed, of servers named "old" and "new"
 * @returns for each load { load, rate, cpu: { old, new, ratio, low, high }, verdict }; rates are requests a second, CPU is
 *   milliseconds a request, or undefined without /proc; a verdict is undefined after fewer than two rounds
 */
export function compare(measurements) {
  const loads = [...new Set(measurements.map(({ load }) => load))];
  return loads.map((load) => {
    const ofLoad = measurements.filter((one) => one.load === load);
    const rate = compareRounds(ofLoad, 'rate');
    const cpu = compareRounds(ofLoad, 'cpu');
    return { load, rate, cpu, verdict: judge(rate) };
  });
}

/** @returns the medians of both, the median of the ratios new/old within each round, and the ratios' 95 % interval */
function compareRounds(measurements, key) {
  // Both lists are in the order of the rounds.
  const [olds, news] = ['old', 'new'].map((server) =>
    measurements.filter((one) => one.server === server).map((one) => one[key]),
  );
  if ([...olds, ...news].includes(undefined)) return undefined;
  const ratios = news.map((value, round) => value / olds[round]);
  const [low, high] = geometricMeanInterval(ratios);
  return { old: median(olds), new: median(news), ratio: median(ratios), low, high };
}

function judge({ low, high }) {
  if (Number.isNaN(high)) return undefined;
  if (high < bound) return 'slower';
  return low < bound ? 'not shown to be slower' : 'no slower';
}
