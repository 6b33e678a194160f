import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** A connection is cut when its client has taken no byte for this long although some are waiting. */
export const stalledMs = 30_000;
const checkIntervalMs = 1_000;

/** Local port, remote port and bytes to send, as in `0: 0100007F:0FA0 0100007F:C350 01 0000021C:`. */
const kernelQueuePattern = /: [\dA-F]+:([\dA-F]+) [\dA-F]+:([\dA-F]+) [\dA-F]+ ([\dA-F]+):/g;

/** The bytes that a socket has left to send, and since when. */
interface Backlog {
  readonly bytes: number;
  readonly since: number;
  /** Bytes in the kernel's send queue at the last check after half of {@link stalledMs}. */
  kernelQueue?: string | undefined;
}

/**
 * Cuts connections whose clients have stopped reading, since each holds the memory of its answer.
 * `socket.setTimeout` needs twice as long: it notices a stall when the timeout expires for the second time.
 * @returns a function that ends the checks
 */
export function cutStalledSockets(server: Pick<Server, 'on'>, readKernelQueues = readLinuxQueues) {
  const backlogs = new Map<Socket, Backlog>();
  server.on('connection', (socket: Socket) => {
    backlogs.set(socket, { bytes: 0, since: performance.now() });
    socket.once('close', () => backlogs.delete(socket));
  });

  const timer = setInterval(() => {
    const time = performance.now();
    let kernelQueues: ReadonlyMap<string, string> | undefined;
    for (const [socket, last] of backlogs) {
      const bytes = backlogOf(socket);
      if (bytes === 0 || bytes !== last.bytes) {
        backlogs.set(socket, { bytes, since: time });
      } else if (time - last.since >= stalledMs / 2) {
        kernelQueues ??= readKernelQueues();
        const kernelQueue = kernelQueues.get(`${socket.localPort}:${socket.remotePort}`);
        if (last.kernelQueue !== undefined && last.kernelQueue !== kernelQueue) {
          backlogs.set(socket, { bytes, since: time });
        } else if (time - last.since >= stalledMs) {
          socket.destroy();
        } else {
          last.kernelQueue = kernelQueue;
        }
      }
    }
  }, checkIntervalMs).unref();
  return (): void => clearInterval(timer);
}

/** Bytes that the kernel has not taken yet. */
function backlogOf(socket: Socket): number {
  if (socket.writableLength === 0) return 0;
  // `writableLength` stays the same during one large write; Node's own timeout reads `writeQueueSize` too.
  const { _handle: handle } = socket as { _handle?: { writeQueueSize?: number } | null };
  return handle?.writeQueueSize ?? socket.writableLength;
}

/**
 * Bytes in the kernel's send queue, by `local port:remote port`; empty on systems other than Linux. The
 * kernel takes more bytes only when a third of its buffer of 4 MB is free: a slow client may need minutes for
 * that (https://www.kernel.org/doc/Documentation/networking/proc_net_tcp.txt).
 */
function readLinuxQueues(): Map<string, string> {
  const queues = new Map<string, string>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    let text = '';
    try {
      text = readFileSync(table, 'utf8');
    } catch {
      // Not Linux, or no IPv6.
    }
    for (const [, local, remote, queue] of text.matchAll(kernelQueuePattern)) {
      const key = `${parseInt(local!, 16)}:${parseInt(remote!, 16)}`;
      // Two clients may use the same port; when one reads, neither counts as stalled.
      queues.set(key, `${queues.get(key) ?? ''} ${queue}`);
    }
  }
  return queues;
}
