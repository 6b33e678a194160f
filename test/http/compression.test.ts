import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fastify from 'fastify';
import { chooseCoding, compress } from '../../src/http/sending/compression';
import { createSendParts } from '../../src/http/sending/send-parts';
import { createUnsentBytes } from '../../src/http/sending/unsent-bytes';
import { freePorts } from '../support/processes/free-ports';
import { sendBytes, sendHttp, type HttpRequest } from '../support/server/http';
import { startServer, type TestServer } from '../support/server/server';

const session = (userId: string, count: number) => ({
  userId,
  sessionId: 's',
  actions: Array.from({ length: count }, (_, at) => ({
    time: new Date(1.5e12 + at * 7_919).toISOString(),
    type: 'CLICK',
    properties: { at, text: `Ω${(at * 48_271) % 99_991}` },
  })),
});
const post = (value: object): HttpRequest => ({ method: 'POST', body: JSON.stringify(value) });
const logs = (user: string) => post({ query: `{ logs(user: "${user}") { time type properties } }` });
const invalid = { ...session('few', 0), actions: Array(20).fill({ time: 'no', type: '', properties: {} }) };
const record = 'mutation ($input: RecordSessionInput!) { recordSession(input: $input) { recordedCount } }';

let server: TestServer;
let metricsUrl: string;
beforeAll(async () => {
  const [port] = await freePorts(1);
  metricsUrl = `http://127.0.0.1:${port}`;
  server = await startServer({ METRICS_PORT: `${port}` });
  for (const [user, count] of [
    ['few', 1],
    ['some', 100],
    ['many', 1_000],
  ] as const) {
    expect((await server.rest('POST', '/logs/', session(user, count))).status).toBe(201);
  }
});
afterAll(() => server.stop());

function send(path: string, request: HttpRequest = {}, headers: Record<string, string> = {}) {
  const url = path.startsWith('http') ? path : server.url + path;
  return sendHttp(url, { ...request, headers: { ...request.headers, ...headers } });
}

const answers: readonly (readonly [name: string, path: () => string, HttpRequest])[] = [
  ['a new document', () => '/graphql', logs('some')],
  ['a known document', () => '/graphql', logs('some')],
  ['a large list', () => '/graphql', logs('many')],
  ['a document by GET', () => '/graphql?query={logs(user:"some"){time,type,properties}}', {}],
  ['errors of GraphQL', () => '/graphql', post({ query: record, variables: { input: invalid } })],
  ['errors of REST', () => '/logs/', post(invalid)],
  ['a REST list', () => '/logs/?user=some', {}],
  ['a large REST list', () => '/logs/?user=many', {}],
  ['a REST page', () => '/logs/?user=some&limit=50', {}],
  [
    'a recorded session',
    () => '/logs/',
    { ...post(session('some', 100)), headers: { 'idempotency-key': 'k' } },
  ],
  ['Sandbox', () => '/graphql', { headers: { accept: 'text/html' } }],
  ['the schema', () => '/schema.graphql', {}],
  ['the metrics', () => '/metrics', {}],
  ['METRICS_PORT', () => `${metricsUrl}/metrics`, {}],
];

