// An upper bound: Node and SQLite without GraphQL and validation.
import { createServer } from 'node:http';
import { openDatabase } from './database.mjs';
import { reportUrl, toMicros } from './process.mjs';

const database = openDatabase();
const begin = database.prepare('BEGIN IMMEDIATE');
const commit = database.prepare('COMMIT');
// One row at a time is as fast as INSERT … SELECT FROM jsonb_each(?), and faster than VALUES of 20 rows.
const insert = database.prepare(`INSERT INTO log_entry
  (time, type, properties, user_id, session_id, received_at) VALUES (?, ?, ?, ?, ?, ?)`);
// The fastest of a dozen forms, 1.6 times as fast as json_group_array(json_object(…)). A blob goes to the
// socket without conversion to a string.
const select = database
  .prepare(
    `SELECT CAST('{"data":{"logs":[' || coalesce(group_concat(entry, ','), '') || ']}}' AS BLOB)
    FROM (SELECT concat('{"time":"', date(time / 1000000, 'unixepoch'), 'T',
        time(time / 1000000, 'unixepoch'), '.',
        CASE time % 1000 WHEN 0 THEN substr(1000 + time / 1000 % 1000, 2)
          ELSE substr(1000000 + time % 1000000, 2) END,
        'Z","type":', json_quote(type), ',"properties":', properties, ',"userId":', json_quote(user_id),
        ',"sessionId":', json_quote(session_id), '}') AS entry
      FROM log_entry WHERE time >= ? AND time < ? ORDER BY time, id)`,
  )
  .pluck();

/** Sessions waiting for the next commit. */
let waiting = [];

/**
 * Commits after the first turn of the event loop without a new session. This takes a sixth less CPU time than
 * a commit in every turn; waiting for more turns saves nothing more.
 */
function commitWhenIdle(seen) {
  if (waiting.length === seen) store();
  else setImmediate(commitWhenIdle, waiting.length);
}

function store() {
  const sessions = waiting;
  waiting = [];
  const receivedAt = Date.now() * 1_000;
  begin.run();
  for (const { input } of sessions) {
    const { userId, sessionId, actions } = input;
    for (const { time, type, properties } of actions) {
      insert.run(toMicros(time), type, JSON.stringify(properties), userId, sessionId, receivedAt);
    }
  }
  commit.run();
  for (const { input, response } of sessions) {
    answer(response, `{"data":{"recordSession":{"recordedCount":${input.actions.length}}}}`);
  }
}

function answer(response, body) {
  const length = Buffer.byteLength(body);
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': length });
  response.end(body);
}

const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const body = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
    const { input, startTime, endTime } = JSON.parse(body).variables;
    if (!input) {
      answer(response, select.get(toMicros(startTime), toMicros(endTime)));
      return;
    }
    if (waiting.push({ input, response }) === 1) setImmediate(commitWhenIdle, 0);
  });
});

server.listen(Number(process.env.PORT), '127.0.0.1', () =>
  reportUrl(server.address().port, () => database.close()),
);
