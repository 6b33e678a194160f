import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createDatabase, type TestDatabase } from '../../support/database/database';
import { originalLog } from '../../support/server/original-log';
import { startServerProcess, type ServerProcess } from '../../support/processes/server-process';

let database: TestDatabase;
let server: ServerProcess;
beforeAll(async () => {
  database = await createDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url });
  const { body } = await server.graphql(
    'mutation ($input: RecordSessionInput!) { recordSession(input: $input) { recordedCount } }',
    { input: originalLog },
  );
  expect(body).toHaveProperty('data');
});
afterAll(async () => {
  const { output } = await server.end();
  await database.remove();
  // It ended because it was told to.
  expect(output).toContain('stopped');
});

const session = `(userId: ${JSON.stringify(originalLog.userId)}, sessionId: ${JSON.stringify(originalLog.sessionId)})`;

describe('a server that knows an operation', () => {
  it.each([
    [
      'two lists of one session, one wrong at once and one later',
      `query ($n: Int!) { session${session} {
        later: entries { totalCount(upTo: $n) { value } } atOnce: entries(first: $n) { nodes { id } }
      } }`,
    ],
    [
      'the same the other way round',
      `query ($n: Int!) { session${session} {
        atOnce: entries(first: $n) { nodes { id } } later: entries { totalCount(upTo: $n) { value } }
      } }`,
    ],
    [
      'such lists of each session of a page',
      `query ($n: Int!) { sessions { nodes {
        later: entries { totalCount(upTo: $n) { value } } atOnce: entries(first: $n) { nodes { id } }
      } } }`,
    ],
    [
      'a list and its count',
      `query ($n: Int!) { a: logsConnection { a: totalCount(upTo: $n) { value } nodes { id } b: totalCount(upTo: $n) { value } }
        b: logsConnection(first: $n) { nodes { id } } c: logTypes(first: $n) { types { type } } d: sessions(first: $n) { nodes { userId } } }`,
    ],
  ])('goes on after a request with several mistakes in it: %s', async (_name, query) => {
    // As often as it takes the fast path to learn it.
    for (let times = 1; times <= 3; times++) {
      expect((await server.graphql(query, { n: 1 })).body).not.toHaveProperty('errors');
    }
    for (let times = 1; times <= 2; times++) {
      const { body } = await server.graphql(query, { n: 0 });
      expect(body.errors[0].extensions.code).toBe('BAD_USER_INPUT');
    }
    expect((await server.graphql(query, { n: 1 })).body).not.toHaveProperty('errors');
  });
});
