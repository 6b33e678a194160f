import { expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { createEmptyDatabase } from '../support/database/database';
import { Journal, startWriters } from '../support/journal/journal';
import { checkJournal, type StoredSession } from '../support/journal/journal-check';
import { storedSessions } from '../support/journal/stored-sessions';
import { percentile } from '../support/percentile';
import { freePorts } from '../support/processes/free-ports';
import { report } from '../support/processes/programs';
import { startServerProcess, type ServerProcess } from '../support/processes/server-process';
import { createEraser } from './support/eraser';
import { loads, type Answer, type Load } from './support/everything-loads';
import { lookAt, type Sample } from './support/watch';

const minutes = Number(process.env['EVERYTHING_MINUTES'] ?? 10);
const durationMs = minutes * 60_000;
/** The server is killed in the first tenth, so that the second and the last are of the same process. */
const killAfterMs = durationMs * 0.07;
const maxGrowthMb = 150;
const maxFilesMore = 50;
const maxLogBytes = 1e6;

/** What clients may meet when the server is killed. */
const killedReasons = [
  'ECONNREFUSED (refused)',
  'ECONNRESET (unknown)',
  'socket hang up (unknown)',
  'EPIPE (unknown)',
];
const overloadReasons = ['SERVICE_UNAVAILABLE (refused)', 'SERVICE_UNAVAILABLE (unknown)'];

/** An answer with which the server blames itself, other than that it has too much to do. */
function isFault({ status, text }: Answer): boolean {
  if (/"code":"(INTERNAL_SERVER_ERROR|STORAGE_FULL)"/.test(text)) return true;
  return status >= 500 && !(status === 503 && /"code":"(SERVICE_UNAVAILABLE|QUERY_TIMEOUT)"/.test(text));
}

it(`loses, doubles and leaks nothing in ${minutes} minutes of everything at once`, async () => {
  const database = await createEmptyDatabase();
  const [port] = await freePorts(1);
  const environment = { DATABASE_URL: database.url, PORT: `${port}` };
  let server: ServerProcess = await startServerProcess(environment);
  const { url } = server;
  let logBytes = 0;
  /** When the server was killed, and when it served again. */
  const down = { from: Infinity, to: Infinity };
  const endAt = performance.now() + durationMs;
  const faults: string[] = [];
  const counts: Record<string, number> = {};

  async function run({ name, pauseMs, step }: Load, client: number): Promise<void> {
    for (let n = client; performance.now() < endAt; n += 7) {
      const startedAt = performance.now();
      try {
        for (const answer of await step(url, n)) {
          const what = `${name} ${answer.status}`;
          counts[what] = (counts[what] ?? 0) + 1;
          if (isFault(answer)) faults.push(`${what}: ${answer.text.slice(0, 300)}`);
        }
      } catch (error) {
        const isKilled = startedAt < down.to && performance.now() > down.from;
        if (!isKilled) faults.push(`${name}: ${String(error)}`);
      }
      await sleep(pauseMs);
    }
  }

  const samples: Sample[] = [];
  async function watch(): Promise<void> {
    while (performance.now() < endAt) {
      await sleep(1_000);
      samples.push(await lookAt(server, undefined, {}));
    }
  }

  try {
    const journal = new Journal({
      hasKeys: true,
      onReply: ({ sessionId, outcome }) => {
        if (outcome === 'acknowledged') eraser.add(sessionId);
      },
    });
    const eraser = createEraser(journal);
    const writers = startWriters(journal, [url], {
      count: 8,
      pauseMs: 60,
      refusedPauseMs: 500,
      isRetrying: true,
    });
    const running = [...loads, ...eraser.loads].flatMap((load) =>
      Array.from({ length: load.clientCount }, (_, client) => run(load, client)),
    );
    await sleep(killAfterMs);
    down.from = performance.now();
    await server.end('SIGKILL');
    logBytes += server.output().length;
    server = await startServerProcess(environment);
    down.to = performance.now();
    await Promise.all([watch(), ...running]);
    await writers.stop();

    report(`${journal.summary()}; ${eraser.outcomes.size} erased`);
    report(JSON.stringify(counts));
    const tenth = (at: number): Sample[] => {
      // The first tenth and the kill have no samples.
      const from = Math.round((samples.length * (at - 1)) / 9);
      return samples.slice(from, from + Math.ceil(samples.length / 9));
    };
    const medianOf = (part: readonly Sample[], what: 'rss' | 'files'): number =>
      percentile(
        part.map((sample) => sample[what]),
        0.5,
      );
    for (const [what, maxMore] of [
      ['rss', maxGrowthMb],
      ['files', maxFilesMore],
    ] as const) {
      const [second, last] = [medianOf(tenth(1), what), medianOf(tenth(9), what)];
      report(`${what}: ${second.toFixed(0)} in the second tenth, ${last.toFixed(0)} in the last`);
      if (last > second + maxMore) faults.push(`${what} has grown from ${second} to ${last}`);
    }

    const expected = [...killedReasons, ...overloadReasons];
    faults.push(...journal.unexpectedReasons(expected), ...eraser.problems);
    faults.push(...(await checkJournal(journal, storedNow())));
    async function* storedNow(): AsyncGenerator<StoredSession> {
      const askable = {
        graphql: async (query: string, variables?: object) => (await server.graphql(query, variables)).body,
      };
      for await (const session of storedSessions(askable)) {
        // Malformed requests record sessions as well, and an erasing may have ended halfway.
        const isOurs = /^\d+-\d+-\d+$/.test(session.sessionId);
        if (isOurs && eraser.outcomes.get(session.sessionId) !== 'unknown') yield session;
      }
    }
    logBytes += server.output().length;
    report(
      `log: ${logBytes} bytes; erasings unknown: ${[...eraser.outcomes.values()].filter((outcome) => outcome === 'unknown').length}`,
    );
    if (logBytes > maxLogBytes) faults.push(`the log has ${logBytes} bytes`);
    faults.push(
      ...server
        .log()
        .filter(({ level }) => level === 'error' || level === 'fatal')
        .map((line) => JSON.stringify(line)),
    );
    expect(faults.length <= 20 ? faults : [...faults.slice(0, 20), `and ${faults.length - 20} more`]).toEqual(
      [],
    );
    expect((await server.end()).exitCode).toBe(0);
  } finally {
    await server.end('SIGKILL');
    await database.remove();
  }
});
