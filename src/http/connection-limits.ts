/** Limits of connections. Times are in milliseconds. */
export const connectionLimits = {
  /** Receiving the headers, and receiving a complete request. */
  requestMs: 60_000,
  /** Time between two searches for requests that take too long. */
  checkEveryMs: 30_000,
  /** An idle connection. Load balancers would reuse one that is closing if this were not longer than their usual 60 s. */
  keepAliveMs: 65_000,
  /** Open connections; further ones are closed at once. An idle connection takes about 6 KB. */
  maxConnections: 20_000,
};
