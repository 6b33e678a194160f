import { closeSync, openSync, readSync } from 'node:fs';
import type { Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';

/**
 * Local port, the last 4 bytes of the remote address, remote port, and bytes to send, as in
 * `0: 0100007F:0FA0 0100007F:C350 01 0000021C:`.
 */
const linePattern = /: [\dA-F]+:([\dA-F]{4}) [\dA-F]*([\dA-F]{8}:[\dA-F]{4}) [\dA-F]{2} ([\dA-F]{8}):/g;

/** Milliseconds after which reading lets the event loop turn. */
const maxTurnMs = 5;

/** Bytes in the kernel's send queues, by {@link queueKey}. */
export type KernelQueues = ReadonlyMap<string, number>;

/**
 * Reads the send queues of all TCP connections, those of other programs too; none on systems other than Linux. The
 * kernel takes more bytes only when a third of its buffer of 4 MB is free: a slow client may need minutes for that
 * (https://www.kernel.org/doc/Documentation/networking/proc_net_tcp.txt).
 */
export async function readKernelQueues(): Promise<KernelQueues> {
  const queues = new Map<string, number>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for await (const lines of readTable(table)) {
      for (const [, port, remote, bytes] of lines.matchAll(linePattern)) {
        queues.set(`${port} ${remote}`, parseInt(bytes!, 16));
      }
    }
  }
  return queues;
}

/**
 * Yields whole lines of a table; none if it does not exist. Reads synchronously, since the kernel returns 4 KB of it at
 * a time, and never waits: 16,000 connections take 0.1 s, and 600 turns of the thread pool would take many seconds.
 */
async function* readTable(table: string): AsyncGenerator<string> {
  let file: number;
  try {
    file = openSync(table, 'r');
  } catch {
    // Not Linux, or no IPv6.
    return;
  }
  const buffer = Buffer.alloc(65_536);
  let rest = '';
  let turnStartedAt = performance.now();
  try {
    for (let length; (length = readSync(file, buffer)) > 0;) {
      const text = rest + buffer.toString('latin1', 0, length);
      const end = text.lastIndexOf('\n') + 1;
      rest = text.slice(end);
      yield text.slice(0, end);
      if (performance.now() - turnStartedAt < maxTurnMs) continue;
      await setImmediate();
      turnStartedAt = performance.now();
    }
  } finally {
    closeSync(file);
  }
}

/** The key of a connection in {@link KernelQueues}: ports and the remote address in hexadecimal digits. */
export function queueKey({ localPort = 0, remotePort = 0, remoteAddress = '' }: Socket): string {
  const [address] = remoteAddress.split('%');
  const isIPv4 = address!.includes('.');
  const parts = isIPv4 ? address!.split(/[.:]/).slice(-4) : address!.split(':').slice(-2);
  const hex = parts
    .map((part) => (isIPv4 ? toHex(Number(part), 2) : part.toUpperCase().padStart(4, '0')))
    .join('');
  // The kernel prints 4 bytes as a number, which little-endian machines begin with the last byte.
  const reversed = (hex.match(/../g) ?? []).reverse().join('');
  return `${toHex(localPort, 4)} ${reversed}:${toHex(remotePort, 4)}`;
}

function toHex(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, '0');
}
