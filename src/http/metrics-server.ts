import type { FastifyInstance } from 'fastify';
import { createFastify } from './fastify';
import { addOperationsRoutes, measureRequests } from './operations-routes';
import type { HttpServerOptions } from './server';

/** Creates the server of METRICS_PORT, which needs no key and shows no data of users. It does not listen yet. */
export function createMetricsServer({
  observer,
  metrics,
  logger,
  findUnreadyReason,
}: Pick<HttpServerOptions, 'observer' | 'metrics' | 'logger' | 'findUnreadyReason'>): FastifyInstance {
  const notFound = 'This port serves /metrics, /livez and /readyz alone.';
  const app = createFastify({ observer, metrics, maxRequestBytes: 1_024, notFound, drains: false });
  measureRequests(app, metrics, logger);
  addOperationsRoutes(app, metrics, findUnreadyReason);
  return app;
}
