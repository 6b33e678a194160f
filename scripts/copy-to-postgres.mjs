// Copies every entry of a SQLite file into a PostgreSQL database, with ids and `receivedAt`:
//   npm run copy-to-postgres -- data/log-manager.sqlite postgres://user:password@host/database
// Stop all servers on both first. After an interruption, run it again: it continues.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { answerHelp, refuse } from './arguments.mjs';

const require = createRequire(import.meta.url);
const usage = `Usage: npm run copy-to-postgres -- <SQLite file> <PostgreSQL URL>

Copies an existing SQLite database into a new PostgreSQL database, given as
postgres://user:password@host:5432/database. Stop all servers on both first.`;
answerHelp(usage);
const [file, url, ...rest] = process.argv.slice(2);
if (file === undefined || url === undefined) refuse('two arguments are required', usage);
if (file.startsWith('-')) refuse(`unknown argument '${file}'`, usage);
if (rest.length > 0) refuse(`unknown argument '${rest[0]}'`, usage);
if (!/^postgres(ql)?:\/\//.test(url)) refuse('the second argument must begin with postgres://', usage);
if (!existsSync(file)) refuse(`there is no file ${resolve(file)}`, usage);
await import('./setup.mjs');
require('reflect-metadata');
const sqlite3 = require('sqlite3');
const { Client } = require('pg');
const { maxEntriesPerCommit } = require('../dist/src/logs/model/limits.js');
const { openRepository } = require('../dist/src/storage/database.js');

/** Maximum number of entries per statement. */
const maxBatchEntries = 1_000;
/** Maximum bytes of their properties. As jsonb (limit: 256 MB) they can be six times as large. */
const maxBatchBytes = 8_000_000;

/** SQL that converts microseconds since 1970 to timestamptz, exactly for every allowed year. */
const toTimestamp = (micros) => `to_timestamp(0) + (${micros})::bigint / 1000000 * interval '1 second'
  + (${micros})::bigint % 1000000 * interval '1 microsecond'`;

const insert = `INSERT INTO log_entry (id, time, type, properties, user_id, session_id, received_at)
  SELECT (entry ->> 0)::bigint, ${toTimestamp('entry ->> 1')}, entry ->> 2, entry -> 3, entry ->> 4,
    entry ->> 5, ${toTimestamp('entry ->> 6')}
  FROM jsonb_array_elements($1::jsonb) AS entry`;

const select = `SELECT count(*) AS count, max(id) AS last, json_group_array(
    json_array(id, time, type, json(properties), user_id, session_id, received_at)) AS entries
  FROM (SELECT *, sum(octet_length(properties)) OVER (ORDER BY id ROWS UNBOUNDED PRECEDING) AS bytes
    FROM (SELECT * FROM log_entry WHERE id > ? ORDER BY id LIMIT ${maxBatchEntries}))
  WHERE bytes <= max(${maxBatchBytes}, octet_length(properties))`;

const source = new sqlite3.Database(file, sqlite3.OPEN_READONLY);
const read = (sql, parameters = []) =>
  new Promise((resolve, reject) => {
    source.get(sql, parameters, (error, row) => (error ? reject(error) : resolve(row)));
  });

// Creates the tables and partitions.
const store = await openRepository(
  { kind: 'postgres', url, readMaxLagMs: 1_000, poolSize: 1, queryTimeoutMs: 60_000 },
  { onWarning: (_error, message) => console.error(message), onReplicaChange: () => {} },
);
await store.close();

const target = new Client({ connectionString: url });
await target.connect();
try {
  const { rows: sequences } = await target.query('SELECT is_called FROM log_entry_id');
  if (sequences[0].is_called) {
    throw new Error('A server has already recorded entries in the target: copy into a new database.');
  }
  const { total } = await read('SELECT count(*) AS total FROM log_entry');
  const { rows } = await target.query('SELECT max(id) AS last, count(*) AS count FROM log_entry');
  let last = Number(rows[0].last);
  let copied = Number(rows[0].count);
  for (;;) {
    const batch = await read(select, [last]);
    if (batch.count === 0) break;
    await target.query({ name: 'copy', text: insert, values: [batch.entries] });
    last = batch.last;
    copied += batch.count;
    if (process.stdout.isTTY) process.stdout.write(`\r${copied} of ${total} entries`);
  }
  const { rows: counted } = await target.query('SELECT count(*) AS count FROM log_entry');
  if (Number(counted[0].count) !== total) {
    throw new Error(`The target has ${counted[0].count} entries instead of ${total}.`);
  }
  // Session totals, after all entries are copied.
  await target.query(`INSERT INTO session
    SELECT session_id, user_id, min(time), max(time), count(*) FROM log_entry GROUP BY 1, 2
    ON CONFLICT (session_id, user_id) DO UPDATE SET started_at = excluded.started_at,
      ended_at = excluded.ended_at, entry_count = excluded.entry_count`);
  // Move the sequence behind the copied ids: the next commit of a server gets greater ones.
  const blocks = Math.floor(last / maxEntriesPerCommit);
  await target.query(`SELECT setval('log_entry_id', $1)`, [String(blocks * maxEntriesPerCommit + 1)]);
  await target.query('ANALYZE log_entry');
  console.log(`${process.stdout.isTTY ? '\n' : ''}Copied: ${total} entries.`);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  await target.end();
  source.close();
}
