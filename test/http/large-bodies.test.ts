import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { createFastify } from '../../src/http/fastify';
import { parseJsonBodies } from '../../src/http/json-body';
import { addLargeBodies } from '../../src/http/large-bodies';
import { createSendParts } from '../../src/http/sending/send-parts';
import { createUnsentBytes } from '../../src/http/sending/unsent-bytes';
import { openPrincipal } from '../../src/logs/access/principal';
import { createMetrics } from '../../src/telemetry/metrics';
import { sendHttp, type HttpAnswer } from '../support/server/http';
import { waitFor } from '../support/wait-for';

/** Of a large body; with the text of {@link bodyOf}, a little less than what one weighs. */
const bytes = 100_000;
const limits = {
  maxReceivedBytes: 4 * bytes,
  maxExecutedBytes: 2.5 * bytes,
  maxWaitMs: 1_000,
  checkMs: 50,
  slow: { ms: 200, minRate: 64_000 },
};

let app: FastifyInstance;
let url: string;
let waitingCount: number;
let refused: string[];
let cutCount: number;
/** The names of the requests that were executed, in order, and how to answer them. */
let started: string[];
let answers: Map<string, () => void>;
const sockets = new Set<Socket>();

beforeEach(async () => {
  [started, refused, answers, waitingCount, cutCount] = [[], [], new Map(), 0, 0];
  const maxRequestBytes = 2 * bytes;
  const observer = { rejected: () => {}, failed: () => {} };
  const metrics = createMetrics();
  app = createFastify({ observer, metrics, maxRequestBytes, notFound: '', drains: false });
  app.decorateRequest('principal', { getter: () => openPrincipal });
  const clientOf = ({ headers }: { headers: Record<string, unknown> }) => String(headers['client']);
  addLargeBodies(
    app,
    maxRequestBytes,
    clientOf,
    {
      onWaiting: (count) => (waitingCount = count),
      onRefused: (reason) => refused.push(reason),
      onCut: () => cutCount++,
    },
    limits,
  );
  parseJsonBodies(app);
  createSendParts(app, createUnsentBytes(), () => false);
  app.post('/', async (request) => {
    const { name } = request.body as { name: string };
    started.push(name);
    await new Promise<void>((resolve) => answers.set(name, resolve));
    return name.includes('large') ? 'x'.repeat(20_000_000) : { name };
  });
  url = await app.listen({ host: '127.0.0.1', port: 0 });
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  await app.close();
});

const bodyOf = (name: string, length = bytes): string =>
  JSON.stringify({ name, text: '' }).replace('""', `"${'x'.repeat(length)}"`);

function send(name: string, { length = bytes, chunked = false, isGzip = false } = {}): Promise<HttpAnswer> {
  const text = bodyOf(name, length);
  const headers = { client: name[0]!, ...(isGzip && { 'content-encoding': 'gzip' }) };
  return sendHttp(url, { method: 'POST', body: isGzip ? gzipSync(text) : text, chunked, headers });
}

/** Sends requests so that each arrives after the one before. */
async function sendInOrder(names: string, options = {}): Promise<Promise<HttpAnswer>[]> {
  const sent: Promise<HttpAnswer>[] = [];
  for (const name of names.split(' ')) {
    const before = started.length + waitingCount;
    sent.push(send(name, options));
    await waitFor(() => started.length + waitingCount > before);
  }
  return sent;
}

async function answer(name: string): Promise<void> {
  await waitFor(() => answers.has(name));
  answers.get(name)!();
}

/** Opens a connection that sends the start of a large body, by default. */
async function sendStart(client: string, start = '{', length = bytes): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  sockets.add(socket);
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.write(
    `POST / HTTP/1.1\r\nhost: localhost\r\nclient: ${client}\r\ncontent-type: application/json\r\n` +
      `content-length: ${length}\r\n\r\n${start}`,
  );
  return socket;
}
const sendBody = (name: string): Promise<Socket> => sendStart(name, bodyOf(name), bodyOf(name).length);

