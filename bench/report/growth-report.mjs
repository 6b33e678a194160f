import { median } from '../tools/statistics.mjs';
import { count, renderTable, toMegabytes, toText } from './table.mjs';

/** The tables of what {@link measureGrowth} has measured, in Markdown. */
export function reportGrowth({ measurements, stores }, { rounds, seconds }) {
  const [small, full] = stores;
  const loads = [...new Set(measurements.map(({ load }) => load))];
  const values = ({ name }, load, key) =>
    measurements.filter((one) => one.store === name && one.load === load).map((one) => one[key]);
  const titles = stores.map(({ entries }) => `${entries.toLocaleString('en')} entries`);
  const rates = loads.map((load) => {
    const before = values(small, load, 'rate');
    const after = values(full, load, 'rate');
    const kept = after.map((rate, round) => rate / before[round]);
    return [load, median(before), median(after), median(kept), median(values(full, load, 'p99'))];
  });
  const sizes = stores.map(({ bytesPerEntry, memory }, at) => [
    titles[at],
    Math.round(bytesPerEntry).toString(),
    memory ? toMegabytes(memory.peak) : '–',
  ]);
  return [
    `Sessions of 20 actions of 100,000 users, few of whom do much, over 180 days and 20 types. Each read is one of 2,000 all over the store, of about 20 entries; w20 goes on after the last of them. Small and full store are driven in turn, medians of ${count(rounds, 'round')} of ${count(seconds, 'second')}.`,
    'Requests a second, and the share of them that is kept (the ratio within each round, then the median):',
    renderTable([
      ['load', ...titles, 'kept', 'p99 of the full store, ms'],
      ...rates.map(([load, ...numbers]) => [load, ...numbers.map(toText)]),
    ]),
    renderTable([['store', 'bytes on disk an entry', 'memory at most, MB'], ...sizes]),
  ].join('\n\n');
}
