import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createClientErrorHandler } from '../../src/http/errors';
import { sendBytes } from '../support/server/http';
import { startServer, type TestServer } from '../support/server/server';

const refusal = { code: 'BAD_USER_INPUT', retryable: false };
const bodyOf = (answer: string): unknown => JSON.parse(answer.split('\r\n\r\n')[1]!);

describe('what nobody should send', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.stop());

  const send = (bytes: string): Promise<string> => sendBytes(server.url, bytes);

  it('ten lists in one document are answered, eleven are refused', async () => {
    const ask = (count: number) =>
      server.graphql(`{ ${Array.from({ length: count }, (_, at) => `a${at}: logs { id }`).join(' ')} }`);
    // Again and again, since the server learns what is sent often.
    for (let time = 0; time < 4; time++) {
      expect((await ask(10)).errors).toBeUndefined();
      const { status, errors } = await ask(11);
      expect(status).toBe(400);
      expect(errors![0]!.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
    }
  });

  it('a subscription is refused as not in the schema', async () => {
    const { status, errors } = await server.graphql('subscription { x }');
    expect(status).toBe(400);
    expect(errors![0]!.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
  });

  it.each([
    ['{a', 'GRAPHQL_VALIDATION_FAILED'],
    ['{ ...F ', 'GRAPHQL_VALIDATION_FAILED'],
    ['{ logs(user: ', 'GRAPHQL_VALIDATION_FAILED'],
    ['[', 'GRAPHQL_PARSE_FAILED'],
  ])('a document of %s 30,000 times is refused without the words of the engine', async (part, code) => {
    const { status, errors } = await server.graphql(part.repeat(30_000));
    expect(status).toBe(400);
    expect(errors![0]!.extensions.code).toBe(code);
    expect(errors![0]!.message).not.toContain('stack');
  });

  it('a body far beyond the limit is answered with 413, also to a client that is still sending', async () => {
    const session = { userId: 'x'.repeat(30_000_000), sessionId: 's', actions: [] };
    for (const path of ['/logs/', '/graphql']) {
      const { status, body } = await server.rest('POST', path, session);
      expect(status).toBe(413);
      expect(body.errors[0].extensions.code).toBe('PAYLOAD_TOO_LARGE');
    }
  });

  it('what is not HTTP gets an error in the one shape', async () => {
    const answer = await send('NONSENSE\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(bodyOf(answer)).toEqual({ errors: [{ message: expect.any(String), extensions: refusal }] });
  });

  it.each([
    ['without Host', 'GET /logs/ HTTP/1.1\r\nconnection: close\r\n\r\n', 400],
    [
      'that expects a miracle',
      'POST /logs/ HTTP/1.1\r\nhost: localhost\r\nexpect: miracle\r\nconnection: close\r\n\r\n',
      417,
    ],
  ])('a request %s gets an error in the one shape', async (_name, request, status) => {
    const answer = await send(request);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(bodyOf(answer)).toEqual({ errors: [{ message: expect.any(String), extensions: refusal }] });
  });

  it('headers beyond 16 KiB are refused with 431', async () => {
    const answer = await send(`GET /livez HTTP/1.1\r\nhost: localhost\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
    expect(bodyOf(answer)).toMatchObject({
      errors: [{ message: expect.stringContaining('16384 bytes'), extensions: refusal }],
    });
  });

  it('a body that ends too early or is cut off is the fault of the client, not an unexpected error', async () => {
    const headOf = (path: string) =>
      `POST ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n`;
    expect(await send(`${headOf('/logs/')}transfer-encoding: chunked\r\n\r\nzz\r\n`)).toMatch(
      /^HTTP\/1\.1 400 /,
    );
    for (const [path, leave] of [
      ['/logs/', 'end'],
      ['/logs/', 'resetAndDestroy'],
      ['/graphql', 'end'],
      ['/graphql', 'resetAndDestroy'],
    ] as const) {
      const head = headOf(path);
      const { hostname, port } = new URL(server.url);
      const socket = connect(Number(port), hostname);
      // Until the server has the head, and waits for the rest of the body.
      socket.write(`${head}content-length: 99\r\nexpect: 100-continue\r\n\r\n{"userId":`);
      await once(socket, 'data');
      socket.resume()[leave]();
      await once(socket, 'close');
    }
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toMatch(/^log_manager_rejections_total\{code="BAD_USER_INPUT"\} [1-9]/m);
    expect(metrics).toContain('code="INTERNAL_SERVER_ERROR"} 0');
  });

  it('a mutation with GET is refused with 405, and does not run', async () => {
    const query = encodeURIComponent('mutation { deleteUserData(userId: "u") { deletedCount } }');
    const answer = await send(
      `GET /graphql?query=${query} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 405 /);
    expect(answer).toMatch(/^allow: POST\r$/im);
    const extensions = { code: 'METHOD_NOT_ALLOWED', retryable: false };
    expect(bodyOf(answer)).toMatchObject({ errors: [{ extensions }] });
  });

  it('HTTP/1.0 without a host is told whether the server is alive', async () => {
    expect(await send('GET /livez HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 /);
    expect(await send('GET /graphql HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
    expect(await send('GET http://x/graphql HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
  });
});

it('a request that does not arrive in time is refused with 408', () => {
  const timeout = { code: 'REQUEST_TIMEOUT', retryable: true };
  const codes: string[] = [];
  let answer = '';
  const socket = { writable: true, end: (text: string) => (answer = text) };
  const handle = createClientErrorHandler(
    { rejected: (code) => codes.push(code), failed: () => {} },
    (_socket, refuse) => refuse(),
  );
  handle({ code: 'ERR_HTTP_REQUEST_TIMEOUT' }, socket as never);
  expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  expect(bodyOf(answer)).toMatchObject({
    errors: [{ message: expect.stringContaining('within 60 seconds'), extensions: timeout }],
  });
  expect(codes).toEqual(['REQUEST_TIMEOUT']);
});
