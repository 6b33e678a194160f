// Mercurius with graphql-jit on Fastify, over prepared statements of better-sqlite3; one transaction per
// mutation.
import { readFileSync } from 'node:fs';
import fastify from 'fastify';
import mercurius from 'mercurius';
import { openDatabase } from './database.mjs';
import { reportUrl, toMicros, toTime } from './process.mjs';

const database = openDatabase();
const insert = database.prepare(`INSERT INTO log_entry
  (time, type, properties, user_id, session_id, received_at) VALUES (?, ?, ?, ?, ?, ?)`);
const select = database.prepare(`SELECT id, time, type, properties, user_id AS userId, session_id AS sessionId
  FROM log_entry WHERE time >= ? AND time < ? ORDER BY time, id`);

const recordSession = database.transaction(({ userId, sessionId, actions }) => {
  const receivedAt = Date.now() * 1_000;
  for (const { time, type, properties } of actions) {
    insert.run(time, type, JSON.stringify(properties ?? {}), userId, sessionId, receivedAt);
  }
  return { recordedCount: actions.length };
});

const app = fastify();
app.register(mercurius, {
  schema: readFileSync(new URL('schema.graphql', import.meta.url), 'utf8'),
  jit: 1,
  resolvers: {
    DateTime: { parseValue: toMicros, serialize: toTime },
    JSONObject: { parseValue: (value) => value, serialize: (text) => JSON.parse(text) },
    Query: { logs: (_root, { startTime, endTime }) => select.all(startTime, endTime) },
    Mutation: { recordSession: (_root, { input }) => recordSession(input) },
  },
});
await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
reportUrl(app.server.address().port, () => database.close());
