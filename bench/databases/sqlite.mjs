import 'reflect-metadata';
import { createReadStream, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { openRepository } from '../../dist/src/storage/database.js';
import { makeDirectory } from '../tools/cleanup.mjs';

const sessionsPerTransaction = 5_000;

/** Creates a directory in which each database is a file. */
export async function openSqliteHost() {
  const directory = makeDirectory();
  return {
    create: (name, options) => createDatabase(join(directory.path, `${name}.sqlite`), options),
    close: async () => directory.remove(),
  };
}

async function createDatabase(file, { isMigrated = true } = {}) {
  for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
  if (isMigrated) {
    const options = {
      kind: 'sqlite',
      file,
      busyTimeoutMs: 5_000,
      queryTimeoutMs: 60_000,
      readQueueMs: 60_000,
    };
    const store = await openRepository(options, {
      onWarning: console.error,
      onReplicaChange: () => {},
    });
    await store.close();
  }
  return {
    url: `sqlite:${file}`,
    openReader: async () => openReader(file),
    micros: (expression) => expression,
    toTime: (micros) => micros,
    fill: (sessions) => fill(file, sessions),
    bytes: async () => statSync(file).size,
    countInFiles: async (text) => (await countInFile(file, text)) + (await countInFile(`${file}-wal`, text)),
  };
}

/** @returns the number of times that a text occurs in a file */
async function countInFile(file, text) {
  let count = 0;
  let rest = Buffer.of();
  for await (const chunk of createReadStream(file, { highWaterMark: 1_048_576 })) {
    const bytes = Buffer.concat([rest, chunk]);
    for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) count++;
    rest = bytes.subarray(-(Buffer.byteLength(text) - 1));
  }
  return count;
}

function openReader(file) {
  const database = new Database(file, { readonly: true });
  return {
    async *rows(sql, ...values) {
      const named = Object.fromEntries(values.map((value, at) => [at + 1, value]));
      yield* database.prepare(sql).iterate(named);
    },
    close: async () => database.close(),
  };
}

/**
 * Inserts the rows one by one in the order of their arrival, so that B-tree pages are as full as in
 * production. Nothing is synced: an interrupted fill is not used.
 */
async function fill(file, sessions) {
  const database = new Database(file);
  database.pragma('journal_mode = OFF');
  database.pragma('synchronous = OFF');
  database.pragma('secure_delete = ON');
  database.pragma('locking_mode = EXCLUSIVE');
  database.pragma('cache_size = -1000000'); // KiB
  const insert = database.prepare(`INSERT INTO log_entry
    (time, type, properties, user_id, session_id, received_at) VALUES (?, ?, ?, ?, ?, ?)`);
  const insertSession = database.prepare('INSERT INTO session VALUES (?, ?, ?, ?, ?)');
  const insertAll = database.transaction((batch) => {
    for (const { userId, sessionId, actions } of batch) {
      const [start, end] = [actions[0], actions.at(-1)].map(({ time }) => Date.parse(time) * 1_000);
      insertSession.run(sessionId, userId, start, end, actions.length);
      const receivedAt = Date.parse(actions.at(-1).time) * 1_000;
      for (const { time, type, properties } of actions) {
        const micros = Date.parse(time) * 1_000;
        insert.run(micros, type, JSON.stringify(properties), userId, sessionId, receivedAt);
      }
    }
  });
  let batch = [];
  for (const session of sessions) {
    if (batch.push(session) < sessionsPerTransaction) continue;
    insertAll(batch);
    batch = [];
    await setImmediate(); // lets Ctrl+C be handled
  }
  insertAll(batch);
  database.pragma('journal_mode = WAL');
  database.close();
}
