/** Milliseconds between two checks whether the statement must end. */
const checkMs = 50;

/**
 * Interrupts a statement in progress as soon as `check` throws, and again until `stop` is called: an interrupt has no
 * effect on a statement that no thread executes yet, and a later statement must not get it
 * (https://www.sqlite.org/c3ref/interrupt.html).
 */
export function interruptWhen(interrupt: () => void, check: () => void) {
  let reason: unknown;
  const timer = setInterval(() => {
    try {
      if (reason === undefined) check();
    } catch (error) {
      reason = error;
    }
    if (reason !== undefined) interrupt();
  }, checkMs);
  return {
    /** What `check` has thrown. */
    reason: () => reason,
    stop: () => clearInterval(timer),
  };
}
