import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

export type Metrics = ReturnType<typeof createMetrics>;

const secondsBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** What Prometheus reads at /metrics. One registry for each server, so that tests can run several. */
export function createMetrics() {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    requests: new Counter({
      name: 'log_manager_http_requests_total',
      help: 'HTTP requests answered.',
      labelNames: ['method', 'route', 'status'],
      registers,
    }),
    requestSeconds: new Histogram({
      name: 'log_manager_http_request_duration_seconds',
      help: 'Time from the arrival of a request to the end of its answer.',
      labelNames: ['method', 'route'],
      buckets: secondsBuckets,
      registers,
    }),
    rejections: new Counter({
      name: 'log_manager_rejections_total',
      help: 'Errors answered, by code.',
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
      help: 'Sessions that were recorded under their idempotency key before, and added nothing.',
      registers,
    }),
    entriesErased: new Counter({
      name: 'log_manager_entries_erased_total',
      help: 'Log entries erased, on request or since they were older than RETENTION_DAYS.',
      labelNames: ['reason'],
      registers,
    }),
    upkeepTime: new Gauge({
      name: 'log_manager_upkeep_timestamp_seconds',
      help: 'When all entries and idempotency keys that were too old had last been erased, in Unix time.',
      registers,
    }),
    /** Only where entries are not kept for ever. */
    retentionDays: (): Gauge =>
      new Gauge({
        name: 'log_manager_retention_days',
        help: 'RETENTION_DAYS: after how many days entries are erased.',
        registers,
      }),
    /** Only where there is a replica. */
    replicaUsable: (): Gauge =>
      new Gauge({
        name: 'log_manager_replica_usable',
        help: '1 while reads go to DATABASE_READ_URL, 0 while it fails or lags.',
        registers,
      }),
    commitSeconds: new Histogram({
      name: 'log_manager_commit_duration_seconds',
      help: 'Time that one group commit took.',
      buckets: secondsBuckets,
      registers,
    }),
    commitSessions: new Histogram({
      name: 'log_manager_commit_sessions',
      help: 'Sessions that shared one commit.',
      buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024],
      registers,
    }),
  };
}
