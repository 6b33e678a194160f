import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKeyText } from '../../src/logs/access/api-key';
import { createDatabase, dialect, type TestDatabase } from '../support/database/database';
import { openTestStore } from '../support/database/store';
import { runCommand } from '../support/processes/command';
import { runToEnd, startServerProcess, type ServerProcess } from '../support/processes/server-process';
import { caseCount } from '../support/scale';
import { sendHttp } from '../support/server/http';
import { toStoredKey } from '../support/server/keyed-server';

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

/** The origin of a page that is refused, which is logged once: it is the address of an app, and not of a person. */
const refusedOrigin = 'https://private-origin.example';

/** Headers that hold secrets, or what people do. */
const headers = {
  authorization: 'Bearer private-bearer',
  cookie: 'private-cookie=1',
  'user-agent': 'private-agent',
  referer: 'http://localhost/private-page',
};

const failOnInsert =
  dialect === 'sqlite'
    ? `CREATE TRIGGER fail BEFORE INSERT ON log_entry BEGIN SELECT RAISE(ABORT, 'told to fail'); END`
    : `CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN RAISE ''told to fail''; END';
      CREATE TRIGGER fail BEFORE INSERT ON log_entry FOR EACH ROW EXECUTE FUNCTION fail()`;

describe.each(['trace', 'debug'].slice(0, caseCount(1, 2)))('the log at LOG_LEVEL=%s', (logLevel) => {
  let database: TestDatabase;
  let server: ServerProcess;
  const post = (path: string, body: object | string) =>
    sendHttp(server.url + path, {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers,
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
      await sendHttp(`${server.url}/logs/`, {
        headers: { ...headers, origin: refusedOrigin },
      }),
      await sendHttp(`${server.url}/logs/`, { headers: { 'idempotency-key': 'private-key' } }),
    ];
    // Errors may repeat the names of fields, parameters and origins, which help to correct the request, and no values.
    const errors = answers.filter(({ status }) => status >= 400).map(({ text }) => text);
    expect(errors.join('\n').replaceAll(/private-?(field|Id|operation|filter|origin)/g, '')).not.toMatch(
      /private/i,
    );
    return answers.map(({ status }) => status);
  }

  function expectNothingPrivate(): void {
    const [before, after, ...others] = server.output().split(refusedOrigin);
    expect(others).toEqual([]);
    expect(before! + after!).not.toMatch(/private/i);
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
    expect(statuses.filter((status) => status < 300)).toHaveLength(6);
    expect(statuses.filter((status) => status >= 500)).toEqual([]);
    // All but the one whose address cannot be decoded.
    const expected = statuses.length - 1;
    const answered = await server.waitForLog(({ msg }) => msg === 'request completed', expected);
    expect(answered).toHaveLength(expected);
    expectNothingPrivate();
    expect((await sendHttp(`${server.url}/metrics`)).text).not.toMatch(/private/i);
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
    expectNothingPrivate();
  });
});

