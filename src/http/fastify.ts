import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import fastify, { type FastifyInstance } from 'fastify';
import type { ErrorObserver } from '../graphql/errors/report-errors';
import type { Metrics } from '../telemetry/metrics';
import { collectAfterCrowd } from '../logs/model/collect-garbage';
import { connectionLimits } from './connection-limits';
import { createClientErrorHandler, createErrorHandler, createExpectationHandler, noRoute } from './errors';
import { addSecurityHeaders } from './security-headers';
import { compressPayloads } from './sending/compression';
import { createOneAtATime } from './sending/one-at-a-time';
import { serveUpgrades, upgradeOptions } from './streams/upgrade';

export interface FastifyOptions {
  readonly observer: ErrorObserver;
  readonly metrics: Metrics;
  /** Maximum size of a body. */
  readonly maxRequestBytes: number;
  /** What a request for an unknown path is told. */
  readonly notFound: string;
  /** Whether stopping leaves requests time to be answered. */
  readonly drains: boolean;
}

/** Creates an HTTP server without routes. Its errors have the format of GraphQL errors. */
export function createFastify(options: FastifyOptions): FastifyInstance {
  const { observer, metrics, maxRequestBytes, notFound, drains } = options;
  const { requestMs, checkEveryMs, keepAliveMs, maxConnections } = connectionLimits;
  const handleError = createErrorHandler(observer);
  const serverOptions = {
    ...upgradeOptions,
    // Node's own refusal has no body.
    requireHostHeader: false,
    requestTimeout: requestMs,
    headersTimeout: requestMs,
    connectionsCheckingInterval: checkEveryMs,
    keepAliveTimeout: keepAliveMs,
  };
  const oneAtATime = createOneAtATime({
    onCrowdEnd: collectAfterCrowd,
    onClosed: () => metrics.connectionsCut.inc({ reason: 'pipelining' }),
  });
  const app = fastify({
    bodyLimit: maxRequestBytes,
    genReqId: () => randomUUID(),
    serverFactory: (serve) => createServer(serverOptions, oneAtATime.wrap(serve)),
    // While stopping, requests on open connections are served; their responses close the connection.
    return503OnClosing: false,
    forceCloseConnections: drains ? 'idle' : true,
    clientErrorHandler: createClientErrorHandler(observer, (...args) => oneAtATime.refuse(...args)),
    frameworkErrors: (error, request, reply) => void handleError(error, request, reply),
  });
  app.server.maxConnections = maxConnections;
  serveUpgrades(app.server, (socket) => oneAtATime.isBusy(socket));
  app.server.on('checkExpectation', createExpectationHandler(observer));
  addSecurityHeaders(app);
  // The first of its kind: later hooks see the bytes that are sent.
  compressPayloads(app);
  app.setErrorHandler(handleError);
  app.setNotFoundHandler((request) => {
    throw noRoute(request, notFound);
  });
  return app;
}
