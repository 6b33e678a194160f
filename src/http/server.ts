import type { FastifyInstance } from 'fastify';
import type { ErrorObserver } from '../graphql/errors/report-errors';
import type { GraphQLServer } from '../graphql/server';
import type { Keyring } from '../logs/access/keyring';
import type { Services } from '../logs/services';
import type { Logger } from '../telemetry/logger';
import type { Metrics } from '../telemetry/metrics';
import { addCors } from './auth/cors';
import { createClientAddress } from './auth/client-address';
import { addDoor, isGraphQLRoute } from './auth/door';
import { createOrigins, logNewOrigins } from './auth/origins';
import type { Rate } from './auth/rate-limit';
import { addConsoleRoutes } from './console/console-routes';
import { HttpError } from './errors';
import { createFastify } from './fastify';
import { createGraphQLContexts } from './graphql-context';
import { addGraphQLRoute } from './graphql-route';
import { addLargeBodies } from './large-bodies';
import { parseJsonBodies } from './json-body';
import { addOperationsRoutes, measureRequests, type UnreadyReason } from './operations-routes';
import { createSendExport } from './rest-export';
import { addLogsRoutes } from './rest-route';
import { trackConnections } from './sending/connections';
import { createSendParts } from './sending/send-parts';
import { cutSlowClients } from './sending/slow-clients';
import { createUnsentBytes } from './sending/unsent-bytes';
import { createSendEventStream } from './streams/event-stream';
import { createOpenStreams } from './streams/open-streams';
import { isWebSocket } from './streams/upgrade';
import { createServeWebSocket } from './streams/websocket';

/** What the HTTP server needs from the rest of the process. */
export interface HttpServerOptions {
  readonly graphql: GraphQLServer;
  readonly services: Services;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly observer: ErrorObserver;
  /** Why the server is not ready, if it is not: its database fails, or it is stopping. */
  readonly findUnreadyReason: () => Promise<UnreadyReason | undefined>;
  readonly isStopping: () => boolean;
  /** Whether the server is about to drop the open requests. */
  readonly isDropping: () => boolean;
  readonly maxRequestBytes: number;
  /** Where the built files of the console are. */
  readonly consoleDirectory: string;
  /** Origins that may call the server from a browser; `'*'` for any. */
  readonly corsOrigins: '*' | readonly string[];
  readonly allowedHosts: readonly string[];
  readonly keyring: Keyring;
  readonly rate: Rate | undefined;
  /** Addresses of proxies whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[];
}

/** Creates the HTTP server with all its routes. It does not listen yet. */
export async function createHttpServer(options: HttpServerOptions): Promise<FastifyInstance> {
  const { services, metrics, keyring } = options;
  const notFound = 'GraphQL is at /graphql, the REST API at /logs/.';
  const app = createFastify({ ...options, notFound, drains: true });
  const origins = createOrigins({ ...options, isOpen: keyring.isOpen });
  await addCors(app, {
    origin: (origin, done) => done(null, origin !== undefined && origins.isAllowed(origin)),
    methods: ['GET', 'POST'],
    // Without allowedHeaders, a preflight allows the headers that it asks for, such as Idempotency-Key.
    exposedHeaders: [
      'Content-Disposition',
      'Csv-Formulas',
      'Idempotent-Replayed',
      'Link',
      'Recorded-Count',
      'Retry-After',
    ],
    // Seconds for which a browser may cache the result of a preflight request.
    maxAge: 600,
    strictPreflight: false,
  });
  checkHostHeaders(app);
  refuseOtherStreams(app);
  const clientOf = createClientAddress(options.trustedProxies);
  const largeBodies = addLargeBodies(app, options.maxRequestBytes, clientOf, {
    onWaiting: (count) => metrics.largeRequestsWaiting.set(count),
    onRefused: (reason) => metrics.largeRequestsRefused.inc({ reason }),
    onCut: () => metrics.connectionsCut.inc({ reason: 'memory' }),
  });
  parseJsonBodies(app);
  const onWrongOrigin = logNewOrigins(options.logger);
  const nowMs = () => performance.now();
  const door = addDoor(app, { ...options, origins, clientOf, nowMs, notFound, onWrongOrigin });
  const streams = createOpenStreams({ door, clientOf, metrics });
  // Before that of trackConnections, which waits until all is sent.
  app.addHook('preClose', () => streams.stop());
  const unsentBytes = createUnsentBytes(() => metrics.largeResponsesRefused.inc());
  metrics.unsentBytes(unsentBytes.total);
  const stopCutting = cutSlowClients({
    connections: trackConnections(app),
    unsentBytes,
    onCut: (reason) => metrics.connectionsCut.inc({ reason }),
    isSubscribed: (socket) => streams.subscribed.has(socket),
  });
  app.addHook('onClose', async () => stopCutting());
  const sendParts = createSendParts(app, unsentBytes, options.isStopping);
  measureRequests(app, metrics, options.logger);

  addOperationsRoutes(app, metrics, options.findUnreadyReason);
  addConsoleRoutes(app, options.consoleDirectory);
  const { maxLogsResult: maxEntries, maxResponseBytes: maxBytes } = services.serverInfo.limits;
  const limits = { maxEntries, maxBytes, unsentBytes, clientOf };
  const sendExport = createSendExport({ ...options, limits, requireKeyInForce: door.requireKeyInForce });
  addLogsRoutes(app, services, limits, sendParts, sendExport);
  const { operations } = options.graphql;
  const createContext = createGraphQLContexts(services, limits);
  const ofStreams = { ...options, operations, streams, door, createContext, largeBodies };
  const sendEventStream = createSendEventStream(ofStreams);
  const serveWebSocket = createServeWebSocket(ofStreams);
  addGraphQLRoute(app, { ...options, createContext, sendParts, sendEventStream, serveWebSocket });
  return app;
}

/**
 * Refuses WebSockets and event streams of other paths than /graphql. Node would ignore the header Upgrade, and answer the
 * request. Other upgrades are ignored, as HTTP asks: programs in Java send `Upgrade: h2c`.
 */
function refuseOtherStreams(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    const { accept } = request.headers;
    const isOfWebSocket = isWebSocket(request);
    if (!isOfWebSocket && accept !== 'text/event-stream') return done();
    if (isGraphQLRoute(request.routeOptions.url)) return done();
    reply.header('connection', 'close');
    const name = isOfWebSocket ? 'WebSocket' : 'event stream';
    const message = `There is no ${name} here: use /graphql.`;
    done(new HttpError('BAD_USER_INPUT', message, isOfWebSocket ? 400 : 406));
  });
}

/** Refuses requests whose Host header is not a host name: Apollo Server would fail on their URL. */
function checkHostHeaders(app: FastifyInstance): void {
  let lastValidHost: string | undefined;
  // A callback: promises in hooks take a tenth of the time that Fastify spends on a request.
  app.addHook('onRequest', ({ host, routeOptions, raw }, _reply, done) => {
    // HTTP/1.0 requests, such as health checks of HAProxy, may have no Host header.
    const mayLackHost = raw.httpVersion === '1.0' && !isGraphQLRoute(routeOptions.url);
    if (host === lastValidHost || (host === '' && mayLackHost)) return done();
    if (!URL.canParse(`http://${host}/`)) {
      const message = 'The Host header must be a host name, such as localhost:4000.';
      return done(new HttpError('BAD_USER_INPUT', message));
    }
    lastValidHost = host;
    done();
  });
}
