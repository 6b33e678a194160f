import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sendHttp, type HttpAnswer } from '../support/server/http';
import { originalLog } from '../support/server/original-log';
import { startServer, type TestServer } from '../support/server/server';

const maxRequestBytes = 2_048;
let server: TestServer;
beforeAll(async () => {
  server = await startServer({ MAX_REQUEST_BYTES: String(maxRequestBytes) });
});
afterAll(() => server.stop());

function expectError(answer: HttpAnswer, status: number, code: string): void {
  expect(answer.status).toBe(status);
  expect(answer.headers['content-type']).toMatch(/^application\/json/);
  expect(answer.body.errors).toHaveLength(1);
  expect(answer.body.errors[0].extensions).toMatchObject({ code, retryable: false });
  expect(answer.body.errors[0].message).toMatch(/\w{3,}/);
}

/** A request body of exactly so many bytes. */
function padded(value: object, bytes: number): string {
  const text = JSON.stringify(value);
  return text + ' '.repeat(bytes - Buffer.byteLength(text));
}

describe.each([
  ['GraphQL', 'POST', '/graphql', { query: '{ __typename }' }, 200],
  ['POST /logs/', 'POST', '/logs/', originalLog, 201],
  ['GET /logs/', 'GET', '/logs/', { user: 'nobody' }, 200],
] as const)('a body for %s', (_name, method, path, value, success) => {
  it('of MAX_REQUEST_BYTES is taken', async () => {
    const body = padded(value, maxRequestBytes);
    expect((await sendHttp(server.url + path, { method, body })).status).toBe(success);
  });

  it.each([
    ['with', false],
    ['without', true],
  ])('of one byte more is refused with 413, %s its length in a header', async (_how, chunked) => {
    const body = padded(value, maxRequestBytes + 1);
    const answer = await sendHttp(server.url + path, { method, body, chunked });
    expectError(answer, 413, 'PAYLOAD_TOO_LARGE');
  });

  it('that is no JSON is refused', async () => {
    for (const body of ['{', "{'a':1}", 'null null', '{"a":NaN}', '\u0000']) {
      const answer = await sendHttp(server.url + path, { method, body });
      expectError(answer, 400, 'BAD_USER_INPUT');
      expect(answer.body.errors[0].message).toMatch(
        /^Invalid JSON at position \d+ in the request body(, which ends there too early)?\.$/,
      );
    }
    const { text } = await sendHttp(server.url + path, { method, body: '{private' });
    expect(text).toContain('Invalid JSON at position 1 in');
    expect(text).not.toContain('private');
  });

  it('may begin with a byte order mark', async () => {
    const body = `\ufeff${JSON.stringify(value)}`;
    expect((await sendHttp(server.url + path, { method, body })).status).toBe(success);
    for (const wrong of [`\ufeff\ufeff${JSON.stringify(value)}`, '\ufeff', ' \ufeff{}', '{}\ufeff']) {
      const answer = await sendHttp(server.url + path, { method, body: wrong });
      expectError(answer, 400, 'BAD_USER_INPUT');
    }
  });

  it('that is no UTF-8 is refused', async () => {
    const text = JSON.stringify({ ...value, user: '\u00ff' });
    const answer = await sendHttp(server.url + path, { method, body: Buffer.from(text, 'latin1') });
    expectError(answer, 400, 'BAD_USER_INPUT');
    expect(answer.body.errors[0].message).toContain('UTF-8');
  });

  it('of another content type is refused with 415', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml']) {
      const headers = { 'content-type': type };
      const body = JSON.stringify(value);
      const answer = await sendHttp(server.url + path, { method, headers, body });
      expectError(answer, 415, 'UNSUPPORTED_MEDIA_TYPE');
      expect(answer.headers['accept']).toBe('application/json');
    }
  });

  it('may say that JSON is UTF-8', async () => {
    const headers = { 'content-type': 'application/json; charset=utf-8' };
    const body = JSON.stringify(value);
    const answer = await sendHttp(server.url + path, { method, headers, body });
    expect(answer.status).toBe(success);
  });
});

