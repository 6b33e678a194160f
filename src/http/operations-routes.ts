import type { FastifyInstance } from 'fastify';
import type { Metrics } from '../telemetry/metrics';
import { HttpError } from './errors';

/** Adds the endpoints for operators: liveness, readiness and metrics. */
export function addOperationsRoutes(
  app: FastifyInstance,
  metrics: Metrics,
  isReady: () => Promise<boolean>,
): void {
  app.get('/livez', () => ({ status: 'ok' }));
  app.get('/readyz', async () => {
    if (await isReady()) return { status: 'ok' };
    const message = 'Not ready: the server is stopping, or its database does not respond.';
    throw new HttpError('SERVICE_UNAVAILABLE', message);
  });
  app.get('/metrics', async (_request, reply) => {
    reply.type(metrics.registry.contentType);
    return metrics.registry.metrics();
  });
}
