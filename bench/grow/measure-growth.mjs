import { join } from 'node:path';
import Database from 'better-sqlite3';
import { askAll, spread } from '../tools/ask-all.mjs';
import { createDatabaseFile } from '../tools/database-file.mjs';
import { drive } from '../tools/drive.mjs';
import { canonicalJson } from '../tools/entries.mjs';
import { bodyOfSession, recorded } from '../tools/requests.mjs';
import { makeDirectory, removeDirectory, startServer } from '../tools/server-process.mjs';
import { rotate } from '../tools/statistics.mjs';
import { WrongAnswer } from '../tools/wrong-answer.mjs';
import { fillStore } from './fill-store.mjs';
import { actionsPerSession, createRandom, drawSession, lastTime } from './population.mjs';
import { drawQueries } from './store-queries.mjs';

const smallEntries = 100_000;
const readConnections = 16;
const writeConnections = 32;
const sessionsPerRound = 16_000;

/**
 * Drives our server on a small and on a full store, in turn.
 * @returns each measurement { round, store, load, rate, p99 }, what the stores are { name, entries, bytesPerEntry, memory },
 *   and how many answers were looked at
 */
export async function measureGrowth(server, { entries, rounds, ...options }) {
  const directory = makeDirectory();
  const stores = [];
  for (const [name, count] of Object.entries({
    'small store': smallEntries,
    'full store': entries,
  })) {
    stores.push(await prepareStore(name, join(directory, `${name}.sqlite`), count));
  }
  const measurements = [];
  let checked = 0;
  const measure = async (round, store, load, connections, requestsOf) => {
    const { wrong, ...result } = await drive(store.server.url, {
      ...options,
      connections,
      requestsOf,
    });
    if (wrong) throw new WrongAnswer(store.name, load, 'right answers only', wrong);
    measurements.push({ round, store: store.name, load, ...result });
    checked += result.answered;
    console.log(`  ${load.padEnd(13)} ${store.name} ${result.rate.toFixed(0).padStart(7)}/s`);
    return result;
  };
  for (const store of stores) {
    store.server = await startServer(server, store.file);
    for (const kind of store.queries) {
      kind.requests = await askAll(store.server.url, kind.requests, (request, text) =>
        checkEntries(store, kind, request, text),
      );
      checked += kind.requests.length;
    }
  }
  for (let round = 0; round < rounds; round++) {
    console.log(`Round ${round + 1} of ${rounds}`);
    for (const [at, { name }] of stores[0].queries.entries()) {
      for (const store of rotate(stores, round + at)) {
        const requestsOf = spread(store.queries[at].requests, readConnections);
        await measure(round, store, name, readConnections, requestsOf);
      }
    }
    const requests = drawWrites(round);
    const requestsOf = (connection) =>
      requests.filter((_, n) => n % writeConnections === connection);
    for (const store of rotate(stores, round)) {
      const { answered } = await measure(round, store, 'w20', writeConnections, requestsOf);
      store.acknowledged += answered;
    }
  }
  for (const store of stores) {
    store.memory = store.server.memory();
    await store.server.end();
    checked += checkWrites(store, rounds);
  }
  removeDirectory(directory);
  return { measurements, stores, checked };
}

async function prepareStore(name, file, entries) {
  console.log(`Filling the ${name} with ${entries.toLocaleString('en')} entries …`);
  const startedAt = performance.now();
  await createDatabaseFile(file);
  const bytesPerEntry = await fillStore(file, entries);
  const queries = drawQueries(file);
  console.log(`  took ${((performance.now() - startedAt) / 1_000).toFixed(0)} s`);
  return { name, file, entries, bytesPerEntry, queries, acknowledged: 0 };
}

/** Sessions of the same users, after all that is there. */
function drawWrites(round) {
  const random = createRandom(3 + round);
  return Array.from({ length: sessionsPerRound }, (_, n) => {
    const start = lastTime + (1 + round * sessionsPerRound + n) * 30_000;
    const session = drawSession(random, `new-${round}-${n}`, start);
    return { body: bodyOfSession(session), expected: recorded(session) };
  });
}

function checkEntries(store, kind, { entries }, text) {
  const expected = canonicalJson(entries);
  const actual = canonicalJson(JSON.parse(text).data?.logs ?? text);
  if (actual !== expected) throw new WrongAnswer(store.name, kind.name, expected, actual);
}

function checkWrites({ name, file, entries, acknowledged }, rounds) {
  const database = new Database(file, { readonly: true });
  const all = database.prepare('SELECT count(*) FROM log_entry').pluck().get();
  database.close();
  const stored =
    (all - Math.ceil(entries / actionsPerSession) * actionsPerSession) / actionsPerSession;
  const most = acknowledged + rounds * writeConnections;
  if (!Number.isInteger(stored) || stored < acknowledged || stored > most) {
    throw new WrongAnswer(name, 'w20', `${acknowledged} to ${most} new sessions`, stored);
  }
  return stored;
}
