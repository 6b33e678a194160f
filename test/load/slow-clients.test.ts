import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createDatabase, type TestDatabase } from '../support/database/database';
import { findProgram, report } from '../support/processes/programs';
import { startServerProcess, type ServerProcess } from '../support/processes/server-process';
import { measureOthers } from './support/others';
import { lookAt, startWatch, type Sample } from './support/watch';

const attackSeconds = 30;
/** Requests arrive within 60 to 90 s, idle connections are closed after 65 s, slow readers cut after 60 to 68 s. */
const maxFreeSeconds = 95;
const maxRss = 500;
const maxLiveMs = 250;
/** The others are another client than those who attack from 127.0.0.1. */
const otherAddress = '127.0.0.2';

let database: TestDatabase;
let server: ServerProcess;

beforeAll(async () => {
  database = await createDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url });
  const note = 'x'.repeat(860);
  // A list of 985 KB.
  const actions = Array.from({ length: 1_000 }, (_, n) => ({
    time: new Date(Date.UTC(2024, 0, 1) + n * 1_000).toISOString(),
    type: 'CLICK',
    properties: { n, note },
  }));
  const record = 'mutation ($input: RecordSessionInput!) { recordSession(input: $input) { recordedCount } }';
  const { body } = await server.graphql(record, { input: { userId: 'big', sessionId: 's', actions } });
  expect(body.errors).toBeUndefined();
});
afterAll(async () => {
  await server.end();
  await database.remove();
});

const look = () => lookAt(server, undefined, {});
const socketsOf = ({ metrics }: Sample): number => metrics.get('nodejs_active_handles{type="Socket"}') ?? 0;
const percentile = (times: readonly number[], share: number): number =>
  [...times].sort((a, b) => a - b)[Math.floor((times.length - 1) * share)]!;

/** Measures what others meet beside an attack, and how long its sockets stay open. Returns what is wrong. */
async function attack(name: string, expectedSockets: number, begin: () => ChildProcess): Promise<string[]> {
  const recorded = new Map<string, number>();
  const idle = await measureOthers(server.url, 10, {}, recorded, otherAddress);
  const idleSockets = socketsOf(await look());
  const attacker = begin();
  const ended = once(attacker, 'close');
  const startedAt = performance.now();
  const stopWatch = startWatch(look);
  let freedSeconds: number | undefined;
  try {
    const during = await measureOthers(server.url, attackSeconds, {}, recorded, otherAddress);
    while (freedSeconds === undefined) {
      const seconds = (performance.now() - startedAt) / 1_000;
      if (socketsOf(await look()) <= idleSockets + 10) freedSeconds = seconds;
      if (seconds > maxFreeSeconds + 30) break;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    const samples = await stopWatch();
    const max = (read: (sample: Sample) => number): number => Math.max(...samples.map(read));
    const cut = ['stalled', 'slow', 'memory', 'pipelining'].map((reason) => {
      const metric = `log_manager_connections_cut_total{reason="${reason}"}`;
      return `${reason} ${samples.at(-1)!.metrics.get(metric) ?? 0}`;
    });
    const [rss, sockets, live] = [max((sample) => sample.rss), max(socketsOf), Math.max(...during.liveMs)];
    const [p99, idleP99] = [percentile(during.readMs, 0.99), percentile(idle.readMs, 0.99)];
    const unsent = max(({ metrics }) => metrics.get('log_manager_unsent_bytes') ?? 0) / 1e6;
    const own = during.ownDelayMs.toFixed();
    report(
      `${name}: RSS ${rss.toFixed()} MB, unsent ${unsent.toFixed()} MB, sockets ${sockets}, freed after ` +
        `${freedSeconds?.toFixed()} s, cut so far: ${cut.join(', ')}; /livez max ${live.toFixed()} ms, ` +
        `reads p99 ${p99.toFixed()} ms (idle ${idleP99.toFixed()}), ` +
        `writes ${during.writesPerSecond.toFixed()}/s (idle ${idle.writesPerSecond.toFixed()}), test ${own} ms`,
    );
    const faults = [...during.problems.slice(0, 5)];
    if (sockets < expectedSockets) faults.push(`only ${sockets} sockets`);
    if (rss > maxRss) faults.push(`RSS ${rss} MB`);
    if (live > maxLiveMs) faults.push(`/livez ${live} ms`);
    if (p99 > Math.max(100, 4 * idleP99)) faults.push(`reads p99 ${p99} ms, idle ${idleP99} ms`);
    if ((freedSeconds ?? Infinity) > maxFreeSeconds) faults.push(`freed after ${freedSeconds} s`);
    return faults;
  } finally {
    attacker.kill('SIGKILL');
    await ended;
  }
}

const get = 'GET /logs/?user=big HTTP/1.1\r\nhost: localhost\r\n\r\n';
const body = JSON.stringify({ query: '{ logs(user: "big") { time type properties userId sessionId } }' });
const post =
  'POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n' +
  `content-length: ${body.length}\r\n\r\n${body}`;
const page = get.replace('user=big', 'user=big&limit=900');
const introspect = 'GET /schema.graphql HTTP/1.1\r\nhost: localhost\r\n\r\n';

describe('clients that pipeline and do not read', () => {
  it.each([
    [100, 100, 'of GraphQL', [post]],
    [200, 250, 'of GraphQL', [post]],
    [1_000, 20, 'of lists, pages and the schema', [post, get, page, introspect]],
  ])('%i connections with %i requests each %s', async (connections, pipelined, what, requests) => {
    const options = { url: server.url, connections, pipelined, requests };
    const script = join(__dirname, 'support', 'slow-readers.mjs');
    // Connections above 10,000 waiting requests are closed at once.
    const expected = Math.min(connections, 10_000 / pipelined) * 0.9;
    const faults = await attack(`${connections} x ${pipelined} ${what}`, expected, () =>
      fork(script, [JSON.stringify(options)], { stdio: 'inherit' }),
    );
    expect(faults).toEqual([]);
  });
});

const slowHttpTest = findProgram('slowhttptest');
if (!slowHttpTest) report('skipped: slowhttptest is not installed (Debian: apt-get install slowhttptest)');
const describeSlow = slowHttpTest ? describe : describe.skip;

describeSlow('slowhttptest with 1,000 connections', () => {
  it.each([
    ['slow headers', ['-H', '-i', '10', '-u', '/livez']],
    ['slow body', ['-B', '-i', '10', '-s', '65536', '-f', 'application/json', '-u', '/graphql']],
    [
      'slow read',
      ['-X', '-k', '10', '-w', '10', '-y', '512', '-n', '5', '-z', '32', '-u', '/logs/?user=big'],
    ],
    ['range', ['-R', '-a', '5', '-b', '3000', '-u', '/logs/?user=big']],
  ])('%s', async (name, [mode, ...options]) => {
    const args = options.map((option) => (option.startsWith('/') ? server.url + option : option));
    const all = [mode!, '-c', '1000', '-r', '500', '-l', '200', '-p', '3', '-v', '0', ...args];
    const faults = await attack(`slowhttptest, ${name}`, mode === '-R' ? 0 : 900, () =>
      spawn('nice', ['-n', '10', slowHttpTest!, ...all], { stdio: 'ignore' }),
    );
    expect(faults).toEqual([]);
  });
});
