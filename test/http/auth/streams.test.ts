import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sendBytes, sendHttp } from '../../support/server/http';
import { startServer, type TestServer } from '../../support/server/server';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

const sendUntilClosed = (bytes: string | Buffer): Promise<string> => sendBytes(server.url, bytes);

const query = '/graphql?query=%7B__typename%7D';
const paths = ['/logs/', '/livez', '/unknown'];
const allowed = ['http://localhost:3000', undefined];
const foreign = ['https://evil.example', 'null'];
const cross = (names: readonly string[], origins: readonly (string | undefined)[]) =>
  names.flatMap((path) => origins.map((origin) => [path, origin ?? 'no origin', origin] as const));

const handshake = (path: string, origin: string | undefined, upgrade = 'websocket'): string =>
  [
    `GET ${path} HTTP/1.1`,
    'Host: localhost',
    `Upgrade: ${upgrade}`,
    'Connection: Upgrade',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Version: 13',
    ...(origin === undefined ? [] : [`Origin: ${origin}`]),
    '\r\n',
  ].join('\r\n');

describe.each(cross(paths, [...allowed, ...foreign]))('a WebSocket to %s from %s', (path, _name, origin) => {
  it('gets an HTTP error, and its connection is closed', async () => {
    const answer = await sendUntilClosed(handshake(path, origin));
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('"code":"BAD_USER_INPUT"');
    expect(answer).not.toContain('__typename');
  });
});

describe.each(cross(['/graphql', '/graphql/', query], allowed))(
  'a WebSocket to %s from %s',
  (path, _name, origin) => {
    it('is opened', async () => {
      // Without the subprotocol, it is closed at once.
      const answer = await sendUntilClosed(handshake(path, origin));
      expect(answer).toMatch(/^HTTP\/1\.1 101 /);
      expect(answer).toContain('Subprotocol not acceptable');
    });
  },
);

describe.each(cross(['/graphql', query], foreign))('a WebSocket to %s from %s', (path, _name, origin) => {
  it('is refused', async () => {
    const answer = await sendUntilClosed(handshake(path, origin));
    expect(answer).toMatch(/^HTTP\/1\.1 403 /);
    expect(answer).toContain('"code":"FORBIDDEN"');
  });
});

it('a WebSocket under a name that the server does not know is refused', async () => {
  const answer = await sendUntilClosed(handshake('/graphql', undefined).replace('localhost', 'evil.example'));
  expect(answer).toMatch(/^HTTP\/1\.1 421 /);
});

it.each([
  ['Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', 'Sec-WebSocket-Key: short', '400'],
  ['Sec-WebSocket-Version: 13', 'Sec-WebSocket-Version: 7', '400'],
  ['Connection: Upgrade', 'Connection: close', '400'],
  ['GET', 'POST', '400'],
  ['Sec-WebSocket-Version: 13', 'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: a,,b', '400'],
])('a handshake with "%s" as "%s" gets an HTTP error', async (header, wrong, status) => {
  const answer = await sendUntilClosed(handshake('/graphql', undefined).replace(header, wrong));
  expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect(answer).toContain('"code":"');
});

it('frames that follow the handshake of a WebSocket harm nothing', async () => {
  const frames = Buffer.from([0x81, 0x85, 1, 2, 3, 4, 0x69, 0x67, 0x6f, 0x68, 0x6e, 0x88, 0x80, 1, 2, 3, 4]);
  const answer = await sendUntilClosed(Buffer.concat([Buffer.from(handshake('/logs/', undefined)), frames]));
  expect(answer.match(/^HTTP\/1\.1 400 /g)).toHaveLength(1);
  expect((await sendHttp(`${server.url}/livez`)).status).toBe(200);
});

it.each(['h2c', 'TLS/1.0'])(
  'an upgrade to %s is ignored: the answer is that of HTTP/1.1',
  async (upgrade) => {
    const headers = { connection: 'Upgrade, HTTP2-Settings', upgrade, 'http2-settings': 'AAMAAABk' };
    const answer = await sendHttp(server.url + query, { headers });
    expect([answer.status, answer.body]).toEqual([200, { data: { __typename: 'Query' } }]);
  },
);

it('an upgrade to h2c with a body is ignored', async () => {
  const body = JSON.stringify({ query: '{ __typename }' });
  const headers = { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', 'http2-settings': 'AAMAAABk' };
  const answer = await sendHttp(`${server.url}/graphql`, { method: 'POST', headers, body });
  expect([answer.status, answer.body]).toEqual([200, { data: { __typename: 'Query' } }]);
});

it.each(paths)('an event stream of %s is refused', async (path) => {
  for (const origin of ['http://localhost:3000', 'https://evil.example']) {
    const headers = { accept: 'text/event-stream', origin };
    const answer = await sendHttp(server.url + path, { headers });
    expect([answer.status, answer.body.errors[0].extensions.code]).toEqual([406, 'BAD_USER_INPUT']);
    expect(answer.headers.connection).toBe('close');
  }
});

it.each(foreign)('an event stream of /graphql for a page of %s is refused', async (origin) => {
  const headers = { accept: 'text/event-stream', origin };
  const answer = await sendHttp(server.url + query, { headers });
  expect([answer.status, answer.body.errors[0].extensions.code]).toEqual([403, 'FORBIDDEN']);
});

it('a mutation that is sent with GET for an event stream is not executed', async () => {
  const mutation = encodeURIComponent('mutation { deleteUserData(userId: "u") { deletedCount } }');
  const headers = { accept: 'text/event-stream' };
  const answer = await sendHttp(`${server.url}/graphql?query=${mutation}`, { headers });
  expect(answer.status).toBe(200);
  expect(answer.text).toContain('"code":"METHOD_NOT_ALLOWED"');
});
