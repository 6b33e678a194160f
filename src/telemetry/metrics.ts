import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** The registry and the metrics in it. */
export type Metrics = ReturnType<typeof createMetrics>;

/** Upper bounds in seconds. */
const secondsBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/**
 * Creates the metrics that Prometheus scrapes at /metrics. Each server has a registry of its own, so that one
 * process can run several servers, as tests do.
 */
export function createMetrics() {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    requests: new Counter({
      name: 'log_manager_http_requests_total',
      help: 'HTTP responses sent.',
      labelNames: ['method', 'route', 'status'],
      registers,
    }),
    requestSeconds: new Histogram({
      name: 'log_manager_http_request_duration_seconds',
      help: 'Time from receiving an HTTP request to sending the end of its response.',
      labelNames: ['method', 'route'],
      buckets: secondsBuckets,
      registers,
    }),
    rejections: new Counter({
      name: 'log_manager_rejections_total',
      help: 'Errors in responses, by error code.',
      labelNames: ['code'],
      registers,
    }),
    entriesRecorded: new Counter({
      name: 'log_manager_entries_recorded_total',
      help: 'Log entries committed.',
      registers,
    }),
    sessionsReplayed: new Counter({
      name: 'log_manager_sessions_replayed_total',
      help: 'Sessions that were already recorded under their idempotency key.',
      registers,
    }),
    entriesErased: new Counter({
      name: 'log_manager_entries_erased_total',
      help: 'Log entries erased, by reason: request (a mutation) or retention (RETENTION_DAYS).',
      labelNames: ['reason'],
      registers,
    }),
    retentionTime: new Gauge({
      name: 'log_manager_retention_timestamp_seconds',
      help: 'Unix time when expired entries and idempotency keys were last deleted completely.',
      registers,
    }),
    /** Registered only if RETENTION_DAYS is set. */
    retentionDays: (): Gauge =>
      new Gauge({
        name: 'log_manager_retention_days',
        help: 'RETENTION_DAYS: entries older than this many days are erased.',
        registers,
      }),
    /** Registered only if DATABASE_READ_URL is set. */
    replicaUsable: (): Gauge =>
      new Gauge({
        name: 'log_manager_replica_usable',
        help: '1 while reads go to DATABASE_READ_URL, 0 while that replica fails or lags.',
        registers,
      }),
    commitSeconds: new Histogram({
      name: 'log_manager_commit_duration_seconds',
      help: 'Duration of a group commit.',
      buckets: secondsBuckets,
      registers,
    }),
    commitSessions: new Histogram({
      name: 'log_manager_commit_sessions',
      help: 'Sessions in one group commit.',
      buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024],
      registers,
    }),
  };
}
