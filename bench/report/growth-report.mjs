import { median } from '../tools/statistics.mjs';
import { count, renderTable, toMegabytes, toText } from './table.mjs';

/** The tables of a {@link measureGrowth} run, in Markdown. */
export function reportGrowth({ measurements, questions, erasing, stores }, { rounds, seconds }) {
  const loads = [...new Set(measurements.map(({ load }) => load))];
  const values = ({ name }, load, key) =>
    measurements.filter((one) => one.store === name && one.load === load).map((one) => one[key]);
  const titles = stores.map(({ entries }) => `${entries.toLocaleString('en')} entries`);
  const full = stores.at(-1);
  const rates = loads.map((load) => {
    const ratesOf = stores.map((store) => values(store, load, 'rate'));
    const before = ratesOf.find((rates) => rates.length > 0);
    const share = ratesOf.at(-1).map((rate, round) => rate / before[round]);
    const p99 = values(full, load, 'p99');
    return [load, ...[...ratesOf, share, p99].map((numbers) => toText(median(numbers)))];
  });
  const sizes = stores
    .filter(({ bytesPerEntry }) => bytesPerEntry)
    .map(({ entries, bytesPerEntry, memory }) => [
      `${entries.toLocaleString('en')} entries`,
      Math.round(bytesPerEntry).toString(),
      memory ? toMegabytes(memory.peak) : '–',
    ]);
  return [
    'The databases hold sessions of 20 actions, with 100,000 users of skewed activity, 180 days, 20 types. ' +
      'A read returns about 20 entries and is one of 2,000 in random places. ' +
      'w20 records sessions later than all stored ones, in the same month. ' +
      'The databases are driven in turn; each cell is the median of ' +
      `${count(rounds, 'round')} of ${count(seconds, 'second')}.`,
    'Requests a second, and the rate of the full database as a share of the smallest one ' +
      '(the median of the ratios of each round):',
    renderTable([['load', ...titles, 'share', 'p99 of the full database, ms'], ...rates]),
    renderTable([['database', 'bytes on disk per entry', 'peak memory, MB'], ...sizes]),
    'One request at a time over HTTP, the 99th percentile of the latency in milliseconds. ' +
      'A page holds 100 entries or 50 sessions; a deep page is the 10,000th, or the middle one of a short result.',
    reportQuestions(questions, stores),
    `Erasing a user with ${erasing.entries.toLocaleString('en')} entries took ${erasing.seconds.toFixed(0)} s, ` +
      'while 4 clients recorded sessions of 20 actions and 4 clients read 20 entries each. ' +
      'The 99th percentile of their latency, in milliseconds:',
    reportErasing(erasing),
  ].join('\n\n');
}

function reportErasing({ before, during }) {
  return renderTable([
    ['load', 'before', 'during', 'ratio'],
    ...['write', 'read'].map((kind) => [
      kind,
      ...[before[kind], during[kind], during[kind] / before[kind]].map(toText),
    ]),
  ]);
}

function reportQuestions(questions, stores) {
  const asked = stores.filter(({ name }) => questions.some(({ store }) => store === name));
  const p99 = (store, question) =>
    questions.find((one) => one.store === store.name && one.question === question).p99;
  const names = [...new Set(questions.map(({ question }) => question))];
  return renderTable([
    ['query', ...asked.map(({ entries }) => `${entries.toLocaleString('en')} entries`), 'ratio'],
    ...names.map((question) => {
      const times = asked.map((store) => p99(store, question));
      return [question, ...times.map(toText), toText(times.at(-1) / times[0])];
    }),
  ]);
}
