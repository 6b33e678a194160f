import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { streamLimits } from '../../../src/http/streams/stream-limits';
import { caseCount } from '../../support/scale';
import { startServer, type TestServer } from '../../support/server/server';
import { waitFor } from '../../support/wait-for';
import { connectSocket, openEventStream, openSocket, subscribe, subscription } from './support';

const usual = { ...streamLimits };
let server: TestServer;
beforeAll(async () => {
  server = await startServer({ MAX_REQUEST_BYTES: '200000' });
});
afterAll(async () => {
  Object.assign(streamLimits, usual);
  await server.stop();
});

async function metric(name: string, url = server.url): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const line = text.split('\n').find((each) => each.startsWith(`log_manager_${name} `));
  return Number(line?.split(' ').at(-1) ?? 0);
}
const sockets = 'streams{transport="websocket"}';

/** A connection after the handshake, on which a test sends bytes. */
async function openRaw(): Promise<Socket> {
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  const lines = [
    'GET /graphql HTTP/1.1',
    'Host: localhost',
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Protocol: graphql-transport-ws',
  ];
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  await once(socket, 'data');
  socket.on('error', () => {});
  return socket;
}

const mask = [1, 2, 3, 4];
it.each([
  ['an unknown opcode', [0x83, 0x80, ...mask]],
  ['a reserved bit', [0xc1, 0x80, ...mask]],
  ['no mask', [0x81, 0x01, 0x61]],
  ['a continuation of nothing', [0x80, 0x80, ...mask]],
  ['a fragmented ping', [0x09, 0x80, ...mask]],
  ['a ping of 126 bytes', [0x89, 0xfe, 0x00, 0x7e, ...mask]],
  ['a length of 2^63 bytes', [0x81, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, ...mask]],
  ['a length of 4 GB', [0x81, 0xff, 0, 0, 0, 1, 0, 0, 0, 0, ...mask]],
  ['a close frame with half a code', [0x88, 0x81, ...mask, 0x03]],
  ['HTTP', [...Buffer.from('GET / HTTP/1.1\r\n\r\n')]],
])('a frame with %s closes its connection', async (_what, bytes) => {
  const socket = await openRaw();
  socket.resume();
  socket.write(Buffer.from(bytes));
  await once(socket, 'close');
});

it('bytes at random harm nothing', async () => {
  let seed = 19;
  const random = (): number => (seed = (seed * 48_271) % 2_147_483_647);
  for (let at = 0; at < caseCount(30, 300); at++) {
    const socket = await openRaw();
    socket.resume();
    socket.end(Buffer.from(Array.from({ length: random() % 200 }, () => random() % 256)));
    await once(socket, 'close');
  }
  await waitFor(async () => (await metric(sockets)) === 0);
});

describe('a message', () => {
  it('of more than MAX_REQUEST_BYTES closes its connection with 1009', async () => {
    const raw = await connectSocket(server.url);
    raw.send({ type: 'ping', payload: { text: 'x'.repeat(200_001) } });
    expect((await raw.closed).code).toBe(1009);
  });

  it('of more than 64 KiB before connection_ack closes its connection with 1009', async () => {
    const raw = await openSocket(server.url);
    raw.send({ type: 'connection_init', payload: { text: 'x'.repeat(70_000) } });
    expect((await raw.closed).code).toBe(1009);
  });

  it('is executed in its turn, however many are sent at once', async () => {
    const raw = await connectSocket(server.url);
    const payload = { query: '{ __typename }', extensions: { text: 'x'.repeat(100_000) } };
    for (let at = 0; at < 50; at++) raw.send({ type: 'subscribe', id: `${at}`, payload });
    const ids: (string | undefined)[] = [];
    while (ids.length < 50) {
      const { type, id } = await raw.next();
      if (type === 'next') ids.push(id);
    }
    expect(ids).toEqual(Array.from({ length: 50 }, (_, at) => `${at}`));
    raw.socket.close();
  });
});