/** Metrics change from one request to the next. */
const withoutNumbers = (text: string) =>
  text.startsWith('# HELP') ? text.match(/^# .*$/gm)!.join('\n') : text;

describe.each(answers)('%s', (_name, path, request) => {
  it.each(['br', 'gzip'])('is compressed by %s', async (coding) => {
    const plain = await send(path(), request);
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(plain.headers.vary).toBe('Accept-Encoding');
    const answer = await send(path(), request, { 'accept-encoding': coding });
    expect(answer.status).toBe(plain.status);
    expect(answer.headers).toMatchObject({
      'content-encoding': coding,
      vary: 'Accept-Encoding',
      'content-length': String(answer.bytes.length),
      'content-type': plain.headers['content-type'],
    });
    expect(withoutNumbers(answer.text)).toBe(withoutNumbers(plain.text));
    expect(answer.bytes.length).toBeLessThan(plain.bytes.length * 0.7);
  });
});

it('an answer below 1 KB is sent as it is, unless the client refuses that', async () => {
  for (const path of ['/livez', '/logs/?user=few', '/graphql?query={logs(user:"few"){time}}']) {
    const plain = await send(path, {}, { 'accept-encoding': 'gzip, deflate, br' });
    expect([plain.status, plain.headers['content-encoding'], plain.headers.vary]).toEqual([
      200,
      undefined,
      undefined,
    ]);
    const refused = await send(path, {}, { 'accept-encoding': 'gzip, identity;q=0' });
    expect([refused.headers['content-encoding'], refused.text]).toEqual(['gzip', plain.text]);
  }
});

it.each([
  [undefined, undefined],
  ['', undefined],
  ['gzip', 'gzip'],
  ['GZip', 'gzip'],
  ['gzip, deflate', 'gzip'],
  ['gzip, deflate, br, zstd', 'br'],
  ['br;q=0.5, gzip;q=1.0', 'gzip'],
  ['gzip;q=0.2, br;q=0.2', 'br'],
  ['deflate, zstd', undefined],
  ['*', 'br'],
  ['br;q=0, *', 'gzip'],
  ['deflate, gzip;q=1.0, *;q=0.5', 'gzip'],
  ['identity', undefined],
  ['identity, gzip;q=0.5', undefined],
  ['identity;q=0.5, gzip;q=0.6', 'gzip'],
  ['identity;q=0, gzip', 'gzip'],
  ['gzip;q=0', undefined],
  ['gzip;q=0, br;q=0', undefined],
  // There is no other answer, and RFC 9110 lets a server send it.
  ['identity;q=0', undefined],
  ['*;q=0', undefined],
  ['x;q=9, "', undefined],
])('Accept-Encoding: %s has the answer %s', (accept, coding) => {
  expect(chooseCoding(accept, 1_024)).toBe(coding);
});

it('the size decides from 1,024 bytes on', () => {
  expect(chooseCoding('br, gzip', 1_023)).toBeUndefined();
  expect(chooseCoding('*', 1_023)).toBeUndefined();
  expect(chooseCoding('gzip, *;q=0', 1_023)).toBe('gzip');
});

it('a page of another origin gets both in Vary', async () => {
  const { headers } = await send('/logs/?user=some', {}, { origin: 'http://localhost:3000' });
  expect(headers.vary).toBe('Origin, Accept-Encoding');
});

it.each(['/logs/?user=some', '/logs/?user=few', '/schema.graphql'])(
  'HEAD %s has the headers of GET',
  async (path) => {
    for (const accept of ['br', 'gzip', 'identity']) {
      const [get, head] = [
        await send(path, {}, { 'accept-encoding': accept }),
        await send(path, { method: 'HEAD' }, { 'accept-encoding': accept }),
      ];
      expect({ ...head.headers, date: 0 }).toEqual({ ...get.headers, date: 0 });
      expect(head.bytes).toHaveLength(0);
    }
  },
);

it.each(['br', 'gzip'] as const)('%s does not hold up the event loop', async (coding) => {
  const part = JSON.stringify(session('u', 2_000));
  const parts = ['[', ...Array(8).fill(Buffer.from(part)), ']'];
  const bytes = parts.join('').length;
  const order: string[] = [];
  setImmediate(() => order.push('another event'));
  await compress(parts, bytes, coding);
  expect(order).toEqual(['another event']);
});

it('what is not compressed yet counts as unsent, then what it becomes', async () => {
  const app = fastify();
  const unsentBytes = createUnsentBytes();
  const sendParts = createSendParts(app, unsentBytes, () => false);
  const totals: number[] = [];
  app.get('/', async (_request, reply) => {
    const sent = sendParts(reply, ['[', Buffer.alloc(999_998, ' '), ']']);
    totals.push(unsentBytes.total());
    await sent;
    totals.push(unsentBytes.total());
  });
  try {
    const url = await app.listen({ port: 0, host: '127.0.0.1' });
    const { bytes, text } = await sendHttp(url, { headers: { 'accept-encoding': 'gzip' } });
    expect([text.length, bytes.length]).toEqual([1_000_000, expect.any(Number)]);
    expect(totals[0]).toBe(1_000_000);
    expect(totals[1]).toBeLessThan(bytes.length + 1_000);
    expect(unsentBytes.total()).toBe(0);
  } finally {
    await app.close();
  }
});

it('answers to pipelined requests come in order', async () => {
  const paths = ['/logs/?user=many', '/logs/?user=few', '/logs/?user=some', '/livez'];
  const lines = ['host: localhost', 'accept-encoding: gzip'];
  const requests = paths.map((path, at) =>
    [`HEAD ${path} HTTP/1.1`, ...lines, ...(at === 3 ? ['connection: close'] : []), '\r\n'].join('\r\n'),
  );
  const text = await sendBytes(server.url, requests.join(''));
  const sent = [...text.matchAll(/content-length: (\d+)/gi)].map(([, length]) => Number(length));
  const headers = { 'accept-encoding': 'gzip' };
  const alone = await Promise.all(paths.map(async (path) => (await send(path, {}, headers)).bytes.length));
  expect(sent).toEqual(alone);
});

it('fetch reads compressed answers', async () => {
  const url = `${server.url}/logs/?user=some`;
  const response = await fetch(url);
  expect(response.headers.get('content-encoding')).toBe('gzip');
  expect(await response.text()).toBe((await send(url)).text);
});
