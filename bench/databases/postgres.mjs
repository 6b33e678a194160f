import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { encodeSession } from '../../dist/src/logs/recording/encode-session.js';
import { parseInstant } from '../../dist/src/logs/model/instant.js';
import { openRepository } from '../../dist/src/storage/database.js';
import { loadEmbeddedPostgres } from '../../scripts/embedded-postgres.mjs';
import { atEnd, makeDirectory } from '../tools/cleanup.mjs';

/** Settings that production servers usually raise; all others have PostgreSQL's defaults. */
const settings = { shared_buffers: '256MB', max_wal_size: '4GB' };
/** Maximum time to wait for PostgreSQL to stop. */
const maxStopMs = 10_000;
const rowsPerFetch = 5_000;
/** Sessions of 20 actions: 5,000 entries, the maximum of one statement of Log Manager. */
const sessionsPerStatement = 250;
const statementsAtOnce = 2;

/** Starts a PostgreSQL server in a new directory, on a free port. */
export async function openPostgresHost() {
  const directory = makeDirectory();
  const password = randomUUID();
  const port = await findPort();
  const flags = { listen_addresses: '127.0.0.1', ...settings };
  const { EmbeddedPostgres, remove } = await loadEmbeddedPostgres();
  const removePrograms = atEnd(remove);
  const server = new EmbeddedPostgres({
    databaseDir: directory.path,
    port,
    password,
    // PostgreSQL refuses to run as root.
    createPostgresUser: process.getuid?.() === 0,
    // The bench deletes the directory itself.
    persistent: true,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: Object.entries(flags).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    onLog: () => {},
  });
  await server.initialise();
  const stop = atEnd(() => stopServer(directory.path));
  await server.start();
  const urlOf = (name) => `postgres://postgres:${password}@127.0.0.1:${port}/${name}`;
  return {
    create: (name, options) => createDatabase(urlOf, name, options),
    close: async () => {
      stop();
      removePrograms();
      directory.remove();
    },
  };
}

function findPort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject).listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Stops PostgreSQL without a checkpoint. Synchronous, because it also runs while the process exits. */
function stopServer(directory) {
  const file = join(directory, 'postmaster.pid');
  if (!existsSync(file)) return;
  try {
    process.kill(Number(readFileSync(file, 'utf8').split('\n', 1)[0]), 'SIGQUIT');
  } catch {
    return; // The process has already ended.
  }
  const wait = new Int32Array(new SharedArrayBuffer(4));
  const latest = performance.now() + maxStopMs;
  while (existsSync(file) && performance.now() < latest) Atomics.wait(wait, 0, 0, 20);
}

async function createDatabase(urlOf, name, { isMigrated = true } = {}) {
  await withClient(urlOf('postgres'), async (client) => {
    const identifier = client.escapeIdentifier(name);
    await client.query(`DROP DATABASE IF EXISTS ${identifier} WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${identifier}`);
  });
  const url = urlOf(encodeURIComponent(name));
  if (isMigrated) {
    const store = await openStore(url);
    await store.close();
  }
  return {
    url,
    openReader: () => openReader(url),
    // PostgreSQL's files are not searched.
    countInFiles: async () => 0,
    micros: (expression) => `(extract(epoch FROM ${expression}) * 1000000)::float8`,
    toTime: (micros) => new Date(micros / 1_000),
    fill: (sessions) => fill(url, sessions),
    bytes: () => measureTable(url),
  };
}

function openStore(url) {
  const options = {
    kind: 'postgres',
    url,
    readMaxLagMs: 1_000,
    poolSize: 1,
    queryTimeoutMs: 60_000,
    readQueueMs: 60_000,
  };
  return openRepository(options, { onWarning: console.error, onReplicaChange: () => {} });
}

async function withClient(url, work) {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function openReader(url) {
  const client = new pg.Client(url);
  await client.connect();
  return {
    /** Reads through a cursor, because the rows of a load may not fit in memory. */
    async *rows(sql, ...values) {
      await client.query('BEGIN');
      await client.query(`DECLARE bench CURSOR FOR ${sql}`, values);
      for (let isMore = true; isMore;) {
        const { rows } = await client.query(`FETCH ${rowsPerFetch} FROM bench`);
        yield* rows;
        isMore = rows.length === rowsPerFetch;
      }
      await client.query('COMMIT');
    },
    close: () => client.end(),
  };
}

/** Inserts through Log Manager's repository, then vacuums and analyzes, as autovacuum does over time. */
async function fill(url, sessions) {
  const store = await openStore(url);
  const rest = batchesOf(sessions);
  const insert = async () => {
    for (const batch of rest) {
      const receivedAt = parseInstant(batch.at(-1).actions.at(-1).time);
      await store.insertSessions(
        batch.map((session) => encodeSession(session)),
        receivedAt,
      );
    }
  };
  await Promise.all(Array.from({ length: statementsAtOnce }, insert));
  await store.close();
  await withClient(url, async (client) => {
    await client.query('VACUUM ANALYZE log_entry');
    await client.query('CHECKPOINT');
  });
}

function* batchesOf(sessions) {
  let batch = [];
  for (const session of sessions) {
    if (batch.push(session) < sessionsPerStatement) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

async function measureTable(url) {
  const { rows } = await withClient(url, (client) =>
    client.query(
      `SELECT sum(pg_total_relation_size(relid))::float8 AS bytes FROM pg_partition_tree('log_entry')`,
    ),
  );
  return rows[0].bytes;
}
