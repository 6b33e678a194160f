import type { Socket } from 'node:net';
import { ServiceUnavailableError } from '../../logs/model/errors';

/** An answer up to this size fits in the kernel's send buffer of a connection whose client reads. Never refused. */
export const smallBytes = 65_536;

/** Up to this size, lists are refused above {@link maxUnsentBytes} only. */
export const mediumBytes = 1_000_000;

/** While more bytes are unsent, slow clients are cut, and lists above {@link mediumBytes} are refused. */
export const manyUnsentBytes = 64_000_000;

/** While more bytes are unsent, lists above {@link smallBytes} are refused. */
export const maxUnsentBytes = 128_000_000;

/** Bytes of answers that the kernel has not taken yet. */
export type UnsentBytes = ReturnType<typeof createUnsentBytes>;

/** Adds up the unsent bytes of all connections. Limits the memory that slow clients can take. */
export function createUnsentBytes() {
  /** The connections that have unsent bytes, with the bytes that their socket has not been given yet. */
  const heldBytes = new Map<Socket, number>();

  function total(): number {
    let sum = 0;
    for (const [socket, held] of heldBytes) {
      const bytes = socket.destroyed ? 0 : held + socket.writableLength;
      if (bytes === 0) heldBytes.delete(socket);
      sum += bytes;
    }
    return sum;
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
     * Called with the size of a list of entries before it is sent.
     * @throws {ServiceUnavailableError} when too many bytes are unsent
     */
    admit(bytes: number): void {
      if (bytes <= smallBytes) return;
      const unsent = total();
      const limit = bytes <= mediumBytes ? maxUnsentBytes : manyUnsentBytes;
      if (unsent === 0 || unsent + bytes <= limit) return;
      throw new ServiceUnavailableError(
        'Too many large responses are waiting to be sent. Try again later, or request fewer entries.',
      );
    },
  };
}
