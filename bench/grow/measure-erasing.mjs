import { request } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { percentile } from '../tools/statistics.mjs';
import { WrongAnswer } from '../tools/wrong-answer.mjs';
import { busiestUser } from './population.mjs';

/** Number of clients; each sends its next request after the answer to the one before. */
const writers = 4;
const readers = 4;
const beforeMs = 10_000;

/**
 * Erases the user with the most entries while other clients record and read.
 * @param store a store of measureGrowth
 * @param writes requests that record sessions of other users: { body, expected }
 * @returns { entries, seconds, before, during, recorded, checked }; before and during are { write, read },
 *   the 99th percentiles of the latency in milliseconds
 */
export async function measureErasing(store, writes) {
  const { server, database } = store;
  const entries = await count(database, 'SELECT count(*) AS count FROM log_entry WHERE user_id = $1');
  const load = startLoad(store, writes);
  await setTimeout(beforeMs);
  const before = load.takeP99();
  const startedAt = performance.now();
  const { deletedCount } = await erase(server.url);
  const seconds = (performance.now() - startedAt) / 1_000;
  const during = load.takeP99();
  const { recorded, checked } = await load.stop();
  const assertEqual = (what, expected, actual) => {
    if (actual !== expected) throw new WrongAnswer(store.name, what, expected, actual);
  };
  assertEqual('erased', entries, deletedCount);
  for (const table of ['log_entry', 'session']) {
    const left = await count(database, `SELECT count(*) AS count FROM ${table} WHERE user_id = $1`);
    assertEqual(`left in ${table}`, 0, left);
  }
  assertEqual('found in files', 0, await database.countInFiles(busiestUser));
  console.log(
    `  erasing ${entries.toLocaleString('en')} of ${store.name} took ${seconds.toFixed(1)} s; p99 in ms: ` +
      `write ${before.write.toFixed(1)} before, ${during.write.toFixed(1)} during; ` +
      `read ${before.read.toFixed(1)} before, ${during.read.toFixed(1)} during`,
  );
  return { entries, seconds, before, during, recorded, checked };
}

async function count(database, sql) {
  const reader = await database.openReader();
  try {
    for await (const row of reader.rows(sql, busiestUser)) return Number(row.count);
  } finally {
    await reader.close();
  }
}

function startLoad({ name, server, queries }, writes) {
  const others = queries[0].requests.filter(({ body }) => !body.includes(`"${busiestUser}"`));
  const times = { write: [], read: [] };
  let isStopped = false;
  let recorded = 0;
  let checked = 0;
  const work = async (kind, requests, first, step) => {
    for (let at = first; !isStopped; at += step) {
      const { body, expected } = requests[at % requests.length];
      const startedAt = performance.now();
      const text = await send(server.url, body);
      times[kind].push(performance.now() - startedAt);
      checked++;
      if (kind === 'write') recorded++;
      const isRight = typeof expected === 'number' ? text.length === expected : text.trim() === expected;
      if (!isRight) throw new WrongAnswer(name, `${kind} while erasing`, expected, text);
    }
  };
  const running = Promise.all([
    ...Array.from({ length: writers }, (_, at) => work('write', writes, at, writers)),
    ...Array.from({ length: readers }, (_, at) => work('read', others, at * 31, 7)),
  ]);
  running.catch(() => {});
  return {
    takeP99: () => {
      const { write, read } = times;
      times.write = [];
      times.read = [];
      return { write: percentile(write, 0.99), read: percentile(read, 0.99) };
    },
    stop: async () => {
      isStopped = true;
      await running;
      return { recorded, checked };
    },
  };
}

async function send(url, body) {
  const headers = { 'content-type': 'application/json' };
  return (await fetch(url, { method: 'POST', headers, body })).text();
}

/** Uses node:http, because `fetch` times out. */
function erase(url) {
  const query = `mutation { deleteUserData(userId: "${busiestUser}") { deletedCount } }`;
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers: { 'content-type': 'application/json' } });
    sent.on('error', reject).on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part) => (text += part));
      response.on('error', reject).on('end', () => {
        const { data, errors } = JSON.parse(text);
        if (errors) reject(new Error(text));
        else resolve(data.deleteUserData);
      });
    });
    sent.end(JSON.stringify({ query }));
  });
}
