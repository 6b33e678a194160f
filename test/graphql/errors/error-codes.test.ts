import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { errorCodes, type ErrorCode } from '../../../src/logs/model/error-codes';
import { createDatabase, dialect, type TestDatabase } from '../../support/database/database';
import { sendHttp, type HttpAnswer } from '../../support/server/http';
import { originalLog } from '../../support/server/original-log';
import { startServerProcess, type ServerProcess } from '../../support/processes/server-process';

const record = `mutation ($input: RecordSessionInput!) {
  recordSession(input: $input) { recordedCount }
}`;
const internals =
  /sqlite|postgres|relation|select|insert|log_entry|table|node_modules|\/src\/|\.js\b|\bat \w/i;

interface FormattedError {
  readonly message: string;
  readonly extensions: { readonly code: ErrorCode; readonly [detail: string]: unknown };
}

let database: TestDatabase;
let server: ServerProcess;
const missingTable = dialect === 'sqlite' ? 'SQLITE_ERROR' : '42P01';
const seen = new Set<ErrorCode>();

/** The only error of an answer, which says what the table says about its code. */
function errorOf(answer: HttpAnswer): FormattedError['extensions'] {
  const { text } = answer;
  const body = answer.body as { errors: FormattedError[] };
  expect(body.errors).toHaveLength(1);
  const { message, extensions } = body.errors[0]!;
  expect(extensions['retryable']).toBe(errorCodes[extensions.code].retryable);
  expect(message).toMatch(/\w{3,}/);
  expect(text).not.toMatch(/stack|node_modules|\.js:/);
  seen.add(extensions.code);
  return extensions;
}

