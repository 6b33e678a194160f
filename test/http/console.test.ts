import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sendBytes, sendHttp, type HttpRequest } from '../support/server/http';
import { startServer, type TestServer } from '../support/server/server';

const script = `console.log(${JSON.stringify('ü'.repeat(5_000))});`;
const font = Buffer.from(Array.from({ length: 3_000 }, (_, at) => (at * 7_919) % 256));
const page = (title: string) => `<!doctype html><title>${title}</title>${'<p>text</p>'.repeat(200)}`;
const files: Readonly<Record<string, string | Buffer>> = {
  'index.html': page('Console'),
  'graphiql.html': page('GraphiQL'),
  'favicon.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
  'notes.txt': 'not served',
  'assets/index-a1B2_c3-.js': script,
  'assets/index-d4e5f6g7.css': 'body { margin: 0 }',
  'assets/inter-h8i9j0k1.woff2': font,
};
const scriptPath = '/assets/index-a1B2_c3-.js';
const key = 'k'.repeat(32);

const directory = mkdtempSync(join(tmpdir(), 'console-'));
let server: TestServer;
let closed: TestServer;
beforeAll(async () => {
  mkdirSync(join(directory, 'assets'));
  for (const [name, body] of Object.entries(files)) writeFileSync(join(directory, name), body);
  [server, closed] = await Promise.all([
    startServer({ RATE_LIMIT_PER_SECOND: '1', RATE_LIMIT_BURST: '1' }, directory),
    startServer({ ADMIN_KEY: key }, directory),
  ]);
});
afterAll(async () => {
  await Promise.all([server.stop(), closed.stop()]);
  rmSync(directory, { recursive: true });
});

const ask = (path: string, request?: HttpRequest) => sendHttp(server.url + path, request);

const html = 'text/html; charset=utf-8';
const served: readonly (readonly [path: string, file: string, contentType: string])[] = [
  ['/', 'index.html', html],
  ['/?user=ann&types=CLICK', 'index.html', html],
  ['/sessions', 'index.html', html],
  ['/sessions?id=s', 'index.html', html],
  ['/graphiql', 'graphiql.html', html],
  ['/favicon.svg', 'favicon.svg', 'image/svg+xml'],
  [scriptPath, 'assets/index-a1B2_c3-.js', 'text/javascript; charset=utf-8'],
  ['/assets/index-d4e5f6g7.css', 'assets/index-d4e5f6g7.css', 'text/css; charset=utf-8'],
  ['/assets/inter-h8i9j0k1.woff2', 'assets/inter-h8i9j0k1.woff2', 'font/woff2'],
];

describe.each(served)('%s', (path, name, contentType) => {
  const body = Buffer.from(files[name]!);
  const cacheControl = name.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
  // Smaller files fit into one TCP segment; a font is compressed already.
  const isCompressed = body.length >= 1_024 && !name.endsWith('.woff2');

  it('is the file of the build', async () => {
    const { status, headers, bytes } = await ask(path);
    expect([status, bytes]).toEqual([200, body]);
    expect(headers).toMatchObject({
      'content-type': contentType,
      'content-length': String(body.length),
      'cache-control': cacheControl,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
    });
    expect(headers).not.toHaveProperty('content-encoding');
    expect('content-security-policy' in headers).toBe(contentType === html);
  });

  it.each(['br', 'gzip'])('is the same file with %s', async (coding) => {
    // Compressed at the first request, and kept.
    for (let time = 0; time < 2; time++) {
      const { headers, bytes, text } = await ask(path, { headers: { 'accept-encoding': coding } });
      expect(headers['content-encoding']).toBe(isCompressed ? coding : undefined);
      expect(text).toBe(body.toString());
      if (isCompressed) expect(bytes.length).toBeLessThan(body.length / 2);
      expect(headers['content-length']).toBe(String(bytes.length));
    }
  });

  it('answers HEAD as GET, without the body', async () => {
    for (const headers of [{}, { 'accept-encoding': 'br, gzip' }] as const) {
      const get = await ask(path, { headers });
      const head = await ask(path, { headers, method: 'HEAD' });
      expect([head.status, head.bytes.length]).toEqual([200, 0]);
      expect({ ...head.headers, date: '' }).toEqual({ ...get.headers, date: '' });
    }
  });

  it('is not sent again to a browser that has it', async () => {
    const tags = new Set<string>();
    for (const coding of ['identity', 'br', 'gzip']) {
      const accept = { 'accept-encoding': coding };
      const { headers: first } = await ask(path, { headers: accept });
      const etag = first.etag!;
      expect(etag).toMatch(/^"[\w-]+"$/);
      tags.add(etag);
      for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
        const again = await ask(path, { headers: { ...accept, 'if-none-match': known } });
        expect([again.status, again.bytes.length]).toEqual([304, 0]);
        expect(again.headers).toMatchObject({ etag, 'cache-control': cacheControl });
        expect(again.headers['vary']).toBe(first.vary);
        expect(again.headers['content-security-policy']).toBe(first['content-security-policy']);
      }
      const other = await ask(path, { headers: { ...accept, 'if-none-match': '"other"' } });
      expect(other.status).toBe(200);
    }
    expect(tags.size).toBe(isCompressed ? 3 : 1);
  });

  it('ignores Range', async () => {
    const { status, bytes } = await ask(path, { headers: { range: 'bytes=0-9' } });
    expect([status, bytes.length]).toEqual([200, body.length]);
  });

  it('may be read only', async () => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      const answer = await ask(path, { method });
      expect([answer.status, answer.headers['allow']]).toEqual([405, 'GET, HEAD']);
      expect(answer.body.errors[0].extensions.code).toBe('METHOD_NOT_ALLOWED');
    }
  });

  it('needs no key', async () => {
    const { status, bytes } = await sendHttp(closed.url + path);
    expect([status, bytes]).toEqual([200, body]);
    const other = await sendHttp(closed.url + path, { headers: { host: 'logs.example' } });
    expect(other.status).toBe(200);
  });

  it('opens from a link of another site', async () => {
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', accept: 'text/html' };
    expect((await ask(path, { headers })).status).toBe(200);
  });

  it('is refused to an open server under an unknown name', async () => {
    const answer = await ask(path, { headers: { host: 'evil.example' } });
    expect(answer.status).toBe(421);
    expect(answer.body.errors[0].extensions.code).toBe('MISDIRECTED_REQUEST');
  });
});

