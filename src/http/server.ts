import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import cors from '@fastify/cors';
import fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import type { ErrorObserver } from '../graphql/errors/report-errors';
import type { GraphQLServer } from '../graphql/server';
import type { Services } from '../logs/services';
import type { UnsentBytes } from './sending/unsent-bytes';
import type { Logger } from '../telemetry/logger';
import type { Metrics } from '../telemetry/metrics';
import { createClientErrorHandler } from './client-error';
import { createErrorHandler, HttpError } from './errors';
import { addGraphQLRoute } from './graphql-route';
import { parseJsonBodies } from './json-body';
import { addLogsRoutes } from './rest-route';
import { addOperationsRoutes } from './operations-routes';
import { createSendParts } from './sending/send-parts';
import { cutStalledSockets } from './sending/stalled-sockets';

export interface HttpServerOptions {
  readonly graphql: GraphQLServer;
  readonly services: Services;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly observer: ErrorObserver;
  readonly isReady: () => Promise<boolean>;
  readonly isStopping: () => boolean;
  readonly unsentBytes: UnsentBytes;
  readonly maxRequestBytes: number;
  readonly corsOrigins: '*' | readonly string[];
}

/** The socket takes answers up to this size at once. */
const largeBytes = 65_536;

export async function createHttpServer(options: HttpServerOptions): Promise<FastifyInstance> {
  const { logger, metrics, observer, corsOrigins, unsentBytes } = options;
  const app = fastify({
    bodyLimit: options.maxRequestBytes,
    genReqId: () => randomUUID(),
    // Longer than the 60 s of common balancers, which otherwise send a request into a closing connection.
    keepAliveTimeout: 65_000,
    requestTimeout: 60_000,
    // While stopping, requests on open connections are still served, with connection: close.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    clientErrorHandler: createClientErrorHandler(observer),
    frameworkErrors: (error, request, reply) =>
      void createErrorHandler(observer)(error, request, reply),
  });
  parseJsonBodies(app);
  app.setErrorHandler(createErrorHandler(observer));
  app.setNotFoundHandler(() => {
    const message = 'There is nothing here: GraphQL is at /graphql, the REST endpoint at /logs/.';
    throw new HttpError(404, 'BAD_USER_INPUT', message);
  });
  if (corsOrigins === '*' || corsOrigins.length > 0) {
    const origin = corsOrigins === '*' ? '*' : [...corsOrigins];
    await app.register(cors, {
      origin,
      methods: ['GET', 'POST'],
      maxAge: 600,
      strictPreflight: false,
    });
  }

  let knownHost: string | undefined;
  // Callbacks, since a promise in each hook is a tenth of what Fastify costs.
  app.addHook('onRequest', ({ host, url }, _reply, done) => {
    // HTTP/1.0 has no host; those who ask for health that way need none.
    if (host === knownHost || (host === '' && !url.startsWith('/graphql'))) return done();
    if (!URL.canParse(`http://${host}/`)) {
      return done(new HttpError(400, 'BAD_USER_INPUT', 'The header host must be a host name.'));
    }
    knownHost = host;
    done();
  });
  app.server.on('connection', (socket: Socket) => {
    socket.once('close', () => unsentBytes.gone(socket));
  });
  const stopCutting = cutStalledSockets(app.server);
  app.addHook('onClose', (_app, done) => {
    stopCutting();
    done();
  });
  const beforeSending = (reply: FastifyReply, bytes: number): void => {
    // Connections end with their next answer then, and balancers make new ones to other instances.
    if (options.isStopping()) reply.header('connection', 'close');
    const { socket } = reply.request.raw;
    if (bytes <= largeBytes || socket.destroyed) return;
    unsentBytes.add(socket, bytes);
    reply.raw.once('close', () => unsentBytes.sent(socket, bytes));
  };
  app.addHook('onSend', (_request, reply, payload, done) => {
    beforeSending(reply, typeof payload === 'string' ? payload.length : 0);
    done(null, payload);
  });
  const sendParts = createSendParts(beforeSending);
  app.addHook('onResponse', ({ method, routeOptions, id }, { statusCode, elapsedTime }, done) => {
    const route = routeOptions.url ?? 'none';
    metrics.requests.inc({ method, route, status: statusCode });
    metrics.requestSeconds.observe({ method, route }, elapsedTime / 1_000);
    if (logger.isLevelEnabled('debug')) {
      const ms = Math.round(elapsedTime);
      logger.debug({ requestId: id, method, route, status: statusCode, ms }, 'answered');
    }
    done();
  });

  addOperationsRoutes(app, metrics, options.isReady);
  const limits = { maxEntries: options.services.serverInfo.limits.maxLogsResult, unsentBytes };
  addLogsRoutes(app, options.services, limits, sendParts);
  addGraphQLRoute(app, options.graphql, options.services, limits, sendParts);
  return app;
}
