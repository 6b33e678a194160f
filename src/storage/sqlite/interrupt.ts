import type { Database } from 'sqlite3';

/** Milliseconds between two checks whether the statement must end. */
const checkMs = 50;

/**
 * Interrupts the statement in progress on a connection as soon as `check` throws, and again until `stop` is called: an
 * interrupt has no effect on a statement that no thread executes yet, and a later statement must not get it
 * (https://www.sqlite.org/c3ref/interrupt.html).
 */
export function interruptWhen(connection: Database, check: () => void) {
  let reason: unknown;
  const timer = setInterval(() => {
    try {
      if (reason === undefined) check();
    } catch (error) {
      reason = error;
    }
    if (reason !== undefined) connection.interrupt();
  }, checkMs);
  return {
    /** What `check` has thrown. */
    reason: () => reason,
    stop: () => clearInterval(timer),
  };
}
