import type { FastifyInstance } from 'fastify';
import type { Metrics } from '../telemetry/metrics';
import { HttpError } from './errors';

/** For those who run the server: is it alive, can it serve, what does it do. */
export function addOperationsRoutes(
  app: FastifyInstance,
  metrics: Metrics,
  isReady: () => Promise<boolean>,
): void {
  app.get('/livez', () => ({ status: 'ok' }));
  app.get('/readyz', async () => {
    if (await isReady()) return { status: 'ok' };
    throw new HttpError(
      503,
      'SERVICE_UNAVAILABLE',
      'The server is stopping or its database fails.',
    );
  });
  app.get('/metrics', async (_request, reply) => {
    reply.type(metrics.registry.contentType);
    return metrics.registry.metrics();
  });
}
