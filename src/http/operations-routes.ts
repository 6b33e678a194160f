import type { FastifyInstance } from 'fastify';
import type { Logger } from '../telemetry/logger';
import type { Metrics } from '../telemetry/metrics';
import { HttpError } from './errors';

/** Counts and times requests; logs each one at level debug. */
export function measureRequests(app: FastifyInstance, metrics: Metrics, logger: Logger): void {
  app.addHook('onResponse', ({ method, routeOptions, id }, { statusCode, elapsedTime }, done) => {
    const route = routeOptions.url ?? 'none';
    metrics.requests.inc({ method, route, status: statusCode });
    metrics.requestSeconds.observe({ method, route }, elapsedTime / 1_000);
    if (logger.isLevelEnabled('debug')) {
      const ms = Math.round(elapsedTime);
      logger.debug({ requestId: id, method, route, status: statusCode, ms }, 'request completed');
    }
    done();
  });
}

/** Adds the endpoints for operators: liveness, readiness and metrics. */
export function addOperationsRoutes(
  app: FastifyInstance,
  metrics: Metrics,
  isReady: () => Promise<boolean>,
): void {
  const config = { isOpenToAll: true };
  app.get('/livez', { config }, () => ({ status: 'ok' }));
  app.get('/readyz', { config }, async () => {
    if (await isReady()) return { status: 'ok' };
    const message = 'Not ready: the server is stopping, or its database does not respond.';
    throw new HttpError('SERVICE_UNAVAILABLE', message);
  });
  app.get('/metrics', { config: { isForOperators: true } }, async (_request, reply) => {
    reply.type(metrics.registry.contentType);
    return metrics.registry.metrics();
  });
}
