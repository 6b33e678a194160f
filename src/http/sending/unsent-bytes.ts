import { ServiceUnavailableError } from '../../logs/model/errors';

/** Responses up to this size are never refused. */
const smallBytes = 1_000_000;

/** Bytes of responses that clients have not received yet. Limits the memory that slow clients can take. */
export interface UnsentBytes {
  /**
   * Adds a response to be sent.
   * @param connection any object that identifies it
   */
  add(connection: object, bytes: number): void;
  /** Removes a response that has been sent. */
  remove(connection: object, bytes: number): void;
  /** Removes all responses of a closed connection. */
  removeAll(connection: object): void;
  /**
   * Called with the size of a response before it is made.
   * @throws {ServiceUnavailableError} when it is large and too many bytes are unsent
   */
  admit(bytes: number): void;
}

/** @param maxBytes unsent bytes above which large responses are refused, unless nothing is unsent */
export function createUnsentBytes(maxBytes: number): UnsentBytes {
  const bytesByConnection = new Map<object, number>();
  let total = 0;

  function change(connection: object, bytes: number): void {
    total += bytes;
    bytesByConnection.set(connection, (bytesByConnection.get(connection) ?? 0) + bytes);
  }

  return {
    add: change,
    remove(connection, bytes) {
      if (bytesByConnection.has(connection)) change(connection, -bytes);
    },
    removeAll(connection) {
      total -= bytesByConnection.get(connection) ?? 0;
      bytesByConnection.delete(connection);
    },
    admit(bytes) {
      if (bytes <= smallBytes || total === 0 || total + bytes <= maxBytes) return;
      throw new ServiceUnavailableError(
        'Too many large responses are waiting to be sent. Try again later, or request fewer entries.',
      );
    },
  };
}
