// Copies a SQLite file into a PostgreSQL database: entries, sessions, idempotency keys, keys of clients and the last id.
//   npm run copy-to-postgres -- data/log-manager.sqlite postgres://user:password@host/database
// Stop all servers on both first. After an interruption, run it again: it continues.
import { statSync } from 'node:fs';
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
const { size = 0 } = statSync(file, { throwIfNoEntry: false }) ?? {};
if (size === 0) refuse(`there is no database ${resolve(file)}`, usage);
await import('./setup.mjs');
require('reflect-metadata');
const { Client } = require('pg');
const { maxEntriesPerCommit } = require('../dist/src/logs/model/limits.js');
const { openRepository } = require('../dist/src/storage/database.js');
const { columns } = require('../dist/src/storage/key-store.js');
const { findForeignSchema } = require('../dist/src/storage/sqlite/files/check-file.js');
const { openUnused } = require('../dist/src/storage/sqlite/files/open-unused.js');

/** Maximum number of entries per statement. */
const maxBatchEntries = 1_000;
/** Maximum bytes of their properties. As jsonb (limit: 256 MB) they can be six times as large. */
const maxBatchBytes = 8_000_000;

/** SQL that converts microseconds since 1970 to timestamptz, exactly for every allowed year. */
const toTimestamp = (micros) => `to_timestamp(0) + (${micros})::bigint / 1000000 * interval '1 second'
  + (${micros})::bigint % 1000000 * interval '1 microsecond'`;

const keyColumns = Object.values(columns);

/** Tables to copy, in the order of `key`. `select` takes the last key that is copied, first `least`. */
const tables = [
  {
    name: 'log_entry',
    key: 'id',
    id: 'id',
    least: 0,
    select: `SELECT count(*) AS count, max(id) AS last, json_group_array(
        json_array(id, time, type, json(properties), user_id, session_id, received_at)) AS rows
      FROM (SELECT *, sum(octet_length(properties)) OVER (ORDER BY id ROWS UNBOUNDED PRECEDING) AS bytes
        FROM (SELECT * FROM log_entry WHERE id > ? ORDER BY id LIMIT ${maxBatchEntries}))
      WHERE bytes <= max(${maxBatchBytes}, octet_length(properties))`,
    insert: `INSERT INTO log_entry (id, time, type, properties, user_id, session_id, received_at)
      SELECT (entry ->> 0)::bigint, ${toTimestamp('entry ->> 1')}, entry ->> 2, entry -> 3, entry ->> 4,
        entry ->> 5, ${toTimestamp('entry ->> 6')}
      FROM jsonb_array_elements($1::jsonb) AS entry`,
  },
  {
    name: 'idempotency_key',
    key: 'key',
    id: 'first_id',
    least: '',
    select: `SELECT count(*) AS count, max(key) AS last, json_group_array(
        json_array(key, digest, first_id, received_at)) AS rows
      FROM (SELECT * FROM idempotency_key WHERE key > ? ORDER BY key LIMIT ${maxBatchEntries})`,
    insert: `INSERT INTO idempotency_key (key, digest, first_id, received_at)
      SELECT key ->> 0, key ->> 1, (key ->> 2)::bigint, ${toTimestamp('key ->> 3')}
      FROM jsonb_array_elements($1::jsonb) AS key`,
  },
  {
    name: 'api_key',
    key: 'name',
    id: 'length(digest)',
    least: '',
    // A key may have been revoked since an interrupted copy.
    isCopiedAgain: true,
    select: `SELECT count(*) AS count, max(name) AS last, json_group_array(json_array(${keyColumns.join(', ')})) AS rows
      FROM (SELECT * FROM api_key WHERE name > ? ORDER BY name LIMIT ${maxBatchEntries})`,
    insert: `INSERT INTO api_key (${keyColumns.join(', ')})
      SELECT ${keyColumns.map((_column, at) => `key ->> ${at}`).join(', ')}
      FROM jsonb_array_elements($1::jsonb) AS key
      ON CONFLICT (digest) DO UPDATE SET revoked_at = excluded.revoked_at, last_used_at = excluded.last_used_at`,
  },
];

