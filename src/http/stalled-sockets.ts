import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** A connection whose peer reads nothing for this long, though there is something to read, is cut. */
const stalledMs = 30_000;
const checkEveryMs = 1_000;

/** What a socket had left to send when that last changed. */
interface Backlog {
  readonly bytes: number;
  readonly since: number;
}

/**
 * Cuts connections whose peers have stopped reading, since they hold the memory of what they were sent.
 * Not `socket.setTimeout`, which notices at its second expiry only that nothing was read since the first.
 * @returns a function that ends it
 */
export function cutStalledSockets(server: Server): () => void {
  const sockets = new Set<Socket>();
  const backlogs = new WeakMap<Socket, Backlog>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const timer = setInterval(() => {
    const now = performance.now();
    for (const socket of sockets) {
      const bytes = backlogOf(socket);
      const last = backlogs.get(socket);
      if (bytes === 0 || bytes !== last?.bytes) backlogs.set(socket, { bytes, since: now });
      else if (now - last.since >= stalledMs) socket.destroy();
    }
  }, checkEveryMs);
  timer.unref();
  return () => clearInterval(timer);
}

/** Bytes that the kernel has not taken yet. */
function backlogOf(socket: Socket): number {
  if (socket.writableLength === 0) return 0;
  // Counts down while one large write is under way, as `writableLength` does not; it is what Node's own time-out reads.
  const { _handle: handle } = socket as { _handle?: { writeQueueSize?: number } | null };
  return handle?.writeQueueSize ?? socket.writableLength;
}
