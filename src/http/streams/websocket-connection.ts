import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyRequest } from 'fastify';
import { CloseCode, MessageType, type Context as GraphQLWsContext, type Server } from 'graphql-ws';
import type { WebSocket } from 'ws';
import type { ErrorObserver } from '../../graphql/errors/report-errors';
import type { GraphQLServer } from '../../graphql/server';
import { isRefusal, LogManagerError, RateLimitedError, toRetryMs } from '../../logs/model/errors';
import { isObject } from '../../logs/model/json';
import { releaseMemory } from '../../logs/model/release-memory';
import { shorten } from '../../logs/model/shorten';
import type { Metrics } from '../../telemetry/metrics';
import { maxPublicBytes } from '../auth/beacon';
import type { Door } from '../auth/door';
import { showError } from '../errors';
import type { CreateGraphQLContext } from '../graphql-context';
import type { LargeBodies } from '../large-bodies';
import { parseJsonBytes } from '../json-body';
import { toMessageJson, type MessageJson, type ResultJson } from './message-json';
import type { OpenStreams, StreamPlace } from './open-streams';
import { OperationErrors, runOperation } from './operation-run';
import { createTurns } from './turns';

export interface ConnectionOptions {
  readonly operations: GraphQLServer['operations'];
  readonly streams: OpenStreams;
  readonly door: Door;
  readonly createContext: CreateGraphQLContext;
  readonly observer: ErrorObserver;
  readonly metrics: Pick<Metrics, 'connectionsCut'>;
  readonly largeBodies: LargeBodies;
}

/** Copying less than this costs less than a frame for each part. */
const maxJoinedLength = 16_384;
/** Bytes of a reason in a close frame (RFC 6455, section 5.5). */
const maxReasonBytes = 123;
/** Close codes of RFC 6455, section 7.4.1. */
const goingAwayCode = 1001;
const tooLargeCode = 1009;
/** https://www.iana.org/assignments/websocket/websocket.xhtml: graphql-ws connects again. */
const tryAgainCode = 1013;
const pollMs = 20;
/** Only servers send messages of these types: graphql-ws takes them for a failure of its own. */
const serverTypes = new Set<unknown>([MessageType.ConnectionAck, MessageType.Next, MessageType.Error]);

/** What graphql-ws knows of a connection. */
type Context = GraphQLWsContext<Record<string, unknown>, Connection>;

/** What graphql-ws calls of a connection. */
export interface Connection {
  /** Lets in the client by the payload of its first message. Throws the errors of {@link Door}. */
  connect(parameters: Record<string, unknown> | undefined): void;
  /** Runs an operation, which its context lists already. */
  run(payload: object, context: Context): AsyncIterableIterator<ResultJson>;
}

interface OpenConnection {
  readonly socket: WebSocket;
  /** Of `socket`. */
  readonly tcpSocket: Socket;
  /** The handshake. */
  readonly request: FastifyRequest;
  readonly place: StreamPlace;
  readonly protocol: Server<Connection>;
}

