import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createEraser } from '../../src/logs/erasing/eraser';
import { dialect } from '../support/database/database';
import { openTestStore } from '../support/database/store';
import { report } from '../support/processes/programs';
import { startServerProcess, type ServerProcess } from '../support/processes/server-process';
import { openFilledDatabase, type FilledDatabase } from './support/filled-database';

const entryCount = 400_000;
const rounds = 5;
/** Milliseconds that reads may add to an erasing, and how often they may make its own work longer on a busy machine. */
const maxAddedMs = 2_000;
const maxFactor = 4;

const microsPerDay = 86_400_000_000n;
const now = BigInt(Date.now()) * 1_000n;
const dayOf = (daysAgo: number): string =>
  new Date(Number((now - BigInt(daysAgo) * microsPerDay) / 1_000n)).toISOString();

const range = `startTime: "${dayOf(300)}", endTime: "${dayOf(0)}"`;
const histogram = `{ logHistogram(filter: { ${range} }, interval: DAY, groupBy: USER) {
  buckets { count groups { key count } } } }`;
const rare = '{ logs(user: "big", type: "RARE") { id } }';
const page = '{ logsConnection(filter: { userIds: ["big"] }, first: 1000) { nodes { id properties } } }';
const conditions = ['page', 'locationX', 'locationY', 'ok']
  .flatMap((key) => [key, key])
  .map((key) => `{ path: ["${key}"], is: { isNull: false } }`);
/** Takes longer than the server lets reads hold up an erasing. */
const slow = `{ logHistogram(filter: { ${range}, properties: [${conditions.join(', ')}] }, interval: DAY) {
  buckets { count } } }`;
const types = '{ logTypes { types { type count } } }';

let database: FilledDatabase;
let server: ServerProcess;
beforeAll(async () => {
  database = await openFilledDatabase(entryCount);
  server = await startServerProcess({ DATABASE_URL: database.url });
});
afterAll(async () => {
  await server.end();
  await database.remove();
});

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return Math.round(performance.now() - startedAt);
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Asks queries side by side, each again and again, until the work is done. Clients wait as refusals tell them. */
async function beside<Result>(queries: readonly string[], work: () => Promise<Result>): Promise<Result> {
  let isDone = false;
  let refusedCount = 0;
  const latencies: number[] = [];
  const clients = queries.map(async (query) => {
    while (!isDone) {
      const startedAt = performance.now();
      const { status, body } = await server.graphql(query);
      latencies.push(Math.round(performance.now() - startedAt));
      if (status === 200) expect(body.errors).toBeUndefined();
      else {
        expect(body.errors[0].extensions).toMatchObject({
          code: 'SERVICE_UNAVAILABLE',
          retryAfterMs: anyNumber,
        });
        const { retryAfterMs } = body.errors[0].extensions;
        for (let waited = 0; waited < retryAfterMs && !isDone; waited += 100) await pause(100);
        refusedCount++;
      }
    }
  });
  await pause(500);
  const result = await work().finally(() => (isDone = true));
  await Promise.all(clients);
  report(`${latencies.length} answers, ${refusedCount} refusals; slowest ${Math.max(...latencies)} ms`);
  return result;
}

const anyNumber: unknown = expect.any(Number);

describe('20 entries are erased soon', () => {
  let idleMs = 0;
  let erasedCount = 0;

  async function erase(): Promise<number> {
    const userId = `erased-${erasedCount++}`;
    const actions = Array.from({ length: 20 }, () => ({ time: dayOf(10), type: 'CLICK' }));
    const record =
      'mutation ($input: RecordSessionInput!) { recordSession(input: $input) { recordedCount } }';
    const recorded = await server.graphql(record, { input: { userId, sessionId: userId, actions } });
    expect(recorded.body.errors).toBeUndefined();
    return timed(async () => {
      const { body } = await server.graphql(
        `mutation { deleteUserData(userId: "${userId}") { deletedCount } }`,
      );
      expect(body).toEqual({ data: { deleteUserData: { deletedCount: 20 } } });
    });
  }

  beforeAll(async () => {
    // The first one overwrites what filling has left.
    await erase();
    for (let round = 0; round < 3; round++) idleMs = Math.max(idleMs, await erase());
    report(`idle: ${idleMs} ms`);
  });

  it.each([
    ['two histograms', [histogram, histogram]],
    ['three reads of a user and a type', [rare, rare, rare]],
    ['three slow histograms', [slow, slow, slow]],
    ['sixteen expensive reads', [...Array<string>(8).fill(histogram), ...Array<string>(8).fill(rare)]],
    ['sixteen large pages', Array<string>(16).fill(page)],
  ])('beside %s that are asked continuously', async (name, queries) => {
    const durations = await beside(queries, async () => {
      const found: number[] = [];
      while (found.length < rounds) {
        found.push(await erase());
        await pause(1_000);
      }
      return found;
    });
    report(`beside ${name}: ${durations.join(', ')} ms`);
    for (const ms of durations) expect(ms).toBeLessThan(maxFactor * idleMs + maxAddedMs);
  });

  it('beside other erasings, which let a slow read end', async () => {
    await beside([slow], async () => {
      const until = performance.now() + 20_000;
      while (performance.now() < until) await Promise.all([erase(), erase(), erase()]);
    });
  });
});

it('retention is as soon beside expensive reads', async () => {
  // Another process than that of the reads.
  const store = await openTestStore(database.url);
  /** Erases what is older; on PostgreSQL whole months, without mending the sums of their sessions. */
  const expire = async (retentionDays: number): Promise<void> => {
    const endTime = await store.dropExpired(now - BigInt(retentionDays) * microsPerDay);
    if (dialect === 'sqlite') {
      const eraser = createEraser(store);
      await eraser.erase(eraser.findSessions({ endTime }), {
        endTime,
        onErased: () => {},
        isCancelled: () => false,
      });
    }
    expect(await store.countEntries({ endTime }, 1, { mustBeLatest: true })).toBe(0);
  };
  try {
    const idleMs = await timed(() => expire(240));
    const busyMs = await beside([types, types, types, slow], () => timed(() => expire(150)));
    report(`retention: ${idleMs} ms idle, ${busyMs} ms beside reads`);
    expect(busyMs).toBeLessThan(maxFactor * idleMs + maxAddedMs);
  } finally {
    await store.close();
  }
});
