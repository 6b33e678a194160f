import type { Socket } from 'node:net';
import type { FastifyRequest } from 'fastify';
import {
  OverloadedError,
  RateLimitedError,
  ServerStoppingError,
  toRetryMs,
  type UnauthenticatedError,
} from '../../logs/model/errors';
import type { Metrics } from '../../telemetry/metrics';
import type { Door } from '../auth/door';
import type { ReadLimits } from '../request-parts';
import { readKernelQueues, type KernelQueues } from '../sending/kernel-queues';
import { streamLimits } from './stream-limits';

export type Transport = 'websocket' | 'event_stream';

/** A WebSocket or an event stream that is open. */
export interface Stream {
  readonly request: FastifyRequest;
  /** Ends it because its key is no longer in force. */
  revoke(error: UnauthenticatedError): void;
  /**
   * Called from time to time, so that proxies keep the connection, and dead clients are found.
   * @param queues what clients have not acknowledged
   */
  ping(queues: KernelQueues): void;
  /** Ends it because the server stops. */
  stop(): Promise<void>;
}

export interface OpenStreamsOptions {
  readonly door: Pick<Door, 'requireKeyInForce'>;
  readonly clientOf: ReadLimits['clientOf'];
  readonly metrics: Pick<Metrics, 'streams'>;
  readonly limits?: typeof streamLimits;
}

/** The streams of a server. */
export type OpenStreams = ReturnType<typeof createOpenStreams>;

/** Counts and limits the streams of a server, and looks after them. Without streams it does nothing. */
export function createOpenStreams({ door, clientOf, metrics, limits = streamLimits }: OpenStreamsOptions) {
  const streams = new Set<Stream>();
  /** Connections that have the message of a subscription unsent. */
  const subscribed = new WeakSet<Socket>();
  const counts = new Map<string, number>();
  let count = 0;
  let isStopping = false;
  let timers: NodeJS.Timeout[] = [];

  function checkKeys(): void {
    for (const stream of streams) {
      try {
        door.requireKeyInForce(stream.request);
      } catch (error) {
        stream.revoke(error as UnauthenticatedError);
      }
    }
  }

  async function pingAll(): Promise<void> {
    const queues = await readKernelQueues();
    for (const stream of streams) stream.ping(queues);
  }

  function add(stream: Stream): void {
    streams.add(stream);
    if (timers.length > 0) return;
    timers = [setInterval(checkKeys, limits.checkMs), setInterval(() => void pingAll(), limits.pingMs)];
    for (const timer of timers) timer.unref();
  }

  function remove(stream: Stream | undefined): void {
    if (stream) streams.delete(stream);
    if (streams.size > 0) return;
    for (const timer of timers) clearInterval(timer);
    timers = [];
  }

  /** @throws {ServerStoppingError} while the server stops */
  function requireOpen(): void {
    if (isStopping) throw new ServerStoppingError('Connect again.');
  }

  return {
    limits,
    subscribed,
    requireOpen,

    /**
     * Counts a stream.
     * @returns `add` looks after it; `leave` ends both
     * @throws {RateLimitedError} when its client has too many
     * @throws {OverloadedError} when there are too many
     * @throws {ServerStoppingError} while the server stops
     */
    enter({ raw }: FastifyRequest, transport: Transport) {
      requireOpen();
      const client = clientOf(raw);
      const own = counts.get(client) ?? 0;
      if (own >= limits.maxStreamsOfClient) throw new RateLimitedError(toRetryMs(0));
      if (count >= limits.maxStreams) throw new OverloadedError(toRetryMs(0), 'Too many streams are open.');
      count++;
      counts.set(client, own + 1);
      metrics.streams.inc({ transport });
      let entered: Stream | undefined;
      let hasLeft = false;
      return {
        add: (stream: Stream): void => add((entered = stream)),
        leave(): void {
          if (hasLeft) return;
          hasLeft = true;
          count--;
          const left = counts.get(client)! - 1;
          if (left > 0) counts.set(client, left);
          else counts.delete(client);
          metrics.streams.dec({ transport });
          remove(entered);
        },
      };
    },

    /** Ends all streams. */
    async stop(): Promise<void> {
      isStopping = true;
      await Promise.all([...streams].map((stream) => stream.stop()));
    },
  };
}

/** A place among the streams of a server. */
export type StreamPlace = ReturnType<OpenStreams['enter']>;
