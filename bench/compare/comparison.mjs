import { geometricMeanInterval, median } from '../tools/statistics.mjs';

/** A load is slower if the whole interval of its ratio new/old lies below this. */
export const minRatio = 0.95;
/** With fewer rounds, the interval is too wide to detect a loss of 5 %. */
export const minRounds = 7;

/**
 * Compares two servers under each load, round by round.
 * @param measurements measurements of measureSpeed with servers named "old" and "new"
 * @returns for each load { load, rate, p99, cpu, written, verdict }; rate (requests a second), p99
 *   (milliseconds), cpu (microseconds per request) and written (bytes per request) are { old, new, ratio, low,
 *   high }, the last two undefined without /proc; verdict is undefined if there was one round only
 */
export function compare(measurements) {
  const loads = [...new Set(measurements.map(({ load }) => load))];
  return loads.map((load) => {
    const ofLoad = measurements.filter((one) => one.load === load);
    const rate = compareRounds(ofLoad, 'rate');
    const [p99, cpu, written] = ['p99', 'cpu', 'written'].map((key) => compareRounds(ofLoad, key));
    return { load, rate, p99, cpu, written, verdict: verdictOf(rate) };
  });
}

/** @returns medians of both servers, median of the ratios new/old of each round, their 95 % interval */
function compareRounds(measurements, key) {
  // Both lists are ordered by round.
  const [olds, news] = ['old', 'new'].map((server) =>
    measurements.filter((one) => one.server === server).map((one) => one[key]),
  );
  if ([...olds, ...news].includes(undefined)) return undefined;
  const ratios = news.map((value, round) => value / olds[round]);
  const [low, high] = geometricMeanInterval(ratios);
  return { old: median(olds), new: median(news), ratio: median(ratios), low, high };
}

function verdictOf({ low, high }) {
  if (Number.isNaN(high)) return undefined;
  if (high < minRatio) return 'slower';
  return low < minRatio ? 'undecided' : 'not slower';
}
