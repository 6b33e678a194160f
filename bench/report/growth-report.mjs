import { median } from '../tools/statistics.mjs';
import { count, renderTable, toMegabytes, toText } from './table.mjs';

/** The tables of what {@link measureGrowth} has measured, in Markdown. */
export function reportGrowth({ measurements, questions, erasing, stores }, { rounds, seconds }) {
  const loads = [...new Set(measurements.map(({ load }) => load))];
  const values = ({ name }, load, key) =>
    measurements.filter((one) => one.store === name && one.load === load).map((one) => one[key]);
  const titles = stores.map(({ entries }) => `${entries.toLocaleString('en')} entries`);
  const full = stores.at(-1);
  const rates = loads.map((load) => {
    const ratesOf = stores.map((store) => values(store, load, 'rate'));
    const before = ratesOf.find((rates) => rates.length > 0);
    const kept = ratesOf.at(-1).map((rate, round) => rate / before[round]);
    const p99 = values(full, load, 'p99');
    return [load, ...[...ratesOf, kept, p99].map((numbers) => toText(median(numbers)))];
  });
  const sizes = stores
    .filter(({ bytesPerEntry }) => bytesPerEntry)
    .map(({ entries, bytesPerEntry, memory }) => [
      `${entries.toLocaleString('en')} entries`,
      Math.round(bytesPerEntry).toString(),
      memory ? toMegabytes(memory.peak) : '–',
    ]);
  return [
    `Sessions of 20 actions of 100,000 users, few of whom do much, over 180 days and 20 types. Each read is one of 2,000 all over the store, of about 20 entries; w20 goes on after the last of them, in a month that is full, and on the empty store is the first to write to it. The stores are driven in turn, medians of ${count(rounds, 'round')} of ${count(seconds, 'second')}.`,
    'Requests a second, and the share of them that the full store keeps of the rate of the first one (the ratio within each round, then the median):',
    renderTable([['load', ...titles, 'kept', 'p99 of the full store, ms'], ...rates]),
    renderTable([['store', 'bytes on disk an entry', 'memory at most, MB'], ...sizes]),
    'What people ask, one question after the other, over HTTP: the 99th percentile of the latency in milliseconds. A page holds 100 entries or 50 sessions; a deep one is the 10,000th, or the one in the middle of what there is.',
    reportQuestions(questions, stores),
    `Erasing a user with ${erasing.entries.toLocaleString('en')} of them took ${erasing.seconds.toFixed(0)} s, while 4 clients recorded sessions of 20 actions and 4 read 20 entries each. The 99th percentile of their latency, in milliseconds:`,
    reportErasing(erasing),
  ].join('\n\n');
}

function reportErasing({ before, during }) {
  return renderTable([
    ['load', 'before', 'meanwhile', 'times'],
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
    ['question', ...asked.map(({ entries }) => `${entries.toLocaleString('en')} entries`), 'times'],
    ...names.map((question) => {
      const times = asked.map((store) => p99(store, question));
      return [question, ...times.map(toText), toText(times.at(-1) / times[0])];
    }),
  ]);
}
