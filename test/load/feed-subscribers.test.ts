import { expect, it } from '@jest/globals';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createParser } from 'eventsource-parser';
import { createDatabase } from '../support/database/database';
import { report } from '../support/processes/programs';
import { startServerProcess } from '../support/processes/server-process';
import { cpuMsOf, rssMbOf, startRecording, typesOfLoad } from './support/feed-load';

const seconds = Number(process.env['FEED_SECONDS'] ?? 30);
const entriesPerSecond = 2_000;
const maxP99Ms = 150;
const stalledCount = 100;
const stalledMs = 35_000;
/** From the end of a subscription until its connection is cut. */
const cutMs = 10_000;
const maxGrowthMb = 50;
/** Characters of the properties: they fill the buffers of the kernel in 10 and in 2 seconds. */
const textLengths = [300, 2_000];

interface ClientsResult {
  readonly counts: readonly number[];
  readonly problems: readonly string[];
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  readonly cpuMs: number;
}

it(`sends ${entriesPerSecond} entries a second to 100 subscribers within ${maxP99Ms} ms`, async () => {
  const database = await createDatabase();
  const server = await startServerProcess({ DATABASE_URL: database.url });
  try {
    const measure = async (name: string): Promise<number> => {
      const load = startRecording(server.url, entriesPerSecond, 100);
      const [startedAt, before] = [performance.now(), cpuMsOf(server.pid)];
      await sleep(seconds * 1_000);
      const { count, failures, slowestMs } = await load.stop();
      expect(failures).toEqual([]);
      const perEntry = (1_000 * (cpuMsOf(server.pid) - before)) / (count * 20);
      const perSecond = (count * 20_000) / (performance.now() - startedAt);
      report(
        `${name}: ${perSecond.toFixed(0)} entries a second, CPU ${perEntry.toFixed(1)} µs an entry, ` +
          `slowest call ${slowestMs.toFixed(0)} ms`,
      );
      return count * 20;
    };
    await measure('warming up');
    await measure('without subscribers');
    const filters = Array.from({ length: 100 }, (_, at) => (at < 5 ? {} : { types: [typesOfLoad[at]] }));
    const clients = fork(join(__dirname, 'support', 'feed-clients.mjs'), [
      JSON.stringify({ url: server.url, filters }),
    ]);
    await once(clients, 'message');
    const count = await measure('with 100 subscribers');
    await sleep(2_000);
    clients.send('stop');
    const [result] = (await once(clients, 'message')) as [ClientsResult];
    const { p50, p99, max, cpuMs, counts, problems } = result;
    report(
      `receipt p50 ${p50.toFixed(0)}, p99 ${p99.toFixed(0)}, max ${max.toFixed(0)} ms; clients' CPU ${cpuMs.toFixed(0)} ms`,
    );
    expect(problems).toEqual([]);
    // A session has 20 of the 100 types, and the fifth one after it has the same.
    const countOfType = (at: number): number => Math.ceil((count / 20 - Math.floor(at / 20)) / 5);
    expect(counts).toEqual(filters.map((_, at) => (at < 5 ? count : countOfType(at))));
    expect(p99).toBeLessThan(maxP99Ms);
  } finally {
    await server.end('SIGKILL');
    await database.remove();
  }
});

const subscription = `subscription { logRecorded { entries { id properties } cursor } }`;
const logChanges = `query ($after: String!, $first: Int) {
  logChanges(after: $after, first: $first) { entries { id } cursor hasMore }
}`;

