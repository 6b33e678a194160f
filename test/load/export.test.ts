import { expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dialect } from '../support/database/database';
import { percentile } from '../support/percentile';
import { report } from '../support/processes/programs';
import { startServerProcess } from '../support/processes/server-process';
import { openTestStore } from '../support/database/store';
import { waitFor } from '../support/wait-for';
import { summarizeCsv, summarizeNdjson, summarizeStore } from './support/exported-entries';
import { openFilledDatabase } from './support/filled-database';
import { measureOthers } from './support/others';

const entries = Number(process.env['EXPORT_ENTRIES'] ?? 5_000_000);
/** Entries of each second, at least. */
const minRate = { sqlite: 100_000, postgres: 50_000 }[dialect];
const maxGrowthMegabytes = 100;
const idleSeconds = 15;

const texts = [
  '=1+1',
  '+1',
  '-1',
  '@a',
  '\t=1',
  '\r=1',
  '\n=1',
  "'=1",
  "''+1",
  "'tis",
  '"',
  'a,"b"\r\nc',
  'é😀',
];
const record = `mutation ($input: RecordSessionInput!) { recordSession(input: $input) { recordedCount } }`;

/** Resident memory of a process in MB. */
function megabytesOf(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))!;
  return Math.round(Number(kilobytes) / 1_024);
}

const sizeOf = (file: string): number => (existsSync(file) ? statSync(file).size : 0);
const round = (value: number): number => Math.round(value * 10) / 10;

it(`exports ${entries} entries completely, fast, in flat memory, beside other reads`, async () => {
  const database = await openFilledDatabase(entries);
  const directory = mkdtempSync(join(tmpdir(), 'export-'));
  const server = await startServerProcess({ DATABASE_URL: database.url });
  const faults: string[] = [];

  /** Starts a download, which curl writes to a file. */
  function download(query: string, file: string) {
    const child = spawn('curl', ['-sS', '-o', file, `${server.url}/logs/?${query}`], { stdio: 'inherit' });
    return { child, end: once(child, 'exit') as Promise<[number]>, startedAt: performance.now() };
  }

  async function run(format: 'ndjson' | 'csv', summarize: typeof summarizeCsv): Promise<void> {
    const idle = await measureOthers(server.url, idleSeconds, {}, new Map());
    const file = join(directory, `logs.${format}`);
    const store = await openTestStore(database.url);
    const lastId = await store.findNewestId({ mustBeLatest: true });
    await store.close();
    const { child, end, startedAt } = download(`format=${format}`, file);
    await waitFor(() => sizeOf(file) > 0);
    // Those that are recorded from now on are not exported.
    let isOver = false;
    const reading = (async () => {
      const readMs: number[] = [];
      while (!isOver) readMs.push(...(await measureOthers(server.url, 2, {}, new Map())).readMs);
      return readMs;
    })();
    const memory: number[] = [];
    const watching = setInterval(() => memory.push(megabytesOf(server.pid)), 250);
    const [exitCode] = await end;
    const seconds = (performance.now() - startedAt) / 1_000;
    clearInterval(watching);
    isOver = true;
    const readMs = await reading;
    expect([child.exitCode, exitCode]).toEqual([0, 0]);

    const [idleP99, p99] = [percentile(idle.readMs, 0.99), percentile(readMs, 0.99)];
    const half = memory.length >> 1;
    const [first, second] = [Math.max(...memory.slice(0, half)), Math.max(...memory.slice(half))];
    const found = await summarize(file);
    const expected = await summarizeStore(database, lastId);
    const rate = Math.round(found.count / seconds);
    report(
      `${dialect} ${format}: ${found.count} entries, ${round(sizeOf(file) / 1e6)} MB in ${round(seconds)} s: ${rate} ` +
        `entries/s; memory at most ${first} MB in the first half, ${second} MB in the second; ` +
        `reads p99 ${round(p99)} ms beside it (${readMs.length}), ${round(idleP99)} ms idle`,
    );
    if (rate < minRate) faults.push(`${format}: ${rate} entries/s`);
    if (second > first + maxGrowthMegabytes) faults.push(`${format}: memory ${first}, then ${second} MB`);
    if (p99 > Math.max(100, 4 * idleP99)) faults.push(`${format}: reads p99 ${p99} ms, idle ${idleP99} ms`);
    if (found.count !== expected.count || found.hash !== expected.hash) {
      faults.push(`${format}: ${JSON.stringify(found)} exported of ${JSON.stringify(expected)}`);
    }
    rmSync(file);
  }

  try {
    for (const text of texts) {
      const actions = texts.map((type) => ({
        time: '2026-01-01T00:00:00.123456Z',
        type,
        properties: { text },
      }));
      const { body } = await server.graphql(record, { input: { userId: text, sessionId: text, actions } });
      expect(body.errors).toBeUndefined();
    }
    await run('ndjson', summarizeNdjson);
    await run('csv', summarizeCsv);
    const file = join(directory, 'killed.csv');
    const { end } = download('format=csv', file);
    await waitFor(() => sizeOf(file) > 50_000_000);
    process.kill(server.pid, 'SIGKILL');
    const [exitCode] = await end;
    report(`curl exits with ${exitCode} when the server is killed half-way`);
    expect(exitCode).not.toBe(0);
    expect(faults).toEqual([]);
  } finally {
    await server.end('SIGKILL');
    await database.remove();
    rmSync(directory, { recursive: true });
  }
});
