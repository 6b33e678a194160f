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
  const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) =>
    new Counter({ name, help, labelNames, registers });
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers });
  const histogram = (name: string, help: string, buckets: number[]) =>
    new Histogram({ name, help, buckets, registers });
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    requests: counter('log_manager_http_requests_total', 'HTTP responses sent.', [
      'method',
      'route',
      'status',
    ]),
    requestSeconds: new Histogram({
      name: 'log_manager_http_request_duration_seconds',
      help: 'Time from receiving an HTTP request to sending the end of its response.',
      labelNames: ['method', 'route'],
      buckets: secondsBuckets,
      registers,
    }),
    rejections: counter('log_manager_rejections_total', 'Errors in responses, by error code.', ['code']),
    connectionsCut: counter(
      'log_manager_connections_cut_total',
      'Connections closed because of their client: stalled or slow, slow while memory is short, too many requests ' +
        'pipelined, too_slow (a subscription) or silent (a stream whose client is dead).',
      ['reason'],
    ),
    streams: new Gauge({
      name: 'log_manager_streams',
      help: 'Open streams, by transport: websocket or event_stream.',
      labelNames: ['transport'],
      registers,
    }),
    /** @param read called when the metrics are read */
    unsentBytes: (read: () => number) =>
      new Gauge({
        name: 'log_manager_unsent_bytes',
        help: 'Bytes of large responses that are being made, and of all that the kernel has not taken yet.',
        registers,
        collect() {
          this.set(read());
        },
      }),
    largeResponsesRefused: counter(
      'log_manager_large_responses_refused_total',
      'Responses refused because too many bytes of large ones are being made or unsent.',
    ),
    largeRequestsWaiting: gauge(
      'log_manager_large_requests_waiting',
      'Requests with large bodies that wait to be received or executed.',
    ),
    largeRequestsRefused: counter(
      'log_manager_large_requests_refused_total',
      'Requests refused because too many large bodies are in memory, by what they waited for: receive or execute.',
      ['reason'],
    ),
    entriesRecorded: counter('log_manager_entries_recorded_total', 'Log entries committed.'),
    sessionsReplayed: counter(
      'log_manager_sessions_replayed_total',
      'Sessions that were already recorded under their idempotency key.',
    ),
    entriesErased: counter(
      'log_manager_entries_erased_total',
      'Log entries erased, by reason: request (a mutation) or retention (RETENTION_DAYS).',
      ['reason'],
    ),
    retentionTime: gauge(
      'log_manager_retention_timestamp_seconds',
      'Unix time when expired entries and idempotency keys were last deleted completely.',
    ),
    /** Registered only if RETENTION_DAYS is set. */
    retentionDays: () =>
      gauge('log_manager_retention_days', 'RETENTION_DAYS: entries older than this many days are erased.'),
    /** Registered only for a SQLite file. Calls `read` at each scrape. */
    walBytes: (read: () => number) =>
      new Gauge({
        name: 'log_manager_wal_bytes',
        help: 'Size of the write-ahead log of the SQLite file.',
        registers,
        collect() {
          this.set(read());
        },
      }),
    /** Registered only for PostgreSQL. Calls `read` at each scrape. */
    feedLagSeconds: (read: () => number) =>
      new Gauge({
        name: 'log_manager_feed_lag_seconds',
        help: 'Time for which an open transaction has kept later entries out of the feed; 0 without one.',
        registers,
        collect() {
          this.set(read());
        },
      }),
    /** Registered only if DATABASE_READ_URL is set. */
    replicaUsable: () =>
      gauge(
        'log_manager_replica_usable',
        '1 while reads go to DATABASE_READ_URL, 0 while that replica fails or lags.',
      ),
    laneWaiting: gauge('log_manager_expensive_reads_waiting', 'Expensive reads that wait for their turn.'),
    laneWaitSeconds: histogram(
      'log_manager_expensive_read_wait_seconds',
      'Time that an expensive read waited for its turn.',
      secondsBuckets,
    ),
    laneRefusals: counter(
      'log_manager_expensive_reads_refused_total',
      'Expensive reads refused, by reason: share (the client has 16 waiting), overload (its turn would come ' +
        'too late) or deadline (its turn came too late).',
      ['reason'],
    ),
    subscribers: gauge('log_manager_subscribers', 'Open subscriptions.'),
    subscriptionMessages: counter(
      'log_manager_subscription_messages_total',
      'Messages sent to subscribers, without errors.',
    ),
    subscriptionEntries: counter(
      'log_manager_subscription_entries_total',
      'Log entries sent to subscribers: each one once for each subscriber.',
    ),
    subscribersTooSlow: counter(
      'log_manager_subscribers_too_slow_total',
      'Subscriptions ended because a message was not read for 30 s.',
    ),
    commitSeconds: histogram(
      'log_manager_commit_duration_seconds',
      'Duration of a group commit.',
      secondsBuckets,
    ),
    commitSessions: histogram(
      'log_manager_commit_sessions',
      'Sessions in one group commit.',
      [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024],
    ),
  };
}
