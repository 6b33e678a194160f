import type { Socket } from 'node:net';
import { queueKey, readKernelQueues } from './kernel-queues';
import { manyUnsentBytes, type UnsentBytes } from './unsent-bytes';

const checkIntervalMs = 2_500;

/**
 * Why a connection with unsent bytes is cut: its client took nothing for 30 s, or too little for 60 s, or too
 * little for 5 s while the unsent bytes of all connections are many.
 */
export type CutReason = 'stalled' | 'slow' | 'memory';

/** How many bytes a client must take in each second, or its connection is cut after this time. */
export const slowClientLimits = {
  stalled: { ms: 30_000, minRate: 1 },
  slow: { ms: 60_000, minRate: 4_000 },
  memory: { ms: 5_000, minRate: 64_000 },
} as const;
const maxSamples = slowClientLimits.slow.ms / checkIntervalMs + 1;

/** What a client had taken at a check. */
interface Sample {
  readonly time: number;
  readonly taken: number;
}

interface SlowClientsOptions {
  /** Open connections. */
  readonly connections: Iterable<Socket>;
  readonly unsentBytes: UnsentBytes;
  readonly onCut: (reason: CutReason) => void;
  /**
   * Whether a connection has the message of a subscription unsent, which is ended in another way when its client is slow:
   * such a connection is cut only while memory is short.
   */
  readonly isSubscribed?: (socket: Socket) => boolean;
  readonly readQueues?: typeof readKernelQueues;
}

/**
 * Cuts connections whose clients take their answers too slowly, since each holds the memory of its answer.
 * `socket.setTimeout` would notice neither a slow client, nor a stalled one before twice its time.
 * @returns a function that ends the checks
 */
export function cutSlowClients(options: SlowClientsOptions) {
  const { connections, unsentBytes, onCut, isSubscribed, readQueues = readKernelQueues } = options;
  /** The samples of the connections that had unsent bytes at the last check, those of their first check missing. */
  let lastSamples = new Map<Socket, Sample[]>();
  let isChecking = false;

  async function check(): Promise<void> {
    for (const socket of connections) unsentBytes.note(socket);
    const samples = new Map(
      unsentBytes.connections().map((socket) => [socket, lastSamples.get(socket) ?? []]),
    );
    const slow = [...samples.keys()].filter((socket) => lastSamples.has(socket));
    lastSamples = samples;
    // Most connections have unsent bytes for less than a check, and need no look at the kernel's tables.
    if (slow.length === 0) return;
    const queues = await readQueues();
    const time = performance.now();
    const rates: { socket: Socket; rate: number }[] = [];
    for (const socket of slow) {
      const queue = queues.size === 0 ? 0 : queues.get(queueKey(socket));
      if (socket.destroyed || queue === undefined) continue;
      const own = samples.get(socket)!;
      own.push({ time, taken: takenByKernel(socket) - queue });
      if (own.length > maxSamples) own.shift();
      const isPatient = isSubscribed?.(socket) ?? false;
      if (!isPatient && isBelow(own, 'stalled')) cut(socket, 'stalled');
      else if (!isPatient && isBelow(own, 'slow')) cut(socket, 'slow');
      else if (isBelow(own, 'memory')) rates.push({ socket, rate: rateOf(own, 'memory')! });
    }
    rates.sort((a, b) => a.rate - b.rate);
    for (const { socket } of rates) {
      if (unsentBytes.total() <= manyUnsentBytes) break;
      cut(socket, 'memory');
    }
  }

  function cut(socket: Socket, reason: CutReason): void {
    onCut(reason);
    socket.destroy();
  }

  const timer = setInterval(() => {
    if (isChecking) return;
    isChecking = true;
    void check().finally(() => (isChecking = false));
  }, checkIntervalMs).unref();
  return (): void => clearInterval(timer);
}

function isBelow(samples: readonly Sample[], reason: CutReason): boolean {
  const rate = rateOf(samples, reason);
  return rate !== undefined && rate < slowClientLimits[reason].minRate;
}

/** Bytes that the client took in each second of the limit's time; undefined if it is not slow for so long. */
function rateOf(samples: readonly Sample[], reason: CutReason): number | undefined {
  const checks = slowClientLimits[reason].ms / checkIntervalMs;
  const [first, last] = [samples.at(-1 - checks), samples.at(-1)];
  return first && last && ((last.taken - first.taken) * 1_000) / (last.time - first.time);
}

/** Bytes of all answers of the connection that the kernel has taken. */
export function takenByKernel(socket: Socket): number {
  // `socket.writableLength` stays the same during one large write; Node's own timeout reads `writeQueueSize` too.
  const { _handle: handle } = socket as {
    _handle?: { readonly bytesWritten: number; readonly writeQueueSize: number } | null;
  };
  return handle ? handle.bytesWritten - handle.writeQueueSize : 0;
}