const post = (body: object | string) =>
  sendHttp(`${server.url}/graphql`, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
const recordByRest = () =>
  sendHttp(`${server.url}/logs/`, { method: 'POST', body: JSON.stringify(originalLog) });

beforeAll(async () => {
  database = await createDatabase();
  server = await startServerProcess({
    DATABASE_URL: database.url,
    LOG_LEVEL: 'debug',
    MAX_LOGS_RESULT: '2',
    MAX_REQUEST_BYTES: '4096',
    DATABASE_BUSY_TIMEOUT_MS: '1000',
  });
});
afterAll(async () => {
  await server.end();
  await database.remove();
});

describe('errors', () => {
  it.each(['{', '{ logs(', 'query {} {', '{ logs { id } } }', '"', ''])(
    'say that %j is not GraphQL',
    async (query) => {
      const answer = await post({ query });
      expect(answer.status).toBe(400);
      expect(errorOf(answer).code).toMatch(query ? /^GRAPHQL_PARSE_FAILED$/ : /^BAD_USER_INPUT$/);
    },
  );

  it.each([
    '{ nothing }',
    '{ logs }',
    '{ logs(user: 1) { id } }',
    'mutation { recordSession { recordedCount } }',
    '{ logs { ...Missing } }',
    'query ($user: Int) { logs(user: $user) { id } }',
    'query ($unused: Int) { __typename }',
    '{ logs(user: $undefined) { id } }',
    'query ($a: Int, $a: Int) { logs(user: $a) { id } }',
  ])('say that %j does not fit the schema', async (query) => {
    const answer = await post({ query });
    expect(answer.status).toBe(400);
    for (const { extensions } of answer.body.errors as FormattedError[]) {
      expect(extensions).toMatchObject({ code: 'GRAPHQL_VALIDATION_FAILED', retryable: false });
    }
    seen.add('GRAPHQL_VALIDATION_FAILED');
  });

  it.each([
    [{ query: 'query A { __typename }', operationName: 'B' }],
    [{ query: 'query A { __typename } query B { __typename }' }],
    [{ query: record, variables: {} }],
    [{ query: record, variables: { input: 1 } }],
    [{ query: '{ __typename }', variables: [] }],
    [{ query: '{ __typename }', variables: 'x' }],
    [{ query: '{ __typename }', extensions: 1 }],
    [{ query: '{ __typename }', operationName: 1 }],
    [{ query: 1 }],
    [{}],
    [[]],
    [[{ query: '{ __typename }' }]],
    ['null'],
    ['"x"'],
  ])('say that %j is not a request', async (body) => {
    const answer = await post(body);
    expect(answer.status).toBe(400);
    expect(errorOf(answer).code).toBe('BAD_USER_INPUT');
  });

  it('tell clients that try a persisted query to send the document, in the words they wait for', async () => {
    const persistedQuery = { version: 1, sha256Hash: 'x' };
    const answer = await post({ extensions: { persistedQuery } });
    expect(errorOf(answer).code).toBe('PERSISTED_QUERY_NOT_SUPPORTED');
    expect(answer.body.errors[0].message).toBe('PersistedQueryNotSupported');
    expect(answer.status).toBe(200);
  });

  it('say once in the log that a page of another origin was refused', async () => {
    const headers = { 'access-control-request-method': 'POST' };
    for (const origin of ['https://a.example', 'https://a.example', 'https://b.example']) {
      const answer = await sendHttp(`${server.url}/graphql`, {
        method: 'OPTIONS',
        headers: { ...headers, origin },
      });
      expect([answer.status, errorOf(answer).code]).toEqual([403, 'FORBIDDEN']);
    }
    const isRefused = (line: { readonly msg?: unknown }) => String(line.msg).startsWith('refused a web page');
    const lines = await server.waitForLog(isRefused, 2);
    expect(lines.map(({ origin }) => origin)).toEqual(['https://a.example', 'https://b.example']);
  });

  it('of a field leave the status at 200 and name its path', async () => {
    const answer = await post({ query: '{ ours: logs(startTime: "x") { id } }' });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ data: null, errors: [{ path: ['ours'] }] });
    const violations = [{ path: 'startTime', message: expect.any(String) }];
    expect(errorOf(answer)).toMatchObject({ code: 'BAD_USER_INPUT', violations });
  });

  it('say that a key came with another session, and take nothing of the second one', async () => {
    const input = { ...originalLog, idempotencyKey: 'errors' };
    await post({ query: record, variables: { input } });
    const other = { ...input, sessionId: 'another' };
    const answer = await post({ query: record, variables: { input: other } });
    expect(answer.status).toBe(200);
    expect(errorOf(answer)).toEqual({ code: 'IDEMPOTENCY_KEY_REUSED', retryable: false });
  });

  it('do not repeat a long document or a long name', async () => {
    for (const query of [`{ ${'x'.repeat(3_000)} }`, `{ logs(user: $${'v'.repeat(3_000)}) { id } }`]) {
      const answer = await post({ query });
      expect(answer.status).toBe(400);
      expect(answer.body.errors[0].message.length).toBeLessThanOrEqual(1_001);
    }
  });

  it('say that a body or a result is too large', async () => {
    const large = await post({ query: `{ __typename } #${'x'.repeat(5_000)}` });
    expect([large.status, errorOf(large).code]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
    expect((await recordByRest()).status).toBe(201);
    const retryEndTime = '2018-10-19T03:37:30.000Z';
    const expected = { code: 'RESULT_TOO_LARGE', limit: 2, retryEndTime };
    expect(errorOf(await post({ query: '{ logs { id } }' }))).toMatchObject(expected);
    const rest = await sendHttp(`${server.url}/logs/`);
    expect(rest.status).toBe(400);
    expect(errorOf(rest)).toMatchObject(expected);
  });

  it('say that the same request may succeed later while the database is locked', async () => {
    const unlock = await database.lock();
    const variables = { input: originalLog };
    const answers = [post({ query: record, variables }), recordByRest()];
    const [graphql, rest] = await Promise.all(answers);
    await unlock();
    expect([graphql!.status, rest!.status]).toEqual([200, 503]);
    for (const answer of [graphql!, rest!]) {
      expect(errorOf(answer)).toMatchObject({ code: 'SERVICE_UNAVAILABLE', retryable: true });
      expect(answer.text).not.toMatch(internals);
    }
    expect((await recordByRest()).status).toBe(201);
  });

  it('say that the disk is full, and reads go on; so do writes when there is space', async () => {
    const free = await database.fill();
    const answers = [await post({ query: record, variables: { input: originalLog } }), await recordByRest()];
    expect(answers.map(({ status }) => status)).toEqual([200, 507]);
    for (const answer of answers) {
      expect(errorOf(answer)).toEqual({ code: 'STORAGE_FULL', retryable: false });
      expect(answer.text).not.toMatch(internals);
    }
    const read = await post({ query: '{ logs(user: "nobody") { id } }' });
    expect(read.body).toEqual({ data: { logs: [] } });
    await free();
    expect((await recordByRest()).status).toBe(201);
    // An operator must act. Further refusals of the minute are one line.
    const lines = await server.waitForLog(
      ({ level, msg }) => level === 'error' && msg === 'request failed',
      1,
    );
    expect(lines.map(({ err }) => (err as { type: string }).type)).toEqual(['StorageFullError']);
  });

  it('say that a filter on properties needs a bound', async () => {
    const query = `{ logsConnection(filter: {
      properties: [{ path: ["a"], is: { equals: 1 } }]
    }) { nodes { id } } }`;
    expect(errorOf(await post({ query })).code).toBe('FILTER_TOO_BROAD');
  });

  it('say that a query took too long', async () => {
    const impatient = await startServerProcess({
      DATABASE_URL: database.url,
      QUERY_TIMEOUT_MS: '100',
    });
    await database.execute(
      dialect === 'sqlite'
        ? `INSERT INTO log_entry (time, type, properties, user_id, session_id, received_at)
            WITH RECURSIVE n (at) AS (SELECT 1 UNION ALL SELECT at + 1 FROM n WHERE at < 300000)
            SELECT at, 'T', '{"a":{"b":0},"c":"' || hex(zeroblob(100)) || '"}', 'u', 's', at FROM n`
        : 'BEGIN; LOCK TABLE log_entry IN ACCESS EXCLUSIVE MODE',
    );
    // Every entry passes all but the last condition.
    const conditions = Array.from({ length: 10 }, (_, at) => `{ path: ["a", "b"], is: { gte: ${at - 8} } }`);
    const filter = `filter: { types: ["T"], properties: [${conditions.join(' ')} ] }`;
    const query = `{ logsConnection(${filter}) { nodes { id } } }`;
    // The second one waits for the first one, and is not asked any more then. Also when the operation is known.
    const two = `{ ${query.slice(1, -1)} logHistogram(${filter}, interval: MONTH) { timeZone } logs(user: "x") { id } }`;
    for (const body of [query, two, two, two, two]) {
      const answer = await sendHttp(`${impatient.url}/graphql`, {
        method: 'POST',
        body: JSON.stringify({ query: body }),
      });
      expect(errorOf(answer)).toEqual({ code: 'QUERY_TIMEOUT', retryable: false });
    }
    if (dialect === 'postgres') {
      const rest = await sendHttp(`${impatient.url}/logs/`);
      expect([rest.status, errorOf(rest).code]).toEqual([503, 'QUERY_TIMEOUT']);
    }
    await database.execute(dialect === 'sqlite' ? 'DELETE FROM log_entry' : 'ROLLBACK');
    // What has ended one query does not touch the next one.
    const next = await sendHttp(`${impatient.url}/graphql`, {
      method: 'POST',
      body: '{"query":"{ logsConnection { nodes { id } } }"}',
    });
    expect(next.body).toHaveProperty('data');
    await impatient.end();
  });

  it('that nobody expected are masked, with a request id that is also in the log', async () => {
    await database.execute('DROP TABLE log_entry');
    const answers = [
      await post({ query: '{ logs { id } }' }),
      await post({ query: record, variables: { input: originalLog } }),
      await recordByRest(),
      await sendHttp(`${server.url}/logs/`),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 500, 500]);
    for (const answer of answers) {
      const { code, ['requestId']: requestId } = errorOf(answer);
      expect(code).toBe('INTERNAL_SERVER_ERROR');
      expect(answer.text).not.toMatch(internals);
      expect(requestId).toMatch(/^[\da-f-]{36}$/);
      const lines = await server.waitForLog((line) => line.requestId === requestId, 2);
      expect(lines.map(({ msg }) => msg)).toEqual(['request failed', 'request completed']);
      expect(lines[0]).toMatchObject({ level: 'error', err: { code: missingTable } });
    }
  });

  it('have carried every code of the table in this suite', () => {
    // test/http/auth has the codes of doors, test/mistakes and test/http/slow-requests those of HTTP.
    const doors = ['UNAUTHENTICATED', 'FORBIDDEN', 'MISDIRECTED_REQUEST', 'RATE_LIMITED'];
    // test/logs/feed has the code of subscriptions.
    const feed = ['SUBSCRIBER_TOO_SLOW'];
    const http = ['NOT_FOUND', 'METHOD_NOT_ALLOWED', 'REQUEST_TIMEOUT', 'UNSUPPORTED_MEDIA_TYPE'];
    expect([...new Set<string>([...seen, ...doors, ...feed, ...http])].sort()).toEqual(
      Object.keys(errorCodes).sort(),
    );
  });
});
