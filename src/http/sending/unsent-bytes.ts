import type { Socket } from 'node:net';
import { OverloadedError, toRetryMs } from '../../logs/model/errors';

/** An answer up to this size fits in the kernel's send buffer of a connection whose client reads. Never refused. */
export const smallBytes = 65_536;

/** Up to this size, answers are refused above {@link maxUnsentBytes} only. */
export const mediumBytes = 1_000_000;

/** While more bytes are unsent, slow clients are cut, and answers above {@link mediumBytes} are refused. */
export const manyUnsentBytes = 64_000_000;

/** While more bytes are unsent, answers above {@link smallBytes} are refused. */
export const maxUnsentBytes = 128_000_000;

/** An answer that is made. */
interface Answer {
  readonly destroyed: boolean;
  once(event: 'close', listener: () => void): unknown;
}

/** Bytes of answers that are made, and of those that the kernel has not taken yet. */
export type UnsentBytes = ReturnType<typeof createUnsentBytes>;

/**
 * Adds up the unsent bytes of all connections, and those of large answers that are being made. Limits the memory that
 * they can take.
 * @param onRefused called when an answer is refused
 */
export function createUnsentBytes(onRefused: () => void = () => {}) {
  /** The connections that have unsent bytes, with the bytes that their socket has not been given yet. */
  const heldBytes = new Map<Socket, number>();
  /** The bytes of the large answers that are being made. */
  const reservedBytes = new Map<Answer, number>();

  function total(): number {
    let sum = 0;
    for (const [socket, held] of heldBytes) {
      const bytes = socket.destroyed ? 0 : held + socket.writableLength;
      if (bytes === 0) heldBytes.delete(socket);
      sum += bytes;
    }
    for (const bytes of reservedBytes.values()) sum += bytes;
    return sum;
  }

  /** Bytes of all other answers. */
  const othersOf = (response: Answer): number => total() - (reservedBytes.get(response) ?? 0);

  /** Maximum bytes of an answer beside the bytes of others. */
  function roomBeside(others: number): number {
    if (others === 0) return Infinity;
    const room = manyUnsentBytes - others;
    return room > mediumBytes ? room : Math.max(smallBytes, Math.min(mediumBytes, maxUnsentBytes - others));
  }

  return {
    /**
     * Called when something was written to a socket.
     * @param held bytes of the same answer that will be written when the socket has sent these
     */
    note(socket: Socket, held = heldBytes.get(socket) ?? 0): void {
      if (held > 0 || socket.writableLength > 0) heldBytes.set(socket, held);
      else heldBytes.delete(socket);
    },
    total,
    /** The connections that have unsent bytes. */
    connections(): readonly Socket[] {
      total();
      return [...heldBytes.keys()];
    },
    /**
     * Called with the bytes of an answer, as far as they are known, while it is made. They count until it is sent.
     * @throws {OverloadedError} when it is refusable, and too many bytes are unsent
     */
    reserve(response: Answer, bytes: number, isRefusable = true): void {
      if (bytes <= smallBytes || response.destroyed) return;
      const own = reservedBytes.get(response) ?? 0;
      if (bytes <= own) return;
      if (isRefusable && bytes > roomBeside(othersOf(response))) {
        onRefused();
        throw new OverloadedError(toRetryMs(0), 'Too many large responses are being made or sent.');
      }
      if (own === 0) response.once('close', () => reservedBytes.delete(response));
      reservedBytes.set(response, bytes);
    },
    /** Maximum bytes of an answer that would not be refused now. */
    room: (response: Answer): number => roomBeside(othersOf(response)),
    /** Called when an answer is made, before it is noted. */
    release: (response: Answer): void => void reservedBytes.delete(response),
  };
}