/** Serves a WebSocket until it is closed. */
export function serveConnection(
  { socket, tcpSocket, request, place, protocol }: OpenConnection,
  { operations, streams, door, createContext, observer, metrics, largeBodies }: ConnectionOptions,
): void {
  const { limits, subscribed } = streams;
  const takeTurn = createTurns();
  /** Bytes of the messages whose operations wait. */
  const sizes = new WeakMap<object, number>();
  let waitingBytes = 0;
  let initBytes = 0;
  let heardAt = performance.now();
  let received: Promise<void> = Promise.resolve();
  let sent: Promise<void> = Promise.resolve();
  let context: Context | undefined;
  let onMessage: ((message: string) => Promise<void>) | undefined;
  let closed: ReturnType<typeof protocol.opened> | undefined = undefined;

  /** Ends all operations at once: graphql-ws would pull and discard results until the client has answered. */
  function close(code: number, reason: string): void {
    if (socket.readyState !== socket.OPEN) return;
    socket.close(code, shortenReason(reason));
    void closed?.(code, reason);
  }

  /** Settles when the kernel has taken a message, or the connection is closed. */
  function write({ parts, isOfSubscription }: MessageJson): Promise<void> {
    return new Promise((resolve) => {
      if (socket.readyState !== socket.OPEN) return resolve();
      if (isOfSubscription) subscribed.add(tcpSocket);
      const onWritten = (error?: Error): void => {
        subscribed.delete(tcpSocket);
        if (!error) releaseMemory(parts);
        resolve();
      };
      const frames = toFrames(parts);
      frames.forEach((frame, at) => {
        const fin = at === frames.length - 1;
        socket.send(frame, { fin, binary: false }, fin ? onWritten : undefined);
      });
    });
  }

  /** The error of an operation, as graphql-ws takes it. */
  function toErrors(error: unknown, requestId: string): OperationErrors {
    const expected = error instanceof LogManagerError ? error : undefined;
    return new OperationErrors([showError(error, expected, requestId, observer).shown]);
  }

  /** Closes the connection because of an error that belongs to none of its operations. */
  function fail(error: unknown): void {
    const expected = error instanceof LogManagerError ? error : undefined;
    const { shown } = showError(error, expected, request.id, observer);
    close(expected ? CloseCode.Forbidden : CloseCode.InternalServerError, shown.message);
  }

  async function receive(bytes: Buffer): Promise<void> {
    let message: unknown;
    try {
      message = await largeBodies.run(request, bytes, async (json) => parseJsonBytes(json, 'message'));
    } catch (error) {
      const code = isRefusal(error) ? tryAgainCode : CloseCode.BadRequest;
      return close(code, (error as Error).message);
    }
    const { type, payload } = isObject(message) ? message : {};
    if (serverTypes.has(type)) return close(CloseCode.BadRequest, 'Only servers send messages of this type');
    if (isObject(payload)) sizes.set(payload, bytes.length);
    // graphql-ws takes parsed messages, too. Settles when the operation has ended.
    onMessage?.(message as string).catch(fail);
  }

  /** Stops reading while many bytes wait. */
  function addWaiting(bytes: number): void {
    waitingBytes += bytes;
    if (waitingBytes > limits.maxWaitingBytes) socket.pause();
    else if (socket.isPaused) socket.resume();
  }

  const countInitBytes = ({ length }: Buffer): void => {
    initBytes += length;
    if (initBytes <= limits.maxInitBytes) return;
    close(tooLargeCode, `The first message must be at most ${limits.maxInitBytes} bytes`);
    socket.pause();
  };

  const connection: Connection = {
    connect(parameters) {
      const authorization = parameters?.['authorization'] ?? parameters?.['Authorization'];
      if (typeof authorization === 'string') request.raw.headers.authorization = authorization;
      door.enterAgain(request);
      tcpSocket.off('data', countInitBytes);
    },

    run(payload, ofConnection) {
      context = ofConnection;
      const requestId = randomUUID();
      const isExcess = Object.keys(context.subscriptions).length > limits.maxOperations;
      const bytes = sizes.get(payload) ?? 0;
      addWaiting(bytes);
      return runOperation({
        takeTurn: isExcess ? async () => () => {} : takeTurn,
        start: async (answer) => {
          try {
            if (isExcess) throw new RateLimitedError(toRetryMs(0));
            streams.requireOpen();
            door.enterAgain(request);
            const sentWith = { requestId, isBeacon: false };
            return await operations.subscribe(payload, createContext(request, answer, sentWith));
          } catch (error) {
            throw toErrors(error, requestId);
          }
        },
        onStarted: () => addWaiting(-bytes),
        onEnded: () => {
          const timer = setTimeout(() => {
            metrics.connectionsCut.inc({ reason: 'too_slow' });
            socket.terminate();
          }, limits.lastMessageMs);
          return () => clearTimeout(timer);
        },
      });
    },
  };

  place.add({
    request,
    revoke(error) {
      fail(error);
    },
    ping() {
      // A client that takes nothing, or is not read, cannot answer.
      if (socket.isPaused || socket.bufferedAmount > 0) heardAt = performance.now();
      if (performance.now() - heardAt <= limits.silentMs) return socket.ping();
      metrics.connectionsCut.inc({ reason: 'silent' });
      socket.terminate();
    },
    async stop() {
      const endsAt = performance.now() + limits.stopMs;
      // graphql-ws forgets an operation when its last message is sent.
      while (Object.keys(context?.subscriptions ?? {}).length > 0 && performance.now() < endsAt) {
        await sleep(pollMs);
      }
      close(goingAwayCode, 'The server is stopping');
      await Promise.race([once(socket, 'close'), sleep(limits.closeMs)]);
      socket.terminate();
    },
  });
  const onHeard = (): void => {
    heardAt = performance.now();
  };
  socket.on('ping', onHeard).on('pong', onHeard);
  // An invalid frame, or a message that is too large: ws closes the connection.
  socket.on('error', () => {});
  socket.on('close', (code, reason) => {
    place.leave();
    void closed?.(code, String(reason));
  });
  socket.on('message', (data: Buffer) => {
    onHeard();
    if (request.principal.isPublic && data.length > maxPublicBytes) {
      return close(tooLargeCode, `Messages with a public key must be at most ${maxPublicBytes} bytes`);
    }
    // In their order, though large ones are parsed in several turns.
    received = received.then(() => receive(data));
  });
  tcpSocket.on('data', countInitBytes);
  closed = protocol.opened(
    {
      protocol: socket.protocol,
      close,
      // Called in the turn in which the message was written as JSON.
      send(text) {
        const message = toMessageJson(text);
        return (sent = sent.then(() => write(message)));
      },
      onMessage(listener) {
        onMessage = listener;
      },
    },
    connection,
  );
}

/** Small parts as one frame; large ones are not copied. */
function toFrames(parts: MessageJson['parts']): readonly (string | Buffer)[] {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  if (parts.every((part) => typeof part === 'string')) return [parts.join('')];
  if (length > maxJoinedLength) return parts.filter((part) => part.length > 0);
  return [Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)))];
}

function shortenReason(reason: string): string {
  return Buffer.byteLength(reason) <= maxReasonBytes ? reason : shorten(reason, 100);
}
