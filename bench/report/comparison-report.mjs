import { bound } from '../compare/comparison.mjs';
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
    `${names.new} against ${names.old}, ${count(rounds, 'round')} of ${count(seconds, 'second')} for each cell. ` +
      'Rates are medians; a ratio is taken within each round: the median, and the 95 % t-interval of the mean logarithm.',
    `Requests a second; slower means that the whole interval lies below ${bound}:`,
    renderTable([
      [...head, 'verdict'],
      ...shown.map((cell) => [...rowOf(cell, cell.rate), cell.verdict ?? '–']),
    ]),
  ];
  if (shown.every(({ cpu }) => cpu)) {
    sections.push(
      "Microseconds of CPU a request, in the server's process; a ratio above 1 means more work:",
      renderTable([head, ...shown.map((cell) => rowOf(cell, cell.cpu))]),
    );
  }
  return sections.join('\n\n');
}
