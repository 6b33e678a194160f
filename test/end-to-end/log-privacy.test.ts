import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createDatabase, dialect, type TestDatabase } from '../support/database/database';
import { sendHttp } from '../support/server/http';
import { startServerProcess, type ServerProcess } from '../support/processes/server-process';

const record = `mutation ($input: RecordSessionInput!) {
  recordSession(input: $input) { recordedCount }
}`;
const session = {
  userId: 'private-user',
  sessionId: 'private-session',
  actions: [
    {
      time: '2018-10-18T21:37:28Z',
      type: 'private-type',
      properties: { 'private-key': 'private-value' },
    },
  ],
};
const badSession = {
  ...session,
  actions: [{ ...session.actions[0], time: 'private-time' }],
  'private-field': 1,
};

const failOnInsert =
  dialect === 'sqlite'
    ? `CREATE TRIGGER fail BEFORE INSERT ON log_entry BEGIN SELECT RAISE(ABORT, 'told to fail'); END`
    : `CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN RAISE ''told to fail''; END';
      CREATE TRIGGER fail BEFORE INSERT ON log_entry FOR EACH ROW EXECUTE FUNCTION fail()`;

describe.each(['debug', 'trace'])('the log at LOG_LEVEL=%s', (logLevel) => {
  let database: TestDatabase;
  let server: ServerProcess;
  const post = (path: string, body: object | string) =>
    sendHttp(server.url + path, {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });

  /** Requests of all kinds, every one with something private in it. */
  async function sendEverything(): Promise<number[]> {
    const literal = (user: string): string => `{ logs(user: "${user}") { id } }`;
    const variables = { input: session };
    const answers = [
      await post('/graphql', { query: record, variables }),
      await post('/graphql', { query: record, variables: { input: badSession } }),
      await post('/graphql', { query: record, variables: { input: 'private-input' } }),
      await post('/graphql', { query: literal('private-user') }),
      await post('/graphql', { query: literal('private-user').replace('{ id }', '{ privateId }') }),
      await post('/graphql', { query: `query { logs(user: "private-user) { id } }` }),
      await post('/graphql', { query: '{ __typename }', operationName: 'private-operation' }),
      await post('/graphql', '{"query":"private-json'),
      await post('/logs/', session),
      await post('/logs/', badSession),
      await post('/logs/private-path', session),
      await sendHttp(`${server.url}/logs/?user=private-user`),
      await sendHttp(`${server.url}/logs/?user=private-user&private-filter=1`),
      await sendHttp(`${server.url}/logs/%zz?user=private-user`),
      await sendHttp(`${server.url}/logs/`, { headers: { host: 'private-host[' } }),
      await sendHttp(`${server.url}/logs/`, { body: '{"user":"private-user"}' }),
    ];
    return answers.map(({ status }) => status);
  }

  beforeAll(async () => {
    database = await createDatabase();
    server = await startServerProcess({ DATABASE_URL: database.url, LOG_LEVEL: logLevel });
  });
  afterAll(async () => {
    await server.end();
    await database.remove();
  });

  it('holds nothing of requests that are served or refused', async () => {
    const statuses = await sendEverything();
    expect(statuses.filter((status) => status < 300)).toHaveLength(5);
    expect(statuses.filter((status) => status >= 500)).toEqual([]);
    // All but the one whose address cannot be decoded.
    const expected = statuses.length - 1;
    const answered = await server.waitForLog(({ msg }) => msg === 'request completed', expected);
    expect(answered).toHaveLength(expected);
    expect(server.output()).not.toMatch(/private/i);
  });

  it('holds nothing of requests whose answers are masked', async () => {
    await database.execute(failOnInsert);
    await sendEverything();
    await database.execute('DROP TABLE log_entry');
    await sendEverything();
    const failed = server.log().filter(({ msg }) => msg === 'request failed');
    expect(failed.length).toBeGreaterThanOrEqual(6);
    expect(JSON.stringify(failed)).toContain('told to fail');
    expect(JSON.stringify(failed)).toMatch(/no such table|relation \S+ does not exist/);
    expect(server.output()).not.toMatch(/private/i);
  });
});
