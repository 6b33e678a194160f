import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { collectGarbage } from '../logs/model/collect-garbage';
import { OverloadedError, RequestGoneError, toRetryMs } from '../logs/model/errors';
import type { QueryContext } from '../logs/model/read-context';
import { createWorkQueue } from '../logs/model/work-queue';
import { nameClient, type createClientAddress } from './auth/client-address';
import { weighJson } from './json-weight';
import { slowClientLimits } from './sending/slow-clients';

/** Up to this size, bodies never wait, and are parsed in the turn of the event loop in which they arrive. */
export const smallBytes = 65_536;
/** Larger gzip bodies may become large: text becomes 10 times its bytes, and less often more. */
const smallGzipBytes = smallBytes / 16;

/** Limits of the bodies above {@link smallBytes} of all connections. */
export interface LargeBodyLimits {
  /** Bytes of those that are received, or wait to be executed. */
  readonly maxReceivedBytes: number;
  /** Memory of those that are parsed and executed: see {@link weighJson}. */
  readonly maxExecutedBytes: number;
  /** Milliseconds that a body waits until it is received, and again until it is executed. */
  readonly maxWaitMs: number;
  /** Milliseconds between two checks for clients that send slowly. */
  readonly checkMs: number;
  /** Bytes that a client must send in each second, or it is cut after this time while others wait to send. */
  readonly slow: { readonly ms: number; readonly minRate: number };
}

/** docs/operations.md lists them. */
const usualLimits: LargeBodyLimits = {
  maxReceivedBytes: 32_000_000,
  maxExecutedBytes: 64_000_000,
  maxWaitMs: 10_000,
  checkMs: 2_500,
  slow: slowClientLimits.memory,
};

/** A request that is refused because too many large bodies wait. */
export class LargeBodyRefusedError extends OverloadedError {
  constructor() {
    super(toRetryMs(0), 'Too many large requests are being received and executed.');
  }
}

/** The turns of a request with a large body: first that to be received, then that to be executed. */
export interface LargeBody {
  /**
   * Waits for its turn to be received, unless that has come.
   * @throws {LargeBodyRefusedError} if it does not come in time
   * @throws {RequestGoneError} if the client has disconnected
   */
  receive(bytes: number): Promise<void>;
  /**
   * Parses the body in its turn, which lasts until {@link end}. The turn to be received ends when it starts. Throws as
   * {@link receive} does.
   */
  parse<Value>(json: Buffer, work: (json: Buffer) => Promise<Value>): Promise<Value>;
  /** Ends the turn, and lets go of the parsed body. Called when the answer is made. */
  end(): void;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Null for a body whose `content-length` is small, and for none. */
    largeBody: LargeBody | null;
  }
}

/** What is reported. */
export interface LargeBodyObserver {
  /** Called with the number of bodies and messages that wait whenever it changes. */
  readonly onWaiting: (count: number) => void;
  /** Called with what a refused body waited for: `receive` or `execute`. */
  readonly onRefused: (reason: 'receive' | 'execute') => void;
  /** Called when a connection is cut whose client sends slowly. */
  readonly onCut: () => void;
}

export type LargeBodies = ReturnType<typeof addLargeBodies>;

/**
 * Bounds the memory of large bodies: each is received in its turn, then parsed and executed in its turn. A body that
 * waits to be received stays with its client. Small bodies never wait.
 * @param maxBytes of a body
 */
