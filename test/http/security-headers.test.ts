import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sendBytes, sendHttp, type HttpRequest } from '../support/server/http';
import { startServer, type TestServer } from '../support/server/server';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

const body = '{"query":"{ __typename }"}';
const session = '{"userId":"u","sessionId":"s","actions":[]}';
const type = (contentType: string) => ({ 'content-type': contentType });
const cases: readonly (readonly [status: number, path: string, request: HttpRequest])[] = [
  [200, '/graphql', { method: 'POST', body }],
  // Apollo Server answers the first time, later ours.
  [200, '/graphql', { method: 'POST', body }],
  [200, '/graphql?query=%7B__typename%7D', {}],
  [200, '/graphql', { headers: { accept: 'text/html' } }],
  [200, '/logs/', {}],
  [201, '/logs/', { method: 'POST', body: session }],
  [200, '/livez', {}],
  [200, '/readyz', {}],
  [200, '/metrics', {}],
  [204, '/graphql', { method: 'OPTIONS', headers: { origin: 'http://localhost' } }],
  [400, '/graphql', { method: 'POST', body: '{' }],
  [400, '/logs/%zz', {}],
  [403, '/graphql', { headers: { origin: 'https://evil.example' } }],
  [404, '/unknown', {}],
  [415, '/graphql', { method: 'POST', body, headers: type('text/plain') }],
  [417, '/graphql', { headers: { expect: 'a miracle' } }],
  [421, '/logs/', { headers: { host: 'evil.example' } }],
];

it.each(cases)('an answer of %i to %s has the headers that browsers heed', async (status, path, request) => {
  const { headers, ...answer } = await sendHttp(server.url + path, request);
  expect(answer.status).toBe(status);
  expect(headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'x-frame-options': 'DENY',
  });
  const isPage = headers['content-type']?.startsWith('text/html') ?? false;
  expect('content-security-policy' in headers).toBe(isPage);
});

it('so has an answer to what is no HTTP', async () => {
  const answer = await sendBytes(server.url, 'nonsense\r\n\r\n');
  expect(answer).toMatch(/^HTTP\/1\.1 400 .*\r\nx-content-type-options: nosniff\r\n/);
  expect(JSON.parse(answer.split('\r\n\r\n')[1]!)).toMatchObject({ errors: [{}] });
});

describe('the page of Sandbox', () => {
  it('may load what it needs, and nothing else', async () => {
    const { headers, text } = await sendHttp(`${server.url}/graphql`, { headers: { accept: 'text/html' } });
    const policy = headers['content-security-policy'] as string;
    const [scriptUrl] = /https:[^"]+\.js/.exec(text)!;
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      expect.stringMatching(`^script-src ${scriptUrl.replaceAll('.', '\\.')} 'sha256-[^']{44}'$`),
      expect.stringMatching(/^style-src 'sha256-[^']{44}'$/),
      'img-src data:',
      "connect-src 'self'",
      'frame-src https://sandbox.embed.apollographql.com',
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ]);
  });
});