let source;
const read = async (sql, parameters = []) => (await source.query(sql, parameters))[0];
const target = new Client({ connectionString: url });
try {
  const path = resolve(file);
  const refusal = await findForeignSchema(path);
  if (refusal) throw new Error(`${path} ${refusal.problem}. ${refusal.advice}`);
  // Keeps servers out, whose entries would be lost.
  source = await openUnused(path);
  // Files of older versions have no notices. Those of completed erasures are not copied: the target has an epoch of its
  // own, so that consumers of the feed start anew.
  const hasNotices = await read(`SELECT 1 FROM sqlite_schema WHERE name = 'erasure'`);
  if (hasNotices && (await read('SELECT 1 FROM erasure WHERE is_finished = 0'))) {
    throw new Error(
      `${path} has an erasure that did not complete. Start the server on it once: it completes it.`,
    );
  }
  // Creates the tables and partitions.
  const store = await openRepository(
    { kind: 'postgres', url, readMaxLagMs: 1_000, poolSize: 1, queryTimeoutMs: 60_000, readQueueMs: 60_000 },
    { onWarning: (_error, message) => console.error(message), onReplicaChange: () => {} },
  );
  await store.close();
  await target.connect();
  const { rows: sequences } = await target.query('SELECT is_called FROM log_entry_id');
  if (sequences[0].is_called) {
    throw new Error('A server has already recorded entries in the target: copy into a new database.');
  }
  for (const { name, key, id, least, isCopiedAgain, select, insert } of tables) {
    // Files of older versions have no idempotency keys, or no keys of clients.
    const table = await read('SELECT 1 FROM sqlite_schema WHERE name = ?', [name]);
    if (!table && name !== 'log_entry') continue;
    // The sum tells whether keys have expired, and as many been recorded, since an interrupted copy.
    const summary = `SELECT max(${key}) AS last, count(*) AS count, sum(${id} & 16777215) AS sum FROM ${name}`;
    const { count: total, sum } = await read(summary);
    const count = async () => (await target.query(summary)).rows[0];
    let { last, count: copied } = isCopiedAgain ? { last: least, count: 0 } : await count();
    for (;;) {
      const batch = await read(select, [last ?? least]);
      if (batch.count === 0) break;
      await target.query({ name, text: insert, values: [batch.rows] });
      last = batch.last;
      copied = Number(copied) + batch.count;
      if (process.stdout.isTTY) process.stdout.write(`\r${name}: ${copied} of ${total}`);
    }
    if (process.stdout.isTTY) console.log();
    const made = await count();
    if (Number(made.count) !== total || Number(made.sum) !== Number(sum)) {
      const counts = `${made.count} and ${total}`;
      throw new Error(
        `The rows of ${name} in the target are not those of the file (${counts}): the file has changed since ` +
          'an interrupted copy. Copy into a new database.',
      );
    }
  }
  // Session totals, after all entries are copied.
  await target.query(`INSERT INTO session
    SELECT session_id, user_id, min(time), max(time), count(*) FROM log_entry GROUP BY 1, 2
    ON CONFLICT (session_id, user_id) DO UPDATE SET started_at = excluded.started_at,
      ended_at = excluded.ended_at, entry_count = excluded.entry_count`);
  await target.query('ANALYZE log_entry');
  // Last, since a target whose sequence was used is refused: the next commit gets ids that no entry of the
  // file ever had, an erased one neither.
  const { last } = await read(`SELECT coalesce(max(seq), 0) AS last FROM sqlite_sequence
    WHERE name = 'log_entry'`);
  const blocks = Math.floor(last / maxEntriesPerCommit);
  await target.query(`SELECT setval('log_entry_id', $1)`, [String(blocks * maxEntriesPerCommit + 1)]);
  const { rows } = await target.query('SELECT sum(entry_count) AS total FROM session');
  console.log(`Copied: ${rows[0].total ?? 0} entries.`);
} catch (error) {
  console.error(`error: ${error.message.replace(/^DATABASE_URL: /, '')}`);
  process.exitCode = 1;
} finally {
  await target.end().catch(() => {});
  await source?.destroy();
}
