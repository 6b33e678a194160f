import { bodyOfQuery } from '../tools/requests.mjs';
import { preloadedCount, timeOf } from './preload.mjs';
import { createSession } from './sessions.mjs';

/**
 * The loads in the order of the run: reads, then writes.
 * Sessions have increasing times, and a server receives each only once or a few times: a small set would hit
 * the same pages of the indexes again and again, unlike real traffic.
 */
const reads = [
  { name: 'r20', entries: 20, connections: 16, queries: 200 },
  { name: 'r200', entries: 200, connections: 16, queries: 200 },
  { name: 'r1000', entries: 1_000, connections: 16, queries: 100 },
];
const writes = [
  { name: 'w1', actions: 1, connections: 32, sessions: 32_000, month: '02' },
  { name: 'w20', actions: 20, connections: 32, sessions: 16_000, month: '03' },
  // `--short` skips these: they run the same code as those above.
  { name: 'w1c256', actions: 1, connections: 256, sessions: 32_000, month: '04', isInShort: false },
  { name: 'w20c256', actions: 20, connections: 256, sessions: 16_128, month: '05', isInShort: false },
];

const loads = [...reads, ...writes];
export const loadNames = loads.map(({ name }) => name);
export const shortLoadNames = loads.filter(({ isInShort = true }) => isInShort).map(({ name }) => name);
/** In the order of the tables' columns. */
export const shownLoads = ['w20', 'w20c256', 'w1', 'w1c256', 'r20', 'r200', 'r1000'];
export const writeLoadNames = writes.map(({ name }) => name);

/** Creates the loads of these names with their requests. */
export function createLoads(names) {
  return [...reads.map(createRead), ...writes.map(createWrite)].filter(({ name }) => names.includes(name));
}

const isoTime = (n) => new Date(timeOf(n)).toISOString();

function createRead({ name, entries, connections, queries }) {
  const requests = Array.from({ length: queries }, (_, at) => {
    const first = (at * 7_919) % (preloadedCount - entries);
    const range = { startTime: isoTime(first), endTime: isoTime(first + entries) };
    return { body: bodyOfQuery(range), first };
  });
  return { name, connections, entries, requests };
}

/** Connections take the sessions in turn, so that their times increase together, one second per session. */
function createWrite({ name, actions, connections, sessions: count, month }) {
  const start = Date.parse(`2024-${month}-01T00:00:00Z`);
  const sessionOf = (n) => createSession(name, n, actions, start + n * 1_000, 3_000);
  const requestsOf = (connection, { bodyOfSession, recorded }) => {
    const numbers = Array.from({ length: count / connections }, (_, at) => at * connections);
    return numbers.map((n) => {
      const session = sessionOf(n + connection);
      return { body: bodyOfSession(session), expected: recorded(session) };
    });
  };
  return { name, connections, actions, count, sessionOf, requestsOf };
}
