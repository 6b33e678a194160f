/** Limits of WebSockets and event streams. Times are in milliseconds. docs/operations.md lists them. */
export const streamLimits = {
  /** Open streams of all clients. Each takes about 30 KB, and up to 256 KB more while its client does not read. */
  maxStreams: 5_000,
  /** Open streams of one address. */
  maxStreamsOfClient: 1_000,
  /** Operations of one WebSocket that have not ended. */
  maxOperations: 100,
  /** Bytes of messages of one WebSocket that wait for their turn: above, no more are read. */
  maxWaitingBytes: 1_000_000,
  /** Bytes that a WebSocket may send before its connection_init is accepted. */
  maxInitBytes: 65_536,
  /** Time for connection_init. */
  initMs: 3_000,
  /** Between two pings. */
  pingMs: 15_000,
  /** After this time without a pong, another message or an acknowledgement of TCP, a client is taken for dead. */
  silentMs: 45_000,
  /** Between two checks whether keys are in force: with the reading of the keys, 3 s at most. */
  checkMs: 1_000,
  /** From the end of a subscription until its connection is cut, if the client does not read the reason. */
  lastMessageMs: 10_000,
  /** While the server stops: for operations to end, and then for clients to close their WebSocket. */
  stopMs: 5_000,
  closeMs: 1_000,
};
