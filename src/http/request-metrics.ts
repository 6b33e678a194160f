import type { FastifyInstance } from 'fastify';
import type { Logger } from '../telemetry/logger';
import type { Metrics } from '../telemetry/metrics';

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
