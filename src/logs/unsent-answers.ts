import { ServiceUnavailableError } from './errors';

/** Answers up to this size are never refused. */
const smallBytes = 1_000_000;

export interface UnsentAnswers {
  /**
   * Called when an answer is about to be sent.
   * @returns a function to call once, when it is sent or its reader is gone
   */
  add(bytes: number): () => void;
  /**
   * Called with an answer that could still be refused.
   * @throws {ServiceUnavailableError} when it is large and too much is waiting already
   */
  admit(bytes: number): void;
}

/** Bounds the memory that slow readers of large answers hold. */
export function createUnsentAnswers(maxBytes: number): UnsentAnswers {
  let unsent = 0;
  return {
    add(bytes) {
      unsent += bytes;
      return () => {
        unsent -= bytes;
      };
    },
    admit(bytes) {
      if (bytes <= smallBytes || unsent === 0 || unsent + bytes <= maxBytes) return;
      const message =
        'Too many large answers wait for their readers. Try again later, or for less.';
      throw new ServiceUnavailableError(message);
    },
  };
}
