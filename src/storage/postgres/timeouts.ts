/** How long the server waits for PostgreSQL, in milliseconds. */
export const timeouts = {
  /** For a new connection. */
  connectMs: 3_000,
  /** For a connection of the pool to be free. */
  queueMs: 6_000,
  /** For a lock (https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-LOCK-TIMEOUT). */
  lockMs: 4_000,
  /** For a statement that writes, before PostgreSQL ends it; for one that reads there is a setting. */
  statementMs: 8_000,
  /**
   * For its answer after that, before the connection is given up: a server that hangs, or waits for its standby, does not
   * heed statement_timeout.
   */
  graceMs: 2_000,
  /** For an answer to a question that is asked all the time: do you live, how far are you. */
  probeMs: 2_000,
} as const;
