import type { FastifyInstance } from 'fastify';
import type { Logger } from '../telemetry/logger';
import type { Metrics } from '../telemetry/metrics';
import { HttpError } from './errors';

/** What `/readyz` says, by the reason. */
export const unreadyMessages = {
  stopping: 'Not ready: the server is stopping.',
  database_failed: 'Not ready: the database does not answer. The log has the cause: "database ping failed".',
  database_damaged: 'Not ready: the database is damaged. Stop the server and restore a backup.',
  database_files_replaced:
    'Not ready: the database files were moved or replaced. Put them back, or restart the server.',
} as const;

/** Why a server is not ready. */
export type UnreadyReason = keyof typeof unreadyMessages;

class NotReadyError extends HttpError {
  override readonly details: { readonly reason: UnreadyReason };

  constructor(reason: UnreadyReason) {
    super('SERVICE_UNAVAILABLE', unreadyMessages[reason]);
    this.details = { reason };
  }
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Whether its answer takes as long as its client takes to read it, so that it is not timed. */
    isStreamed?: boolean;
  }
  interface FastifyContextConfig {
    /** How metrics and the log name the route, if its path changes with each build. */
    metricsRoute?: string;
  }
}

/** Counts and times requests; logs each one at level debug. */
export function measureRequests(app: FastifyInstance, metrics: Metrics, logger: Logger): void {
  app.addHook('onResponse', ({ method, routeOptions, id, isStreamed }, { statusCode, elapsedTime }, done) => {
    const route = routeOptions.config.metricsRoute ?? routeOptions.url ?? 'none';
    metrics.requests.inc({ method, route, status: statusCode });
    if (isStreamed !== true) metrics.requestSeconds.observe({ method, route }, elapsedTime / 1_000);
    if (logger.isLevelEnabled('debug')) {
      const ms = Math.round(elapsedTime);
      logger.debug({ requestId: id, method, route, status: statusCode, ms }, 'request completed');
    }
    done();
  });
}

/**
 * Adds the endpoints for operators: liveness, readiness and metrics.
 * @param findUnreadyReason why the server is not ready; undefined if it is
 */
export function addOperationsRoutes(
  app: FastifyInstance,
  metrics: Metrics,
  findUnreadyReason: () => Promise<UnreadyReason | undefined>,
): void {
  const config = { isOpenToAll: true };
  app.get('/livez', { config }, () => ({ status: 'ok' }));
  app.get('/readyz', { config }, async () => {
    const reason = await findUnreadyReason();
    if (reason !== undefined) throw new NotReadyError(reason);
    return { status: 'ok' };
  });
  app.get('/metrics', { config: { isForOperators: true } }, async (_request, reply) => {
    reply.type(metrics.registry.contentType);
    return metrics.registry.metrics();
  });
}
