import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sendHttp } from '../support/server/http';
import { originalLog } from '../support/server/original-log';
import { startServer, type TestServer } from '../support/server/server';

const { userId, sessionId, actions } = originalLog;
const times = ['2018-10-19T03:37:28.000Z', '2018-10-19T03:37:30.000Z', '2018-10-19T03:37:30.000Z'];
const entries = actions.map((action, at) => ({ ...action, time: times[at], userId, sessionId }));

describe("the original's documented calls", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.stop());

  const hasRequests = spawnSync('python3', ['-c', 'import requests']).status === 0;
  if (!hasRequests) {
    const advice = 'install python3-requests (apt-get install python3-requests)';
    process.stdout.write(`skipped: the original's Python client: ${advice}\n`);
  }

  (hasRequests ? it : it.skip)('work unchanged from Python', async () => {
    const script = join(__dirname, 'support', 'original-client.py');
    const { stdout } = await promisify(execFile)(
      'python3',
      [script, server.url, JSON.stringify(originalLog)],
      { env: { ...process.env, NO_PROXY: '127.0.0.1' } },
    );
    expect(JSON.parse(stdout)).toEqual([
      [201, entries],
      [200, entries],
      // In UTC, by which dates are taken, the session is of the next day.
      [200, []],
      [200, entries.slice(0, 1)],
    ]);
  });
});

describe.each(['/logs', '/logs/'])('the REST endpoint as %s', (path) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.stop());

  const get = (query = '', body?: object) =>
    sendHttp(`${server.url}${path}${query}`, { body: body && JSON.stringify(body) });

  it('records a session and answers 201 with the entries', async () => {
    const body = JSON.stringify(originalLog);
    const answer = await sendHttp(server.url + path, { method: 'POST', body });
    expect(answer.status).toBe(201);
    expect(answer.headers['content-type']).toMatch(/^application\/json/);
    expect(answer.body).toEqual(entries);
  });

  it('returns every entry to a GET without filters', async () => {
    const answer = await get();
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toMatch(/^application\/json/);
    expect(answer.body).toEqual(entries);
    expect((await get('', {})).body).toEqual(entries);
  });

  it.each([
    [{ user: userId }, 3],
    [{ user: 'somebody else' }, 0],
    [{ type: 'VIEW' }, 1],
    [{ start_time: '2018-10-18', end_time: '2018-10-19' }, 0],
    [{ start_time: '2018-10-19', end_time: '2018-10-20' }, 3],
    [{ start_time: '2018-10-18T21:37:30-06:00' }, 2],
    [{ end_time: '2018-10-18T21:37:30-06:00' }, 1],
    [{ user: userId, type: 'CLICK', start_time: '2018-10-19', end_time: '2018-10-20' }, 1],
  ])('takes the filters %j from the query string and from a body alike', async (filters, count) => {
    const fromQuery = await get(`?${new URLSearchParams(filters as Record<string, string>)}`);
    const fromBody = await get('', filters);
    expect([fromQuery.status, fromBody.status]).toEqual([200, 200]);
    expect(fromQuery.body).toHaveLength(count);
    expect(fromBody.body).toEqual(fromQuery.body);
  });

  it('ands the filters of the query string and those of a body', async () => {
    expect((await get('?user=ABC123XYZ', { type: 'VIEW' })).body).toEqual(entries.slice(1, 2));
    expect((await get('?user=nobody', { type: 'VIEW' })).body).toEqual([]);
    expect((await get('?type=VIEW', { type: 'VIEW' })).body).toEqual(entries.slice(1, 2));
  });

  it('refuses a filter given twice with different values', async () => {
    for (const answer of [await get('?user=a', { user: 'b' }), await get('?user=a&user=b')]) {
      expect(answer.status).toBe(400);
      expect(answer.body.errors[0].extensions).toMatchObject({
        code: 'BAD_USER_INPUT',
        retryable: false,
        violations: [{ path: 'user' }],
      });
    }
  });

  it('refuses a filter given twice with one value in the query string', async () => {
    const { status, body } = await get('?user=a&user=a');
    expect([status, body.errors[0].extensions.violations[0].path]).toEqual([400, 'user']);
  });

  it('ignores format, and finds nothing in an empty range', async () => {
    expect((await get('?format=json&type=VIEW', { format: 1 })).body).toEqual(entries.slice(1, 2));
    const { status, body } = await get(`?start_time=${times[0]}&end_time=${times[0]}`);
    expect([status, body]).toEqual([200, []]);
  });

  it('refuses filters that it does not know, each by its name', async () => {
    const { status, body } = await get('?startTime=2018-10-18', { usr: 'a', __proto__x: 1 });
    expect(status).toBe(400);
    const { code, violations } = body.errors[0].extensions;
    expect(code).toBe('BAD_USER_INPUT');
    expect(violations.map((violation: { path: string }) => violation.path)).toEqual([
      'startTime',
      'usr',
      '__proto__x',
    ]);
  });

  it('does not take names that every object has for filters', async () => {
    for (const name of ['__proto__', 'constructor', 'toString']) {
      const fromQuery = await get(`?${name}=x`);
      const fromBody = await sendHttp(server.url + path, { body: `{"${name}":"x"}` });
      expect([name, fromQuery.status, fromBody.status]).toEqual([name, 400, 400]);
    }
  });

  it.each([['[]'], ['"user"'], ['1'], ['{"user":1}'], ['{"start_time":"yesterday"}'], ['{']])(
    'refuses %s as filters',
    async (body) => {
      const answer = await sendHttp(server.url + path, { body });
      expect(answer.status).toBe(400);
      expect(answer.body.errors[0].extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
    },
  );

  it('names the bounds of a range as its clients do', async () => {
    const { status, body } = await get('?start_time=2018-10-20&end_time=2018-10-19');
    expect(status).toBe(400);
    expect(body.errors[0].extensions.violations[0].path).toBe('start_time');
    expect(JSON.stringify(body)).not.toMatch(/startTime|endTime/);
  });
});
