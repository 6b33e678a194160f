import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sendHttp } from '../support/server/http';
import { startKeyedServer } from '../support/server/keyed-server';
import { originalLog } from '../support/server/original-log';
import { startServer, type TestServer } from '../support/server/server';

const maxRequestBytes = 200_000;
let server: TestServer;
beforeAll(async () => {
  server = await startServer({ MAX_REQUEST_BYTES: String(maxRequestBytes) });
});
afterAll(() => server.stop());

function send(
  body: string | Buffer,
  encoding: string,
  { path = '/logs/', method = 'POST', chunked = false, headers = {} } = {},
) {
  const url = server.url + path;
  return sendHttp(url, { method, body, chunked, headers: { 'content-encoding': encoding, ...headers } });
}

/** JSON of so many bytes. */
function padded(bytes: number, value: object = originalLog): string {
  const text = JSON.stringify(value);
  return text + ' '.repeat(bytes - text.length);
}

describe.each([
  ['GraphQL', 'POST', '/graphql', { query: '{ __typename }' }, 200],
  ['POST /logs/', 'POST', '/logs/', originalLog, 201],
  ['GET /logs/', 'GET', '/logs/', { user: 'nobody' }, 200],
] as const)('a body for %s', (_name, method, path, value, success) => {
  const text = JSON.stringify(value);

  it('may be compressed by gzip, in several members as well', async () => {
    const members = Buffer.concat([gzipSync(text.slice(0, 9)), gzipSync(text.slice(9)), gzipSync('')]);
    for (const [body, encoding] of [
      [gzipSync(text), 'gzip'],
      [gzipSync(text), 'GZIP'],
      [gzipSync(text), 'x-gzip'],
      [members, 'gzip'],
      [text, 'identity'],
      [text, ''],
    ] as const) {
      for (const chunked of [false, true]) {
        const answer = await send(body, encoding, { method, path, chunked });
        expect([encoding, chunked, answer.status]).toEqual([encoding, chunked, success]);
      }
    }
  });

  it('in another coding is refused with 415, which names gzip', async () => {
    for (const [body, encoding] of [
      [brotliCompressSync(text), 'br'],
      [deflateSync(text), 'deflate'],
      [gzipSync(gzipSync(text)), 'gzip, gzip'],
      [text, 'zstd'],
      [text, '__proto__'],
    ] as const) {
      const { status, headers, body: answer } = await send(body, encoding, { method, path });
      expect([encoding, status, headers['accept-encoding']]).toEqual([encoding, 415, 'gzip']);
      expect(answer.errors[0]).toMatchObject({
        message: 'The header content-encoding may only be gzip.',
        extensions: { code: 'UNSUPPORTED_MEDIA_TYPE', retryable: false },
      });
    }
  });

  it('that is not gzip, or not only gzip, is refused with 400', async () => {
    const body = gzipSync(text);
    const damaged = Buffer.from(body);
    damaged[body.length - 5]! ^= 1;
    for (const wrong of [
      Buffer.from(text),
      Buffer.alloc(0),
      Buffer.alloc(20),
      body.subarray(0, 5),
      body.subarray(0, -1),
      body.subarray(1),
      damaged,
      Buffer.concat([body, Buffer.from([0])]),
      Buffer.concat([body, Buffer.alloc(1_000)]),
      Buffer.concat([body, Buffer.from('x')]),
      Buffer.concat([body, body.subarray(0, -1)]),
      Buffer.concat([body, Buffer.from(text)]),
      brotliCompressSync(text),
      deflateSync(text),
    ]) {
      const { status, body: answer } = await send(wrong, 'gzip', { method, path, chunked: true });
      expect([wrong.toString('hex'), status]).toEqual([wrong.toString('hex'), 400]);
      expect(answer.errors[0].message).toMatch(/^The request body must be gzip, /);
    }
    const answer = await send(gzipSync('{'), 'gzip', { method, path });
    expect([answer.status, answer.body.errors[0].message]).toEqual([
      400,
      expect.stringMatching(/^Invalid JSON/),
    ]);
  });
});

it('MAX_REQUEST_BYTES counts what the body becomes', async () => {
  expect((await send(gzipSync(padded(maxRequestBytes)), 'gzip')).status).toBe(201);
  for (const bytes of [maxRequestBytes + 1, 100_000_000]) {
    const { status, body } = await send(gzipSync(padded(bytes)), 'gzip');
    expect([status, body.errors[0].extensions.code]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
    expect(body.errors[0].message).toContain('200000 bytes');
  }
});

it('a public key may send 64 KiB, in both ways', async () => {
  const origin = 'https://shop.example';
  const keyed = await startKeyedServer({
    public: { scopes: ['record'], isPublic: true, origins: [origin] },
  });
  try {
    for (const [key, type] of [
      ['public', 'application/json'],
      [undefined, 'text/plain'],
    ] as const) {
      for (const [bytes, status] of [
        [65_536, 201],
        [65_537, 413],
      ] as const) {
        const value = { ...originalLog, ...(key === undefined && { key: keyed.texts.public }) };
        const headers = { origin, 'content-type': type, 'content-encoding': 'gzip' };
        const body = gzipSync(padded(bytes, value));
        const answer = await keyed.send('/logs/', key, { method: 'POST', headers, body });
        expect([type, bytes, answer.status]).toEqual([type, bytes, status]);
        if (status === 413) expect(answer.body.errors[0].message).toContain('65536 bytes');
      }
    }
  } finally {
    await keyed.stop();
  }
});

it('a session is the same one, compressed or not', async () => {
  const text = JSON.stringify({ ...originalLog, idempotencyKey: 'k' });
  const first = await sendHttp(`${server.url}/logs/`, { method: 'POST', body: text });
  const again = await send(gzipSync(text), 'gzip');
  expect([first.headers['idempotent-replayed'], again.headers['idempotent-replayed']]).toEqual([
    undefined,
    'true',
  ]);
  expect([again.status, again.text]).toEqual([201, first.text]);
  const other = await send(gzipSync(text.replace('CLICK', 'CLOCK')), 'gzip');
  expect(other.status).toBe(422);
});
