import { statSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { drawStore } from './population.mjs';

const sessionsPerTransaction = 5_000;

/**
 * Puts entries into a file that our server has made, row by row as they would arrive, so that pages are as full as in
 * life. Nothing is synced on the way: a fill that is cut short is of no use anyway.
 * @returns bytes on disk for each entry
 */
export async function fillStore(file, entries) {
  const database = new Database(file);
  database.pragma('journal_mode = OFF');
  database.pragma('synchronous = OFF');
  database.pragma('locking_mode = EXCLUSIVE');
  database.pragma('cache_size = -1000000'); // KiB
  const insert = database.prepare(`INSERT INTO log_entry
    (time, type, properties, user_id, session_id, received_at) VALUES (?, ?, ?, ?, ?, ?)`);
  const insertAll = database.transaction((sessions) => {
    for (const { userId, sessionId, actions } of sessions) {
      const receivedAt = Date.parse(actions.at(-1).time) * 1_000;
      for (const { time, type, properties } of actions) {
        const micros = Date.parse(time) * 1_000;
        insert.run(micros, type, JSON.stringify(properties), userId, sessionId, receivedAt);
      }
    }
  });
  let batch = [];
  for (const session of drawStore(entries)) {
    if (batch.push(session) < sessionsPerTransaction) continue;
    insertAll(batch);
    batch = [];
    await setImmediate(); // lets Ctrl+C through
  }
  insertAll(batch);
  database.pragma('journal_mode = WAL');
  database.close();
  return statSync(file).size / entries;
}