export function addLargeBodies(
  app: FastifyInstance,
  maxBytes: number,
  clientOf: ReturnType<typeof createClientAddress>,
  observer: LargeBodyObserver,
  { maxReceivedBytes, maxExecutedBytes, maxWaitMs, checkMs, slow } = usualLimits,
) {
  const createQueue = (capacity: number, reason: 'receive' | 'execute') => {
    let waitingCount = 0;
    const createLateError = (): Error => {
      observer.onRefused(reason);
      return new LargeBodyRefusedError();
    };
    const onWaiting = (count: number): void => {
      totalWaiting += count - waitingCount;
      waitingCount = count;
      observer.onWaiting(totalWaiting);
    };
    return createWorkQueue({ capacity, maxWaitMs, createLateError, onWaiting });
  };
  let totalWaiting = 0;
  const received = createQueue(maxReceivedBytes, 'receive');
  const executed = createQueue(maxExecutedBytes, 'execute');
  /** The bodies that are being received, with the bytes that their connections had sent at the last checks. */
  const receiving = new Map<IncomingMessage, number[]>();

  /** Memory of what was parsed since the last garbage collection. */
  let parsedBytes = 0;

  function countParsed(bytes: number): void {
    parsedBytes += bytes;
    if (parsedBytes < maxExecutedBytes) return;
    parsedBytes = 0;
    collectGarbage();
  }

  const contextOf = (request: FastifyRequest): Pick<QueryContext, 'client'> => ({
    client: () => nameClient(request, clientOf),
  });

  function open(request: FastifyRequest, response: ServerResponse): LargeBody {
    const { raw } = request;
    const context = contextOf(request);
    let endTurn: (() => void) | undefined;
    /** Bytes of memory that the parsed body takes, as {@link weighJson} estimates them; 0 until it is parsed. */
    let weight = 0;
    /** Whether the body is in memory, though its client may have disconnected. */
    let isHeld = false;

    async function enter(queue: typeof received, bytes: number): Promise<void> {
      const end = await queue.enter(context, bytes);
      endTurn?.();
      endTurn = end;
      if (!response.closed) return;
      end();
      throw new RequestGoneError();
    }

    response.once('close', () => {
      receiving.delete(raw);
      if (!isHeld) endTurn?.();
    });
    return {
      async receive(bytes) {
        if (endTurn) return;
        await enter(received, bytes);
        receiving.set(raw, []);
      },

      async parse(json, work) {
        receiving.delete(raw);
        isHeld = true;
        weight = weighJson(json, maxExecutedBytes);
        try {
          await enter(executed, weight);
          const value = await work(json);
          if (response.closed) throw new RequestGoneError();
          return value;
        } catch (error) {
          endTurn?.();
          throw error;
        } finally {
          isHeld = false;
        }
      },

      end() {
        request.body = undefined;
        countParsed(weight);
        weight = 0;
        endTurn?.();
      },
    };
  }

  /** A body of unknown length, which waits for its turn when it becomes large. */
  async function* receiveChunks(raw: IncomingMessage, body: LargeBody) {
    let bytes = 0;
    // The connection stays open for the refusal.
    for await (const chunk of raw.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      const isSmall = bytes <= smallBytes;
      bytes += chunk.length;
      if (isSmall && bytes > smallBytes) await body.receive(maxBytes);
      yield chunk;
    }
  }

  app.decorateRequest('largeBody', null);
  app.addHook('preParsing', (request, reply, payload, done) => {
    const { headers } = request.raw;
    const bytes = Number(headers['content-length'] ?? 0);
    const isChunked = headers['transfer-encoding'] !== undefined;
    const isEncoded = headers['content-encoding'] !== undefined;
    if (!isChunked && !isEncoded && bytes <= smallBytes) return done(null, payload);
    // Fastify refuses these.
    if (bytes > maxBytes || request.mediaType !== 'application/json') return done(null, payload);
    const body = open(request, reply.raw);
    request.largeBody = body;
    if (isChunked) {
      return done(null, Readable.from(receiveChunks(request.raw, body), { objectMode: false }));
    }
    if (isEncoded && bytes <= smallGzipBytes) return done(null, payload);
    body.receive(isEncoded ? maxBytes : bytes).then(() => done(null, payload), done);
  });

  /** Cuts the connections of clients that send slowly, while others wait to send. */
  function check(): void {
    const checks = slow.ms / checkMs;
    for (const [raw, samples] of receiving) {
      samples.push(raw.socket.bytesRead);
      const before = samples.at(-1 - checks);
      const isSlow = before !== undefined && samples.at(-1)! - before < (slow.minRate * slow.ms) / 1_000;
      if (samples.length > checks) samples.shift();
      if (!isSlow || raw.complete || !received.isBusy()) continue;
      observer.onCut();
      raw.socket.destroy();
    }
  }

  const timer = setInterval(check, checkMs).unref();
  app.addHook('onClose', async () => clearInterval(timer));

  return {
    /**
     * Parses a message of a WebSocket; a large one in its turn.
     * @throws {LargeBodyRefusedError} if its turn does not come in time
     */
    async run<Value>(
      request: FastifyRequest,
      json: Buffer,
      work: (json: Buffer) => Promise<Value>,
    ): Promise<Value> {
      if (json.length <= smallBytes) return work(json);
      const weight = weighJson(json, maxExecutedBytes);
      try {
        return await executed.run(() => work(json), contextOf(request), weight);
      } finally {
        countParsed(weight);
      }
    },
  };
}
