import type { IncomingMessage } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { handleProtocols, makeServer, type ServerOptions } from 'graphql-ws';
import { WebSocketServer, type WebSocket } from 'ws';
import { HttpError } from '../errors';
import type { OpenStreams } from './open-streams';
import { OperationErrors } from './operation-run';
import { upgradeOf } from './upgrade';
import { serveConnection, type Connection, type ConnectionOptions } from './websocket-connection';

export interface WebSocketOptions extends ConnectionOptions {
  readonly streams: OpenStreams;
  /** Maximum bytes of a message. */
  readonly maxRequestBytes: number;
}

/** Takes over the connection of a handshake. */
export type ServeWebSocket = (request: FastifyRequest, reply: FastifyReply) => void;

type Hooks = ServerOptions<Record<string, unknown>, Connection>;
type ExecutionArgs = Parameters<NonNullable<Extract<Hooks['execute'], (...args: never[]) => unknown>>>[0];

/** graphql-ws looks for an operation in a document; ours are parsed where they are executed. */
const anyOperation = {
  schema: {},
  document: { kind: 'Document', definitions: [{ kind: 'OperationDefinition', operation: 'query' }] },
};

/**
 * Serves GraphQL over WebSocket: the protocol `graphql-transport-ws`
 * (https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md).
 */
export function createServeWebSocket(options: WebSocketOptions): ServeWebSocket {
  const { streams, maxRequestBytes } = options;
  const sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    handleProtocols,
    maxPayload: maxRequestBytes,
    // A compressor takes up to 300 KB a connection, and compressed messages cannot be shared.
    perMessageDeflate: false,
    closeTimeout: streams.limits.closeMs,
  } as ConstructorParameters<typeof WebSocketServer>[0]);
  const refusals = new WeakMap<IncomingMessage, Error>();
  sockets.on('wsClientError', (error, _socket, request) => refusals.set(request, error));

  const run = ({ contextValue }: ExecutionArgs) => (contextValue as () => AsyncIterableIterator<never>)();
  const protocol = makeServer<Record<string, unknown>, Connection>({
    connectionInitWaitTimeout: streams.limits.initMs,
    onConnect: ({ extra, connectionParams }) => extra.connect(connectionParams),
    onSubscribe: (context, _id, payload) => {
      const contextValue = () => context.extra.run(payload, context);
      return { ...anyOperation, contextValue } as unknown as ExecutionArgs;
    },
    execute: run,
    subscribe: run,
    // Its JSON is written already.
    onNext: (_context, _id, _payload, _args, result) => result as object,
    onError: (_context, _id, _payload, [error]) => {
      const { originalError } = error!;
      if (originalError instanceof OperationErrors) return originalError.errors;
      throw originalError as Error;
    },
  });

  return (request, reply) => {
    const { raw } = request;
    const upgrade = upgradeOf(raw);
    if (!upgrade) {
      const message = 'A WebSocket needs the headers Connection: Upgrade and Upgrade: websocket.';
      throw new HttpError('BAD_USER_INPUT', message);
    }
    const place = streams.enter(request, 'websocket');
    let socket: WebSocket | undefined;
    sockets.handleUpgrade(raw, upgrade.socket, upgrade.head, (accepted) => (socket = accepted));
    const refusal = refusals.get(raw);
    if (!socket) place.leave();
    if (refusal)
      throw new HttpError('BAD_USER_INPUT', `The WebSocket handshake is not valid: ${refusal.message}.`);
    reply.hijack();
    reply.raw.detachSocket(upgrade.socket);
    // Undefined if the client has disconnected.
    if (socket) serveConnection({ socket, tcpSocket: upgrade.socket, request, place, protocol }, options);
  };
}
