import { ServiceUnavailableError } from '../../logs/model/errors';

/** Answers up to this size are never refused. */
const smallBytes = 1_000_000;

/** What readers of answers have still to take, so that slow ones cannot fill the memory. */
export interface UnsentBytes {
  /** An answer is on its way to a reader, which is any object that stands for it. */
  add(reader: object, bytes: number): void;
  /** The reader has taken it. */
  sent(reader: object, bytes: number): void;
  /** The reader takes nothing any more. */
  gone(reader: object): void;
  /**
   * Called with an answer that could still be refused.
   * @throws {ServiceUnavailableError} when it is large and too much is waiting already
   */
  admit(bytes: number): void;
}

export function createUnsentBytes(maxBytes: number): UnsentBytes {
  const byReader = new Map<object, number>();
  let total = 0;

  function change(reader: object, bytes: number): void {
    total += bytes;
    byReader.set(reader, (byReader.get(reader) ?? 0) + bytes);
  }

  return {
    add: change,
    sent(reader, bytes) {
      if (byReader.has(reader)) change(reader, -bytes);
    },
    gone(reader) {
      total -= byReader.get(reader) ?? 0;
      byReader.delete(reader);
    },
    admit(bytes) {
      if (bytes <= smallBytes || total === 0 || total + bytes <= maxBytes) return;
      const message =
        'Too many large answers wait for their readers. Try again later, or for less.';
      throw new ServiceUnavailableError(message);
    },
  };
}
