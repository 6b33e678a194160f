import { shownLoads, writeLoadNames } from '../speed/loads.mjs';
import { median } from '../tools/statistics.mjs';
import { count, renderTable, toMegabytes, toText } from './table.mjs';

/** The tables of a {@link measureSpeed} run of these servers, in Markdown. */
export function reportSpeed({ measurements, memory }, servers, { rounds, seconds }) {
  const loads = shownLoads.filter((name) => measurements.some(({ load }) => load === name));
  const values = (server, load, key) =>
    measurements.filter((one) => one.server === server && one.load === load).map((one) => one[key]);
  const tableOf = (head, rowsOf, cell, names = loads) =>
    renderTable([
      [head, ...names],
      ...rowsOf.map(({ name, title }) => [title, ...names.map((load) => toText(median(cell(name, load))))]),
    ]);
  // Both lists are ordered by round.
  const ratios = (peer, load) => {
    const ours = values('ours', load, 'rate');
    return values(peer, load, 'rate').map((rate, round) => ours[round] / rate);
  };
  const peers = servers.filter(({ name }) => name !== 'ours');
  const sections = [
    `Each cell is the median of ${count(rounds, 'round')} of ${count(seconds, 'second')}.`,
    'Requests a second:',
    tableOf('server', servers, (name, load) => values(name, load, 'rate')),
  ];
  if (servers.length > peers.length && peers.length > 0) {
    sections.push(
      'Log Manager as a multiple of each peer (the median of the ratios of each round):',
      tableOf('Log Manager against', peers, ratios),
    );
  }
  sections.push(
    'The 99th percentile of the latency, in milliseconds:',
    tableOf('server', servers, (name, load) => values(name, load, 'p99')),
  );
  const writes = loads.filter((load) => writeLoadNames.includes(load));
  const written = (name, load) => values(name, load, 'written');
  // PostgreSQL writes in processes of its own, and tmpfs counts nothing.
  if (writes.some((load) => servers.every(({ name }) => written(name, load).every(Boolean)))) {
    sections.push('Bytes written to disk a request:', tableOf('server', servers, written, writes));
  }
  if (memory.length > 0) {
    sections.push(
      'Resident memory of the process, in megabytes:',
      reportMemory(memory, servers, `after ${loads.length} loads`),
    );
  }
  return sections.join('\n\n');
}

function reportMemory(memory, servers, after) {
  const cell = (server, key) =>
    toMegabytes(median(memory.filter((one) => one.server === server).map((one) => one[key])));
  return renderTable([
    ['server', 'peak', after],
    ...servers.map(({ name, title }) => [title, cell(name, 'peak'), cell(name, 'now')]),
  ]);
}
