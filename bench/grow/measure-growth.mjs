import { askAll, staggerRequests } from '../tools/ask-all.mjs';
import { drive } from '../tools/drive.mjs';
import { canonicalJson } from '../tools/entries.mjs';
import { recordSession } from '../tools/requests.mjs';
import { startServer } from '../tools/server-process.mjs';
import { rotate } from '../tools/statistics.mjs';
import { WrongAnswer } from '../tools/wrong-answer.mjs';
import {
  actionsPerSession,
  busiestUser,
  createRandom,
  drawSession,
  drawStore,
  lastTime,
} from './population.mjs';
import { measureErasing } from './measure-erasing.mjs';
import { measureQuestions } from './measure-questions.mjs';
import { createQueries, drawActions } from './store-queries.mjs';

const smallEntries = 100_000;
const readConnections = 16;
const writeConnections = 32;
const sessionsPerRound = 16_000;

/**
 * Drives Log Manager on an empty, a small and a full database in turn. The empty one is new in every round
 * and receives writes only. A store is one of these databases with its server and its requests.
 * @returns { measurements, questions, erasing, stores, checked }: measurements { round, store, load, rate,
 *   p99 }, questions { store, question, p50, p99 }, the result of measureErasing, stores { name, entries,
 *   bytesPerEntry, memory }, and the number of checked answers
 */
export async function measureGrowth(server, { entries, rounds, openHost, ...options }) {
  const host = await openHost();
  const measurements = [];
  let checked = 0;
  const measure = async (round, store, load, connections, requestsOf) => {
    const { wrong, ...result } = await drive(store.server, {
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
  const filled = [];
  for (const [name, count] of [
    ['small database', smallEntries],
    ['full database', entries],
  ]) {
    const store = await prepareStore(host, name, count);
    store.server = await startServer(server, store.database);
    for (const kind of store.queries) {
      const check = (request, text) => checkEntries(store, kind, request, text);
      kind.requests = await askAll(store.server.url, kind.requests, check);
      checked += kind.requests.length;
    }
    filled.push(store);
  }
  const questions = [];
  for (const store of filled) {
    const result = await measureQuestions(store);
    checked += result.checked;
    for (const one of result.measurements) questions.push({ store: store.name, ...one });
  }
  let empty;
  for (let round = 0; round < rounds; round++) {
    console.log(`Round ${round + 1} of ${rounds}`);
    for (const [at, { name }] of filled[0].queries.entries()) {
      for (const store of rotate(filled, round + at)) {
        const requestsOf = staggerRequests(store.queries[at].requests, readConnections);
        await measure(round, store, name, readConnections, requestsOf);
      }
    }
    const requests = drawWrites(round);
    const requestsOf = (connection) => requests.filter((_, n) => n % writeConnections === connection);
    empty = await prepareStore(host, 'empty database', 0);
    empty.server = await startServer(server, empty.database);
    for (const store of rotate([empty, ...filled], round)) {
      const { answered } = await measure(round, store, 'w20', writeConnections, requestsOf);
      store.acknowledged += answered;
    }
    checked += await endStore(empty, 1);
  }
  const full = filled.at(-1);
  const others = drawWrites(rounds).filter(({ body }) => !body.includes(`"${busiestUser}"`));
  const erasing = await measureErasing(full, others);
  checked += erasing.checked;
  full.acknowledged += erasing.recorded;
  full.erased = erasing.entries;
  for (const store of filled) checked += await endStore(store, rounds);
  await host.close();
  return { measurements, questions, erasing, stores: [empty, ...filled], checked };
}

async function prepareStore(host, name, entries) {
  const database = await host.create(name);
  const store = { name, database, entries, acknowledged: 0, drawn: [] };
  if (entries === 0) return store;
  console.log(`Filling the ${name} with ${entries.toLocaleString('en')} entries …`);
  const startedAt = performance.now();
  const { drawn } = store;
  await database.fill(drawActions(drawStore(entries), entries, drawn));
  store.bytesPerEntry = (await database.bytes()) / entries;
  store.queries = await createQueries(database, drawn);
  console.log(`  took ${((performance.now() - startedAt) / 1_000).toFixed(0)} s`);
  return store;
}

/** New sessions of the same users, later than all stored entries. */
function drawWrites(round) {
  const random = createRandom(3 + round);
  return Array.from({ length: sessionsPerRound }, (_, n) => {
    const start = lastTime + (round * sessionsPerRound + n) * 1_000;
    const session = drawSession(random, `new-${round}-${n}`, start);
    return {
      body: recordSession.bodyOfSession(session),
      expected: recordSession.recorded(session),
    };
  });
}

function checkEntries(store, kind, { entries }, text) {
  const expected = canonicalJson(entries);
  const actual = canonicalJson(JSON.parse(text).data?.logs ?? text);
  if (actual !== expected) throw new WrongAnswer(store.name, kind.name, expected, actual);
}

/** Stops the server and checks the number of entries. @returns the number of new sessions that are stored */
async function endStore(store, rounds) {
  const { name, server, database, entries, acknowledged, erased = 0 } = store;
  store.memory = server.memory();
  await server.end();
  const reader = await database.openReader();
  let all;
  for await (const { count } of reader.rows('SELECT CAST(count(*) AS integer) AS count FROM log_entry')) {
    all = count;
  }
  await reader.close();
  const stored =
    (all + erased - Math.ceil(entries / actionsPerSession) * actionsPerSession) / actionsPerSession;
  const most = acknowledged + rounds * writeConnections;
  if (!Number.isInteger(stored) || stored < acknowledged || stored > most) {
    throw new WrongAnswer(name, 'w20', `${acknowledged} to ${most} new sessions`, stored);
  }
  return stored;
}