const title = `ends ${stalledCount} subscribers that do not read, in ${maxGrowthMb} MB of memory, with %i characters`;
it.each(textLengths)(title, async (textLength) => {
  const database = await createDatabase();
  const server = await startServerProcess({ DATABASE_URL: database.url });
  const subscribers: Awaited<ReturnType<typeof subscribe>>[] = [];
  let peak = 0;
  const watch = setInterval(() => (peak = Math.max(peak, rssMbOf(server.pid))), 200);
  const samples: string[] = [];
  const sampling = setInterval(() => {
    void fetch(`${server.url}/metrics`).then(async (response) => {
      const text = await response.text();
      const mb = (name: string): string =>
        (Number(new RegExp(`^nodejs_${name} (\\S+)$`, 'm').exec(text)?.[1]) / 1e6).toFixed(0);
      samples.push(
        `RSS ${rssMbOf(server.pid).toFixed(0)} heap ${mb('heap_size_used_bytes')} of ${mb('heap_size_total_bytes')} external ${mb('external_memory_bytes')}`,
      );
    });
  }, 3_000);
  const load = startRecording(server.url, entriesPerSecond, textLength);
  try {
    // Recording alone lets V8's heap grow for a while.
    await sleep(stalledMs + cutMs);
    const before = peak;
    for (let n = 0; n < stalledCount; n++) subscribers.push(await subscribe(server.url));
    await sleep(stalledMs);
    const during = peak;
    await sleep(cutMs);
    const { failures, count } = await load.stop();
    expect(failures).toEqual([]);
    const streams = (await (await fetch(`${server.url}/metrics`)).text())
      .split('\n')
      .filter((line) => /^log_manager_(streams|subscri|connections_cut)/.test(line));
    report(
      `RSS ${before.toFixed(0)} MB, with subscribers that do not read ${during.toFixed(0)} MB, ` +
        `until they are cut ${peak.toFixed(0)} MB; ${count * 20} entries\n${streams.join('\n')}`,
    );

    const [{ first }] = subscribers as [(typeof subscribers)[number]];
    const ids = await readIds(first.cursor);
    for (const [at, subscriber] of subscribers.entries()) {
      const { received, cursor } = await subscriber.readToEnd();
      const start = ids.indexOf(received[0]!);
      expect([at, received]).toEqual([at, ids.slice(start, start + received.length)]);
      expect(received.length).toBeLessThan(ids.length);
      const { body } = await server.graphql(logChanges, { after: cursor, first: 1 });
      expect([at, body.data.logChanges.entries]).toEqual([at, [{ id: ids[start + received.length] }]]);
    }
    expect(peak - before).toBeLessThan(maxGrowthMb);
  } finally {
    clearInterval(watch);
    clearInterval(sampling);
    report(samples.join('\n'));
    await load.stop();
    for (const { close } of subscribers) close();
    await server.end('SIGKILL');
    await database.remove();
  }

  async function readIds(from: string): Promise<string[]> {
    const ids: string[] = [];
    for (let after = from; ;) {
      const { entries, cursor, hasMore } = (await server.graphql(logChanges, { after })).body.data.logChanges;
      for (const { id } of entries) ids.push(id);
      if (!hasMore) return ids;
      after = cursor;
    }
  }
});

/** Subscribes, reads the first message, and then nothing until `readToEnd`. */
async function subscribe(url: string) {
  const body = JSON.stringify({ query: subscription });
  const sent = request(`${url}/graphql`, {
    method: 'POST',
    agent: false,
    headers: { accept: 'text/event-stream', 'content-type': 'application/json' },
  });
  sent.end(body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const messages: { entries: { id: string }[]; cursor: string }[] = [];
  const parser = createParser({
    onEvent: ({ event, data }) => {
      const page = event === 'next' ? JSON.parse(data).data?.logRecorded : undefined;
      if (page) messages.push(page);
    },
  });
  response.setEncoding('utf8').on('data', (text: string) => parser.feed(text));
  // Cut by the server.
  const closed = new Promise((resolve) => response.once('close', resolve).once('error', () => {}));
  while (messages.length === 0) await once(response, 'data');
  response.pause();
  return {
    first: messages[0]!,
    close: () => sent.destroy(),
    /** What came until the connection was closed, and the last cursor. */
    async readToEnd() {
      response.resume();
      await closed;
      return {
        received: messages.flatMap(({ entries }) => entries.map(({ id }) => id)),
        cursor: messages.at(-1)!.cursor,
      };
    },
  };
}
