/** Time limits for PostgreSQL, in milliseconds. */
export const timeouts = {
  /** Opening a connection. */
  connectMs: 3_000,
  /** Waiting for a connection of the pool. */
  queueMs: 6_000,
  /**
   * Waiting for a lock (https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-LOCK-TIMEOUT).
   */
  lockMs: 4_000,
  /** A statement that writes; reads have a setting. */
  statementMs: 8_000,
  /**
   * The answer after that, before the connection is closed: statement_timeout does not end the wait for a
   * standby, and not on a server that hangs.
   */
  graceMs: 2_000,
  /** The frequent queries of health and replica lag. */
  probeMs: 2_000,
} as const;