describe.each([
  ['', {}],
  ['in chunks', { chunked: true }],
  ['in gzip', { isGzip: true }],
  ['in chunks of gzip', { chunked: true, isGzip: true }],
])('large bodies %s', (_how, options) => {
  it('are executed in turns, as many as their weight allows', async () => {
    const sent = await sendInOrder('a b c d', options);
    expect([started, waitingCount]).toEqual([['a', 'b'], 2]);
    await answer('b');
    await answer('c');
    await waitFor(() => answers.has('d'));
    expect(started).toEqual(['a', 'b', 'c', 'd']);
    await answer('a');
    await answer('d');
    expect((await Promise.all(sent)).map(({ status, body }) => [status, body.name])).toEqual(
      ['a', 'b', 'c', 'd'].map((name) => [200, name]),
    );
    expect([waitingCount, refused]).toEqual([0, []]);
  });

  it('that wait for too long are refused with 503, and when to ask again', async () => {
    const sent = await sendInOrder('a b c', options);
    const { status, headers, body } = await sent[2]!;
    expect([status, body.errors[0].extensions]).toEqual([
      503,
      { code: 'SERVICE_UNAVAILABLE', retryable: true, retryAfterMs: expect.any(Number) },
    ]);
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    expect([refused, waitingCount]).toEqual([['execute'], 0]);
    await answer('a');
    await answer('b');
    await Promise.all(sent);
  });
});

it('small bodies do not wait', async () => {
  const sent = await sendInOrder('a b c');
  for (const isGzip of [false, true]) {
    const small = send('small', { length: 100, isGzip });
    await answer('small');
    expect((await small).status).toBe(200);
    answers.delete('small');
  }
  for (const name of ['a', 'b', 'c']) await answer(name);
  await Promise.all(sent);
});

it('a client with many large bodies keeps no other one waiting', async () => {
  const sent = await sendInOrder('a1 a2 a3 a4 b1');
  for (const name of ['a1', 'a2', 'a3', 'b1', 'a4']) await answer(name);
  await Promise.all(sent);
  expect(started).toEqual(['a1', 'a2', 'a3', 'b1', 'a4']);
});

it('a body of many small values takes more than one of text', async () => {
  const values = (name: string) =>
    sendHttp(url, {
      method: 'POST',
      body: JSON.stringify({ name, values: Array.from({ length: 25_000 }, () => []) }),
      headers: { client: name },
    });
  const sent = [values('a')];
  await waitFor(() => started.length === 1);
  sent.push(send('b'));
  await waitFor(() => waitingCount === 1);
  await answer('a');
  await answer('b');
  expect((await Promise.all(sent)).map(({ status }) => status)).toEqual([200, 200]);
});

it('an answer that its client does not take ends the turn', async () => {
  for (const name of ['a', 'b']) {
    const socket = await sendBody(`${name} large`);
    socket.pause();
    await answer(`${name} large`);
  }
  const sent = send('c');
  await answer('c');
  expect((await sent).status).toBe(200);
});

it('clients that disconnect while they send, wait or are answered give their turns back', async () => {
  const starts = await Promise.all(['a', 'b', 'c'].map((name) => sendStart(name)));
  const first = send('d');
  await waitFor(() => waitingCount === 1);
  for (const socket of starts) socket.destroy();
  await answer('d');
  expect((await first).status).toBe(200);

  const executed = await Promise.all(['e', 'f'].map((name) => sendBody(name)));
  await waitFor(() => started.length === 3);
  const waiting = await sendBody('g');
  await waitFor(() => waitingCount === 1);
  waiting.destroy();
  const last = send('h');
  await waitFor(() => waitingCount === 2);
  for (const socket of executed) socket.destroy();
  await answer('h');
  expect([(await last).status, started]).toEqual([200, ['d', 'e', 'f', 'h']]);
});

it('a client that sends slowly is cut while others wait to send', async () => {
  const starts = await Promise.all(['a', 'b', 'c'].map((name) => sendStart(name)));
  const closed = Promise.all(starts.map((socket) => once(socket, 'close')));
  await new Promise((resolve) => setTimeout(resolve, 2 * limits.slow.ms));
  expect(cutCount).toBe(0);
  const waiting = send('d');
  await closed;
  await answer('d');
  expect([(await waiting).status, cutCount]).toEqual([200, 3]);
});