describe('a server with keys', () => {
  const adminKey = 'private-admin-key'.padEnd(32, '!');
  const [text, unknown] = [createKeyText(), createKeyText()];
  const mistyped = `${text.slice(0, -1)}${text.endsWith('A') ? 'B' : 'A'}`;
  const secrets = [adminKey, text, unknown, mistyped, text.slice(12), 'private-basic'];
  let database: TestDatabase;
  let server: ServerProcess;

  beforeAll(async () => {
    database = await createDatabase();
    const store = await openTestStore(database.url);
    await store.keys.insert(toStoredKey(text, { name: 'eraser', scopes: ['record', 'erase'] }));
    await store.close();
    const settings = { DATABASE_URL: database.url, ADMIN_KEY: adminKey, LOG_LEVEL: 'trace' };
    server = await startServerProcess(settings);
  });
  afterAll(async () => {
    await server.end();
    await database.remove();
  });

  /** Sends a request with each secret. Returns the answers, as the text of headers and body. */
  async function sendSecrets(): Promise<{ readonly status: number; readonly answer: string }[]> {
    const bodies = [
      { query: 'mutation { deleteUserData(userId: "private-user") { deletedCount } }' },
      { query: '{ logs(user: "private-user") { id } }' },
      { query: record, variables: { input: session } },
    ];
    const requests = [...secrets.map((secret) => `Bearer ${secret}`), text, `Basic ${secrets[5]}`].flatMap(
      (authorization) =>
        bodies.map((body) => ({
          path: '/graphql',
          body: JSON.stringify(body),
          headers: { ...headers, authorization, 'idempotency-key': 'private-key' },
        })),
    );
    // A beacon has its key in the body.
    const beacon = {
      path: '/logs/',
      headers: { ...headers, authorization: '', 'content-type': 'text/plain' },
    };
    const beacons = secrets.map((key) => ({ ...beacon, body: JSON.stringify({ key, ...session }) }));
    const answers = [];
    for (const { path, ...request } of [...requests, ...beacons]) {
      const {
        status,
        headers: answered,
        text: answer,
      } = await sendHttp(server.url + path, {
        method: 'POST',
        ...request,
      });
      answers.push({ status, answer: JSON.stringify(answered) + answer });
    }
    return answers;
  }

  it('shows no key and nothing of requests in answers, the log and metrics', async () => {
    const answers = await sendSecrets();
    const statuses = new Set(answers.map(({ status }) => status));
    expect(statuses).toEqual(new Set([200, 401, 403]));
    await server.waitForLog(({ msg }) => msg === 'request completed', answers.length);
    const metrics = await sendHttp(`${server.url}/metrics`);
    expect(metrics.status).toBe(200);
    const shown = [server.output(), metrics.text, ...answers.map(({ answer }) => answer)].join('\n');
    for (const secret of secrets) expect(shown).not.toContain(secret);
    expect(shown).not.toMatch(/private/i);
    if (dialect === 'postgres') expect(shown).not.toContain(new URL(database.url).password);
  });

  it('names the key that erases, and not the user', async () => {
    const lines = server.log().filter(({ msg }) => msg === 'entries deleted');
    expect(new Set(lines.map(({ key }) => key))).toEqual(new Set(['ADMIN_KEY', 'eraser']));
    expect(Object.keys(lines[0]!).sort()).toEqual(
      ['deletedCount', 'isResumed', 'key', 'level', 'ms', 'msg', 'mutation', 'time'].sort(),
    );
  });

  it('is listed without its keys and their digests', async () => {
    for (const args of [[], ['--json']]) {
      const { exitCode, stdout, stderr } = await runCommand(['keys', 'list', ...args], {
        DATABASE_URL: database.url,
        ADMIN_KEY: adminKey,
      });
      expect([exitCode, stderr]).toEqual([0, '']);
      expect(stdout).toContain(text.slice(0, 9));
      for (const secret of secrets) expect(stdout).not.toContain(secret);
      expect(stdout).not.toContain(toStoredKey(text, { name: 'eraser' }).digest);
      expect(stdout).not.toMatch(/private|digest/i);
    }
  });
});

describe('a start that is refused', () => {
  it('shows no secret of its settings', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'log-manager-secrets-'));
    const file = join(directory, 'admin-key');
    writeFileSync(file, 'private and too short');
    const [one, two, three] = ['1', '2', '3'].map((end) => `private-${end}`.padEnd(40, '-'));
    const url = 'postgres://private-user:private-password@127.0.0.1:1';
    for (const settings of [
      { ADMIN_KEY: 'private', ADMIN_KEY_FILE: file, DATABASE_URL: url, DATABASE_READ_URL: url },
      { ADMIN_KEY: `${one},${two},${three}`, ADMIN_KEY_FILE: join(directory, 'missing') },
    ]) {
      const { exitCode, output } = await runToEnd(settings);
      expect(exitCode).toBe(2);
      for (const name of Object.keys(settings)) expect(output).toContain(`  ${name}: must be `);
      expect(output).toContain(settings.ADMIN_KEY_FILE);
      expect(output).not.toMatch(/private/i);
    }
    rmSync(directory, { recursive: true });
  });

  it('shows no password of a database that it cannot reach', async () => {
    const settings = {
      DATABASE_URL: 'postgres://private-user:private-password@127.0.0.1:1/logs?application_name=private-name',
      ADMIN_KEY: 'private-admin-key'.padEnd(32, '!'),
      LOG_LEVEL: 'trace',
    };
    const { output } = await runToEnd(settings, 'waiting for the database');
    expect(output).toContain('waiting for the database');
    expect(output).not.toMatch(/private/i);
  });
});
