import type { Socket } from 'node:net';
import { ServiceUnavailableError } from '../../logs/model/errors';

/** Responses up to this size are never refused. */
export const smallBytes = 1_000_000;

/** While more bytes of responses are unsent, large responses are refused, unless nothing is unsent. */
export const maxUnsentBytes = 64_000_000;

/** Bytes of responses that clients have not received yet. */
export type UnsentBytes = ReturnType<typeof createUnsentBytes>;

/** Counts bytes of unsent responses by connection. Limits the memory that slow clients can take. */
export function createUnsentBytes() {
  const bytesByConnection = new Map<Socket, number>();
  let total = 0;

  /** Adds a response to be sent. */
  function add(connection: Socket, bytes: number): void {
    total += bytes;
    bytesByConnection.set(connection, (bytesByConnection.get(connection) ?? 0) + bytes);
  }

  return {
    add,
    /** Removes a response that has been sent. */
    remove(connection: Socket, bytes: number): void {
      if (bytesByConnection.has(connection)) add(connection, -bytes);
    },
    /** Removes all responses of a closed connection. */
    removeAll(connection: Socket): void {
      total -= bytesByConnection.get(connection) ?? 0;
      bytesByConnection.delete(connection);
    },
    /**
     * Called with the size of a response before it is made.
     * @throws {ServiceUnavailableError} when it is large and too many bytes are unsent
     */
    admit(bytes: number): void {
      if (bytes <= smallBytes || total === 0 || total + bytes <= maxUnsentBytes) return;
      throw new ServiceUnavailableError(
        'Too many large responses are waiting to be sent. Try again later, or request fewer entries.',
      );
    },
  };
}