describe('the door', () => {
  it('answers 404 where nothing is', async () => {
    for (const path of ['/log', '/logs/1', '/admin', '/graphql/x', '/%2e%2e/etc/passwd']) {
      expectError(await sendHttp(server.url + path), 404, 'NOT_FOUND');
      // Before the body is parsed.
      const form = { 'content-type': 'application/x-www-form-urlencoded' };
      expectError(
        await sendHttp(server.url + path, { method: 'POST', headers: form, body: '{' }),
        404,
        'NOT_FOUND',
      );
    }
  });

  it.each([
    ['PUT', '/logs/', 'GET, HEAD, POST'],
    ['DELETE', '/logs', 'GET, HEAD, POST'],
    ['OPTIONS', '/logs/', 'GET, HEAD, POST'],
    ['PATCH', '/graphql', 'GET, POST'],
    ['DELETE', '/graphql/?query={a}', 'GET, POST'],
    ['POST', '/livez', 'GET, HEAD'],
    ['POST', '/schema.graphql', 'GET, HEAD'],
  ])('answers 405 to %s %s, and names the methods', async (method, path, allowed) => {
    const answer = await sendHttp(server.url + path, { method });
    expectError(answer, 405, 'METHOD_NOT_ALLOWED');
    expect(answer.headers['allow']).toBe(allowed);
  });

  it('takes GraphQL at /graphql/ too, also of a browser', async () => {
    const answer = await sendHttp(`${server.url}/graphql/`, {
      method: 'POST',
      body: '{"query":"{__typename}"}',
    });
    expect(answer.body).toEqual({ data: { __typename: 'Query' } });
    const page = await sendHttp(`${server.url}/graphql/`, { headers: { accept: 'text/html' } });
    expect([page.status, page.headers['content-security-policy']]).toEqual([200, expect.any(String)]);
    expectError(
      await sendHttp(`${server.url}/graphql/`, { headers: { host: 'evil.example' } }),
      421,
      'MISDIRECTED_REQUEST',
    );
  });

  it('refuses a path that is not well encoded', async () => {
    expectError(await sendHttp(`${server.url}/logs/%zz`), 400, 'BAD_USER_INPUT');
  });

  it.each([
    '/logs/?user=%E9',
    '/logs?user=%zz',
    '/logs/?user=%ED%A0%80',
    '/logs/?user=100%',
    '/logs/?%FF=a',
    '/logs/?format=%FF',
    '/logs/?user=%C0%AF',
    '/graphql?query=%7B__typename%7D&variables=%7B%22a%22:%22%FF%22%7D',
    '/graphql?query=%7B__typename%7D%zz',
  ])('refuses the query string of %s, and says how to write it', async (path) => {
    const answer = await sendHttp(server.url + path);
    expectError(answer, 400, 'BAD_USER_INPUT');
    const { violations } = answer.body.errors[0].extensions;
    expect(violations).toEqual([{ path: 'query string', message: expect.stringContaining('%25') }]);
  });

  it.each(['user=\xe9', 'user=\xc3\xa9'])('refuses the bytes of %s in a query string', async (query) => {
    const { hostname, port } = new URL(server.url);
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(Number(port), hostname, () => {
        socket.end(`GET /logs/?${query} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n`, 'latin1');
      });
      let text = '';
      socket.on('data', (chunk: Buffer) => (text += String(chunk))).on('close', () => resolve(text));
    });
    expect(answer).toContain('HTTP/1.1 400');
    expect(answer).toContain('BAD_USER_INPUT');
  });

  const spaced = '2018-10-18T21:37:28+06:00';
  const query = `query=query($t:DateTime){logs(startTime:$t){id}}&variables={"t":"${spaced}"}`;
  it.each([
    `/logs/?start_time=${spaced}`,
    `/logs/?end_time=2018-10-18T21:37:28.5+00:00`,
    `/graphql?${encodeURI(query)}`,
    `/graphql?query=${encodeURI(`{logs(endTime:"${spaced}"){id}}`)}`,
  ])('says for the date of %s, whose + is a space, to write %%2B', async (path) => {
    const { body } = await sendHttp(server.url + path);
    const { code, violations } = body.errors[0].extensions;
    expect([code, violations[0].message]).toEqual(['BAD_USER_INPUT', expect.stringContaining('%2B')]);
    const encoded = path.replace(/\+/g, '%2B');
    expect((await sendHttp(server.url + encoded)).body.errors).toBeUndefined();
  });

  it('lets browsers send Idempotency-Key, and read Idempotent-Replayed and Link', async () => {
    const origin = 'http://localhost:3000';
    for (const path of ['/logs/', '/graphql']) {
      const preflight = await sendHttp(server.url + path, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'content-type,idempotency-key',
        },
      });
      expect(preflight.headers['access-control-allow-headers']).toMatch(/idempotency-key/i);
      const { headers } = await sendHttp(server.url + path, { headers: { origin } });
      expect(headers['access-control-expose-headers']).toBe(
        'Content-Disposition, Csv-Formulas, Idempotent-Replayed, Link, Recorded-Count, Retry-After',
      );
    }
  });

  it('lets only the origins of CORS_ORIGINS in', async () => {
    const allowed = 'https://a.example';
    for (const [setting, expected] of [
      ['*', [undefined, undefined]],
      ['none', [undefined, undefined]],
      [`https://c.example,${allowed}`, [allowed, undefined]],
    ] as const) {
      const other = await startServer({ CORS_ORIGINS: setting });
      try {
        const answers = await Promise.all(
          [allowed, 'https://b.example'].map((origin) =>
            sendHttp(`${other.url}/logs/`, { headers: { origin } }),
          ),
        );
        const headers = answers.map((answer) => answer.headers['access-control-allow-origin']);
        expect([setting, headers]).toEqual([setting, expected]);
      } finally {
        await other.stop();
      }
    }
  });

  it.each(['[', 'a:b:c', 'exa mple', '127.0.0.1:99999', 'a%zz', '<'])(
    'refuses the malformed Host header %j',
    async (host) => {
      for (const path of ['/graphql?query=%7B__typename%7D', '/logs/', '/livez', '/nothing']) {
        const answer = await sendHttp(server.url + path, { headers: { host } });
        expectError(answer, 400, 'BAD_USER_INPUT');
      }
    },
  );

  it('serves under the names and addresses of this machine', async () => {
    for (const host of ['localhost:1', 'LOCALHOST', '[::1]:4000', '127.0.0.1']) {
      expect((await sendHttp(`${server.url}/logs/`, { headers: { host } })).status).toBe(200);
    }
    for (const host of [
      'logs.example.com',
      'localhost.example.com',
      '127.0.0.1.example.com:4000',
      '192.0.2.1:80',
    ]) {
      expectError(await sendHttp(`${server.url}/logs/`, { headers: { host } }), 421, 'MISDIRECTED_REQUEST');
      expect((await sendHttp(`${server.url}/livez`, { headers: { host } })).status).toBe(200);
    }
  });

  it('refuses a POST without a body', async () => {
    for (const path of ['/logs/', '/graphql']) {
      expectError(await sendHttp(server.url + path, { method: 'POST' }), 400, 'BAD_USER_INPUT');
      const headers = { 'content-type': 'application/json' };
      const empty = await sendHttp(server.url + path, { method: 'POST', headers });
      expectError(empty, 400, 'BAD_USER_INPUT');
    }
  });

  it('does not run operations that a form on another site could send', async () => {
    const address = `${server.url}/graphql?query=%7B__typename%7D`;
    for (const site of ['cross-site', 'same-site']) {
      expectError(await sendHttp(address, { headers: { 'sec-fetch-site': site } }), 403, 'FORBIDDEN');
    }
    for (const headers of [{}, { 'sec-fetch-site': 'none' }, { 'sec-fetch-site': 'same-origin' }]) {
      expect((await sendHttp(address, { headers })).body.data).toEqual({ __typename: 'Query' });
    }
  });

  it('shows Sandbox to a browser at /graphql', async () => {
    const answer = await sendHttp(`${server.url}/graphql`, { headers: { accept: 'text/html' } });
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toMatch(/^text\/html/);
    expect(answer.text).toContain('sandbox');
  });
});
