import { minRatio } from '../compare/comparison.mjs';
import { shownLoads } from '../speed/loads.mjs';
import { count, renderTable, toText } from './table.mjs';

/** The tables of a {@link compare comparison}, in Markdown. */
export function reportComparison(cells, names, { rounds, seconds }) {
  const shown = shownLoads
    .map((name) => cells.find(({ load }) => load === name))
    .filter((cell) => cell !== undefined);
  const head = ['load', names.old, names.new, 'ratio', '95 % interval'];
  const rowOf = ({ load }, { old, new: now, ratio, low, high }) => [
    load,
    ...[old, now, ratio].map(toText),
    Number.isNaN(low) ? '–' : `${low.toFixed(3)} to ${high.toFixed(3)}`,
  ];
  const sections = [
    `${names.new} against ${names.old}: medians of ` +
      `${count(rounds, 'round')} of ${count(seconds, 'second')}. ` +
      'The ratio new/old is taken within each round; the interval is that of their geometric mean.',
    `Requests a second; a load is slower if the whole interval lies below ${minRatio}:`,
    renderTable([
      [...head, 'verdict'],
      ...shown.map((cell) => [...rowOf(cell, cell.rate), cell.verdict ?? '–']),
    ]),
  ];
  for (const [key, title] of [
    ['p99', 'The 99th percentile of the latency, in milliseconds (ratio above 1: the new build is slower):'],
    [
      'cpu',
      'CPU time of the server process per request, in microseconds (ratio above 1: the new build uses more):',
    ],
    [
      'written',
      'Bytes that the server process wrote to disk per request (ratio above 1: the new build writes more):',
    ],
  ]) {
    const cells = shown.filter((cell) => cell[key]);
    if (cells.length > 0)
      sections.push(title, renderTable([head, ...cells.map((cell) => rowOf(cell, cell[key]))]));
  }
  return sections.join('\n\n');
}
