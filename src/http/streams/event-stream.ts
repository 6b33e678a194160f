import type { OutgoingHttpHeaders } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Answer } from '../../graphql/execution/execute';
import { toJsonParts } from '../../graphql/execution/raw-json';
import type { Subscription } from '../../graphql/execution/subscribe';
import { LogManagerError } from '../../logs/model/errors';
import type { JsonParts } from '../../logs/model/json';
import { releaseMemory } from '../../logs/model/release-memory';
import { isBeacon } from '../auth/beacon';
import { showError } from '../errors';
import { readIdempotencyKey } from '../request-parts';
import { queueKey } from '../sending/kernel-queues';
import { takenByKernel } from '../sending/slow-clients';
import type { ConnectionOptions } from './websocket-connection';

const headers = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  // nginx would keep events until its buffer is full.
  'x-accel-buffering': 'no',
  // Its end is that of the connection: a client that stops may be in the middle of it.
  connection: 'close',
};

/** Answers a request by an event stream. */
export type SendEventStream = (
  request: FastifyRequest,
  reply: FastifyReply,
  /** What the body of a POST would hold. */
  sent: unknown,
) => Promise<void>;

/**
 * Sends results as server-sent events: the distinct connections mode of
 * https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md. The id of an event is the cursor of its message.
 */
export function createSendEventStream(options: ConnectionOptions): SendEventStream {
  const { operations, streams, createContext, observer, metrics } = options;
  const { limits, subscribed } = streams;

  return async (request, reply, sent) => {
    const idempotencyKey = readIdempotencyKey(request);
    const place = streams.enter(request, 'event_stream');
    const { raw } = reply;
    const { socket } = request.raw;
    let subscription: Subscription | undefined;
    let lastTimer: NodeJS.Timeout | undefined;
    /** Why the stream ends before the subscription. */
    let refusal: object | undefined;
    let written: Promise<void> = Promise.resolve();
    let acknowledged = 0;
    /** When the client had acknowledged all bytes, or some more. */
    let heardAt = performance.now();
    raw.once('close', () => {
      place.leave();
      clearTimeout(lastTimer);
      void subscription?.return();
    });
    request.isStreamed = true;
    reply.hijack();
    raw.writeHead(200, { ...reply.getHeaders(), ...headers } as OutgoingHttpHeaders);
    raw.flushHeaders();

    /** Settles when the kernel has taken an event, or the connection is closed. */
    function write(chunks: JsonParts, isOfSubscription = false): Promise<void> {
      return (written = written.then(
        () =>
          new Promise((resolve) => {
            if (raw.destroyed || raw.writableEnded) return resolve();
            if (isOfSubscription) subscribed.add(socket);
            const onClosed = (): void => {
              subscribed.delete(socket);
              raw.off('close', onClosed);
              resolve();
            };
            const onWritten = (error?: Error | null): void => {
              if (!error) releaseMemory(chunks);
              onClosed();
            };
            raw.once('close', onClosed);
            raw.cork();
            chunks.forEach((chunk, at) => raw.write(chunk, at === chunks.length - 1 ? onWritten : undefined));
            raw.uncork();
          }),
      ));
    }

    /** Cuts the connection if its client does not read why the stream ends. */
    function expectEnd(): void {
      lastTimer ??= setTimeout(() => {
        metrics.connectionsCut.inc({ reason: 'too_slow' });
        socket.destroy();
      }, limits.lastMessageMs);
    }

    place.add({
      request,
      revoke(error) {
        if (refusal) return;
        refusal = { errors: [showError(error, error, request.id, observer).shown] };
        expectEnd();
        void subscription?.return();
      },
      ping(queues) {
        const queued = queues.get(queueKey(socket)) ?? 0;
        const now = takenByKernel(socket) - queued;
        // While bytes wait for the kernel, the subscription is ended if the client is slow.
        if (queued === 0 || now > acknowledged || raw.writableLength > 0) heardAt = performance.now();
        acknowledged = now;
        if (performance.now() - heardAt > limits.silentMs) {
          // TCP would send the bytes again for a quarter of an hour.
          metrics.connectionsCut.inc({ reason: 'silent' });
          socket.destroy();
        } else if (!raw.writableEnded && raw.writableLength === 0) raw.write(':\n\n');
      },
      async stop() {
        const timer = setTimeout(() => socket.destroy(), limits.stopMs);
        await new Promise<void>((resolve) => (raw.closed ? resolve() : raw.once('close', () => resolve())));
        clearTimeout(timer);
      },
    });

    async function execute(): Promise<Answer | Subscription> {
      try {
        const context = createContext(request, raw, {
          requestId: request.id,
          idempotencyKey,
          isBeacon: isBeacon(request),
          isReadOnly: request.method === 'GET',
          lastEventId: readLastEventId(request),
        });
        return await operations.subscribe(sent, context);
      } catch (error) {
        const expected = error instanceof LogManagerError ? error : undefined;
        const { shown } = showError(error, expected, request.id, observer);
        return { status: 200, result: { errors: [shown] } };
      }
    }

    const outcome = await execute();
    request.largeBody?.end();
    if ('ended' in outcome) {
      subscription = outcome;
      void subscription.ended.then(expectEnd);
      if (raw.destroyed || refusal) await subscription.return();
      for await (const { result, cursor } of subscription) {
        if (!refusal) await write(toEvent(toJsonParts(result), cursor), true);
      }
    } else if (!refusal) {
      await write(toEvent(toJsonParts(outcome.result), undefined));
    }
    if (refusal) await write(toEvent(toJsonParts(refusal), undefined));
    await write(['event: complete\ndata: \n\n']);
    raw.end();
  };
}

/** The cursor after which a client that reconnects goes on; it sends none if it has got no event. */
function readLastEventId({ headers: { 'last-event-id': id } }: FastifyRequest): string | undefined {
  return typeof id === 'string' && id !== '' ? id : undefined;
}

/** The bytes of an event (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
function toEvent(json: JsonParts, id: string | undefined): JsonParts {
  const start = `${id === undefined ? '' : `id: ${id}\n`}event: next\ndata: `;
  return [start, ...json.map(toOneLine), '\n\n'];
}

/** Line feeds in JSON stand between tokens only; in an event, they would end the data. Bytes are changed in place. */
function toOneLine(part: string | Buffer): string | Buffer {
  if (typeof part === 'string') return part.replaceAll('\n', ' ');
  const lineFeed = 0x0a;
  for (let at = part.indexOf(lineFeed); at !== -1; at = part.indexOf(lineFeed, at + 1)) part[at] = 0x20;
  return part;
}
