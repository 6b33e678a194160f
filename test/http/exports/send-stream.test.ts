import { afterEach, describe, expect, it, jest } from '@jest/globals';
import fastify, { type FastifyInstance } from 'fastify';
import type { AddressInfo } from 'node:net';
import { brotliDecompressSync, constants, createGzip, gunzipSync, type Gzip } from 'node:zlib';
import { createUnsentBytes } from '../../../src/http/sending/unsent-bytes';
import { sendStream } from '../../../src/http/sending/send-stream';
import type { JsonParts } from '../../../src/logs/model/json';
import { sendBytes, sendHttp } from '../../support/server/http';
import { waitFor } from '../../support/wait-for';
import { open, readAll } from './support';

let app: FastifyInstance;
afterEach(() => app.close());

/** Serves what the generator yields. Returns the address, and what ended streams. */
async function serve(make: () => AsyncGenerator<JsonParts>, check = () => {}) {
  const unsentBytes = createUnsentBytes();
  const broken: unknown[] = [];
  app = fastify();
  app.get('/', async (_request, reply) => {
    const parts = make();
    const onBroken = (error: unknown): string => {
      broken.push(error);
      return 'the last line\n';
    };
    await sendStream(reply, await parts.next(), parts, { unsentBytes, check, onBroken });
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  return { url: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/`, broken, unsentBytes };
}

const failure = new Error('failure');
async function* failing(): AsyncGenerator<JsonParts> {
  yield ['one', Buffer.alloc(100_000, 'x'), '\n'];
  yield ['two\n'];
  throw failure;
}

/** Decode what has arrived of a body that is broken off. */
const decode = {
  identity: (bytes: Buffer) => bytes,
  gzip: (bytes: Buffer) => gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }),
  br: (bytes: Buffer) => brotliDecompressSync(bytes, { finishFlush: constants.BROTLI_OPERATION_FLUSH }),
};

describe('a stream that fails', () => {
  it.each([undefined, 'gzip', 'br'] as const)(
    'after its first part has a last line, and no end, as %s',
    async (coding) => {
      const { url, broken } = await serve(failing);
      const response = await open(url, coding === undefined ? {} : { 'accept-encoding': coding });
      expect([response.statusCode, response.headers['content-encoding']]).toEqual([200, coding]);
      const { bytes, isComplete } = await readAll(response);
      expect(isComplete).toBe(false);
      expect(broken).toEqual([failure]);
      expect(decode[coding ?? 'identity'](bytes).toString()).toMatch(/^onex{100000}\ntwo\nthe last line\n$/);
    },
  );

  it('has its last line although the compressor flushes late', async () => {
    // The prototype that has the method: Gzip < Zlib < ZlibBase.
    const base = Object.getPrototypeOf(Object.getPrototypeOf(Object.getPrototypeOf(createGzip()))) as Gzip;
    const { flush } = base;
    const spy = jest.spyOn(base, 'flush').mockImplementation(function (this: Gzip, ...args: unknown[]) {
      setTimeout(() => Reflect.apply(flush, this, args), 50);
    });
    try {
      const { url } = await serve(failing);
      const { bytes } = await readAll(await open(url, { 'accept-encoding': 'gzip' }));
      expect(decode.gzip(bytes).toString()).toMatch(/\nthe last line\n$/);
      expect(spy).toHaveBeenCalled();
    } finally {
      spy.mockRestore();
    }
  });

  it('is reset for a client of HTTP/1.0, which sees no chunks', async () => {
    const { url } = await serve(failing);
    await expect(sendBytes(url, 'GET / HTTP/1.0\r\n\r\n')).rejects.toThrow('ECONNRESET');
  });

  it('before its first part is an answer of its own', async () => {
    const { url, broken } = await serve(async function* () {
      yield await Promise.reject<JsonParts>(failure);
    });
    expect([(await sendHttp(url)).status, broken]).toEqual([500, []]);
  });

  it('ends while its client takes nothing', async () => {
    let isOver = false;
    const { url, broken, unsentBytes } = await serve(
      async function* () {
        for (;;) yield [Buffer.alloc(1_000_000)];
      },
      () => {
        if (isOver) throw failure;
      },
    );
    const response = await open(url);
    response.pause();
    await waitFor(() => unsentBytes.total() > 0);
    isOver = true;
    const closed = new Promise((resolve) => response.once('close', resolve));
    response.on('error', () => {});
    await waitFor(() => broken.length > 0);
    response.resume();
    await closed;
    expect([response.complete, broken, unsentBytes.total()]).toEqual([false, [failure], 0]);
  });
});

it('the generator of a stream ends with its client', async () => {
  let hasEnded = false;
  const { url, broken } = await serve(async function* () {
    try {
      for (;;) yield [Buffer.alloc(100_000)];
    } finally {
      hasEnded = true;
    }
  });
  const response = await open(url);
  response.on('error', () => {});
  response.destroy();
  await waitFor(() => hasEnded);
  expect(broken).toEqual([]);
});

it('the generator of a stream ends with its connection, although its parts are ready at once', async () => {
  let partCount = 0;
  const { url, broken } = await serve(async function* () {
    yield ['one'];
    app.server.closeAllConnections();
    while (partCount++ < 10_000) yield ['more'];
  });
  const response = await open(url);
  response.on('error', () => {});
  await new Promise((resolve) => response.resume().once('close', resolve));
  expect(partCount).toBeLessThan(10);
  expect(broken).toEqual([]);
});
