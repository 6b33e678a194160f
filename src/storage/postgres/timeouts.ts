/** Time limits for PostgreSQL, in milliseconds. */
export const timeouts = {
  /** Opening a connection. */
  connectMs: 3_000,
  /** Waiting for a connection of the pool. */
  queueMs: 6_000,
  /** Waiting for a lock: `lock_timeout`. */
  lockMs: 4_000,
  /** The same for a row of one of several sessions, which share a commit. */
  batchLockMs: 500,
  /** A statement that writes; reads have a setting. */
  statementMs: 8_000,
  /** The answer after that: `statement_timeout` ends no wait for a standby, nor on a server that hangs. */
  graceMs: 2_000,
  /** The frequent queries of health and replica lag. */
  probeMs: 2_000,
  /** Between two attempts to drop partitions. */
  dropRetryMs: 200,
} as const;
