import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** A connection whose peer takes nothing for this long, though there is something to take, is cut. */
const stalledMs = 30_000;
const checkEveryMs = 1_000;

/** What a socket had left to send when that last changed. */
interface Backlog {
  readonly bytes: number;
  readonly since: number;
  /** What the kernel had left to send later on. */
  kernel?: string | undefined;
}

/**
 * Cuts connections whose peers have stopped reading, since they hold the memory of what they were sent.
 * Not `socket.setTimeout`, which notices at its second expiry only that nothing was taken since the first.
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
    let kernelQueues: Map<string, string> | undefined;
    for (const socket of sockets) {
      const bytes = backlogOf(socket);
      const last = backlogs.get(socket);
      if (bytes === 0 || bytes !== last?.bytes) {
        backlogs.set(socket, { bytes, since: now });
      } else if (now - last.since >= stalledMs / 2) {
        kernelQueues ??= readKernelQueues();
        const kernel = kernelQueues.get(`${socket.localPort}:${socket.remotePort}`);
        if (last.kernel !== undefined && last.kernel !== kernel) {
          backlogs.set(socket, { bytes, since: now });
        } else if (now - last.since >= stalledMs) {
          socket.destroy();
        } else {
          last.kernel = kernel;
        }
      }
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

/**
 * What the kernel has left to send, by `local port:remote port`; empty where there is no such table.
 * The kernel takes more from us only when a third of its buffer of 4 MB is free, which a slow peer may need minutes for
 * (https://www.kernel.org/doc/Documentation/networking/proc_net_tcp.txt).
 */
function readKernelQueues(): Map<string, string> {
  const queues = new Map<string, string>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    let text: string;
    try {
      text = readFileSync(table, 'utf8');
    } catch {
      continue;
    }
    for (const line of text.split('\n').slice(1)) {
      const [, local, remote, , queue] = line.trim().split(/\s+/);
      if (!local || !remote || !queue) continue;
      const key = `${portOf(local)}:${portOf(remote)}`;
      // Two peers may use the same port: then both are taken to move when one does.
      queues.set(key, `${queues.get(key) ?? ''} ${queue.split(':')[0]}`);
    }
  }
  return queues;
}

/** Of `0100007F:0FA0`. */
function portOf(address: string): number {
  return parseInt(address.slice(address.lastIndexOf(':') + 1), 16);
}