it('connections that never send connection_init are closed', async () => {
  streamLimits.initMs = 1_000;
  const impatient = await startServer();
  streamLimits.initMs = usual.initMs;
  const count = caseCount(100, 1_000);
  const opened = await Promise.all(Array.from({ length: count }, () => openSocket(impatient.url)));
  for (const { closed } of opened) expect((await closed).code).toBe(4408);
  await waitFor(async () => (await metric(sockets, impatient.url)) === 0);
  await impatient.stop();
});

it('too many streams of one address are refused', async () => {
  await waitFor(async () => (await metric(sockets)) === 0);
  streamLimits.maxStreamsOfClient = 1;
  const raw = await connectSocket(server.url);
  await expect(openSocket(server.url)).rejects.toThrow('Unexpected server response: 429');
  const stream = await openEventStream(server.url, subscription);
  expect(stream.response.statusCode).toBe(429);
  expect(stream.response.headers['retry-after']).toMatch(/^\d+$/);
  stream.close();
  streamLimits.maxStreamsOfClient = usual.maxStreamsOfClient;
  raw.socket.close();
  await raw.closed;
});

it('too many streams of all clients are refused', async () => {
  await waitFor(async () => (await metric(sockets)) === 0);
  streamLimits.maxStreams = 1;
  const raw = await connectSocket(server.url);
  await expect(openSocket(server.url)).rejects.toThrow('Unexpected server response: 503');
  streamLimits.maxStreams = usual.maxStreams;
  raw.socket.close();
  await raw.closed;
});

it('a client that answers no pings is cut', async () => {
  const before = await metric('connections_cut_total{reason="silent"}');
  Object.assign(streamLimits, { pingMs: 50, silentMs: 100 });
  const raw = await connectSocket(server.url);
  await subscribe(raw);
  raw.socket.pause();
  await waitFor(async () => (await metric('connections_cut_total{reason="silent"}')) === before + 1);
  await waitFor(async () => (await metric(sockets)) === 0);
  Object.assign(streamLimits, usual);
  raw.socket.terminate();
});

// The kernel of a client that does not read stops to acknowledge, as that of one that has lost its network.
const onLinux = process.platform === 'linux' ? it : it.skip;
onLinux('the client of an event stream that acknowledges nothing is cut', async () => {
  const before = await metric('connections_cut_total{reason="silent"}');
  const query = 'subscription { logRecorded { cursor entries { properties } } }';
  const record = 'mutation ($input: RecordSessionInput!) { recordSession(input: $input) { recordedCount } }';
  Object.assign(streamLimits, { pingMs: 50, silentMs: 1_000 });
  const stream = await openEventStream(server.url, query);
  const other = await openEventStream(server.url, query);
  await stream.next();
  stream.response.pause();
  other.response.resume();
  const actions = Array.from({ length: 6 }, () => ({
    time: '2026-11-28T00:00:00Z',
    type: 'T',
    properties: { text: 'x'.repeat(30_000) },
  }));
  for (let at = 0; at < 8; at++)
    await server.graphql(record, { input: { userId: 'u', sessionId: `s${at}`, actions } });
  await waitFor(async () => (await metric('connections_cut_total{reason="silent"}')) === before + 1);
  Object.assign(streamLimits, usual);
  expect(await metric('streams{transport="event_stream"}')).toBe(1);
  stream.close();
  other.close();
});

it('a client that disconnects leaves nothing', async () => {
  const raw = await connectSocket(server.url);
  await subscribe(raw);
  const stream = await openEventStream(server.url, subscription);
  await stream.next();
  expect(await metric('streams{transport="event_stream"}')).toBe(1);
  raw.socket.terminate();
  stream.close();
  await waitFor(
    async () => (await metric(sockets)) + (await metric('streams{transport="event_stream"}')) === 0,
  );
});
