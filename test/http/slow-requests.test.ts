import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { connectionLimits } from '../../src/http/connection-limits';
import { startServer, type TestServer } from '../support/server/server';

let server: TestServer;
beforeAll(async () => {
  // Those of the server are minutes.
  jest.replaceProperty(connectionLimits, 'requestMs', 150);
  jest.replaceProperty(connectionLimits, 'checkEveryMs', 20);
  server = await startServer();
  jest.restoreAllMocks();
});
afterAll(() => server.stop());

const open = new Set<Socket>();
afterEach(() => {
  for (const socket of open) socket.destroy();
  open.clear();
});

/** A connection, and all that the server sends before it closes it. */
function openSocket({ url } = server): { readonly socket: Socket; readonly answer: Promise<string> } {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  open.add(socket);
  let text = '';
  socket.setEncoding('utf8').on('data', (part: string) => (text += part));
  socket.on('error', () => {});
  return { socket, answer: once(socket, 'close').then(() => text) };
}

/** Sends a text again and again, as a client does that wants to hold a connection for ever. */
function dripInto(socket: Socket, text: string): void {
  const timer = setInterval(() => socket.writable && socket.write(text), 10);
  socket.once('close', () => clearInterval(timer));
}

const timedOut = /^HTTP\/1\.1 408 Request Timeout\r\n.*"code":"REQUEST_TIMEOUT","retryable":true/s;
const head = 'POST /logs/ HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n';

describe('a client that is slow is answered with 408', () => {
  it.each([
    ['to begin', '', ''],
    ['to send headers', head, 'x: y\r\n'],
    ['to send a header', `${head}x: `, 'y'],
    ['to send a body', `${head}content-length: 100000\r\n\r\n`, ' '],
    ['to send a body in chunks', `${head}transfer-encoding: chunked\r\n\r\n`, '1\r\n \r\n'],
  ])('%s', async (_what, start, drip) => {
    const { socket, answer } = openSocket();
    socket.write(start);
    if (drip) dripInto(socket, drip);
    expect(await answer).toMatch(timedOut);
  });

  it('also when it was refused before its body', async () => {
    const { socket, answer } = openSocket();
    socket.write(`${head.replace('localhost', 'evil.example')}content-length: 100000\r\n\r\n`);
    dripInto(socket, ' ');
    expect(await answer).toMatch(/^HTTP\/1\.1 421 .*HTTP\/1\.1 408 /s);
  });
});

it('the connection of a request that arrives in time stays open', async () => {
  const { socket, answer } = openSocket();
  for (let time = 0; time < 3; time++) {
    socket.write('GET /livez HTTP/1.1\r\nhost: localhost\r\n\r\n');
    await once(socket, 'data');
  }
  socket.end();
  expect((await answer).match(/HTTP\/1\.1 200 /g)).toHaveLength(3);
});

it('more connections than there may be are closed, until others end', async () => {
  // Not 20,000.
  jest.replaceProperty(connectionLimits, 'maxConnections', 3);
  const small = await startServer();
  try {
    const first = [1, 2, 3].map(() => openSocket(small));
    await Promise.all(first.map(({ socket }) => once(socket, 'connect')));
    expect(await openSocket(small).answer).toBe('');
    first[0]!.socket.end();
    await first[0]!.answer;
    const { socket, answer } = openSocket(small);
    socket.write('GET /livez HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n');
    expect(await answer).toMatch(/^HTTP\/1\.1 200 /);
  } finally {
    jest.restoreAllMocks();
    await small.stop();
  }
});

it('connections that have sent nothing are closed when the server stops, at once', async () => {
  const other = await startServer();
  const connections = [1, 2, 3].map(() => openSocket(other));
  await Promise.all(connections.map(({ socket }) => once(socket, 'connect')));
  // The server has accepted them.
  expect((await fetch(`${other.url}/livez`)).status).toBe(200);
  await other.stop();
  await Promise.all(connections.map(({ answer }) => answer));
}, 5_000);