it('is there for a browser whose API requests are limited', async () => {
  const api = () => ask('/logs/');
  expect([(await api()).status, (await api()).status]).toContain(429);
  expect((await ask('/')).status).toBe(200);
});

it.each([
  '/assets/unknown-a1b2c3d4.js',
  '/assets/',
  '/assets',
  '/assets/../package.json',
  '/assets/../index.html',
  '/assets/..%2fpackage.json',
  '/assets/%2e%2e/%2e%2e/package.json',
  '/assets/..%5c..%5cpackage.json',
  '/assets/%2fetc%2fpasswd',
  '/assets/index-a1B2_c3-.js%00',
  '/../package.json',
  '//etc/passwd',
  '/index.html',
  '/graphiql.html',
  '/notes.txt',
  '/sessions/',
  '/sessions/1',
  '/Graphiql',
])('%s is not found', async (path) => {
  // As it stands: a client of Node resolves the dots.
  const answer = await sendBytes(
    server.url,
    `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
  );
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  expect(head).toMatch(/^HTTP\/1\.1 404 /);
  expect(JSON.parse(body)).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
});

describe('Content-Security-Policy', () => {
  const common = [
    "default-src 'none'",
    "script-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];

  it.each([
    ['/', ["style-src 'self'", "font-src 'self'"]],
    ['/sessions', ["style-src 'self'", "font-src 'self'"]],
    ['/graphiql', ["style-src 'self'", "font-src 'self'"]],
  ])('of %s allows this server only', async (path, own) => {
    const { headers } = await ask(path);
    const policy = headers['content-security-policy'] as string;
    expect(policy.split('; ').sort()).toEqual([...common, ...own].sort());
  });
});

it('metrics do not name the files of a build', async () => {
  await ask(scriptPath);
  await ask('/sessions');
  const { text } = await ask('/metrics');
  expect(text).toMatch(/_requests_total\{method="GET",route="\/assets\/\*",status="200"\} \d+/);
  expect(text).toMatch(/_requests_total\{method="GET",route="\/sessions",status="200"\} \d+/);
  expect(text).not.toContain('a1B2_c3-');
});

it('a server without the built files runs, and says how to build them', async () => {
  const unbuilt = await startServer({}, join(directory, 'missing'));
  for (const path of ['/', '/sessions', '/graphiql']) {
    const answer = await sendHttp(unbuilt.url + path);
    expect(answer.status).toBe(404);
    expect(answer.body.errors[0]).toMatchObject({
      message: expect.stringContaining('npm ci && npm run build'),
      extensions: { code: 'NOT_FOUND' },
    });
  }
  expect((await sendHttp(`${unbuilt.url}/livez`)).status).toBe(200);
  await unbuilt.stop();
});
