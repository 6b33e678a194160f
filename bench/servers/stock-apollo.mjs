// Apollo Server on Express with TypeORM's repository, set up as their documentation shows.
import { readFileSync } from 'node:fs';
import { ApolloServer } from '@apollo/server';
import { expressMiddleware } from '@as-integrations/express5';
import express from 'express';
import { GraphQLScalarType } from 'graphql';
import { And, DataSource, EntitySchema, LessThan, MoreThanOrEqual } from 'typeorm';
import { databaseFile } from './database.mjs';
import { reportUrl, toMicros, toTime } from './process.mjs';

const LogEntry = new EntitySchema({
  name: 'LogEntry',
  tableName: 'log_entry',
  columns: {
    id: { type: 'integer', primary: true, generated: 'increment' },
    time: { type: 'integer' },
    type: { type: 'text' },
    properties: { type: 'simple-json' },
    userId: { type: 'text', name: 'user_id' },
    sessionId: { type: 'text', name: 'session_id' },
    receivedAt: { type: 'integer', name: 'received_at' },
  },
});
const dataSource = new DataSource({
  type: 'sqlite',
  database: databaseFile(),
  enableWAL: true,
  entities: [LogEntry],
});
await dataSource.initialize();
await dataSource.query('PRAGMA synchronous = FULL');
const entries = dataSource.getRepository(LogEntry);

/** Saves run one at a time: TypeORM has one connection, and concurrent saves would share a transaction. */
let lastSave = Promise.resolve();

async function recordSession(_root, { input: { userId, sessionId, actions } }) {
  const receivedAt = Date.now() * 1_000;
  const rows = actions.map(({ time, type, properties }) => ({
    time,
    type,
    properties: properties ?? {},
    userId,
    sessionId,
    receivedAt,
  }));
  const save = lastSave.then(() => entries.save(rows));
  lastSave = save.catch(() => undefined);
  await save;
  return { recordedCount: rows.length };
}

const logs = (_root, { startTime, endTime }) =>
  entries.find({
    where: { time: And(MoreThanOrEqual(startTime), LessThan(endTime)) },
    order: { time: 'ASC', id: 'ASC' },
  });

const apollo = new ApolloServer({
  typeDefs: readFileSync(new URL('schema.graphql', import.meta.url), 'utf8'),
  resolvers: {
    DateTime: new GraphQLScalarType({ name: 'DateTime', parseValue: toMicros, serialize: toTime }),
    JSONObject: new GraphQLScalarType({ name: 'JSONObject' }),
    Query: { logs },
    Mutation: { recordSession },
  },
});
await apollo.start();
const app = express();
app.use('/graphql', express.json(), expressMiddleware(apollo));
const server = app.listen(Number(process.env.PORT), '127.0.0.1', () =>
  reportUrl(server.address().port, () => dataSource.destroy()),
);
