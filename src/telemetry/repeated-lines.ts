import type { Logger } from './logger';

/** A kind of line is logged at most once in this time. */
const defaultIntervalMs = 60_000;

/** A line that may repeat. */
export interface RepeatedLine {
  /** Lines of one kind are logged once an interval; there must be few kinds. */
  readonly kind: string;
  readonly level: 'error' | 'warn' | 'info';
  readonly fields: object;
  readonly message: string;
}

/** Logs lines of one kind once an interval, with a count. */
export interface RepeatedLines {
  log(line: RepeatedLine): void;
  /** Logs the counts that wait for the end of their interval. */
  flush(): void;
}

/**
 * The first line of a kind is logged at once; those that follow within the interval as one line with their
 * `count`.
 */
export function createRepeatedLines(logger: Logger, intervalMs = defaultIntervalMs): RepeatedLines {
  interface Waiting {
    last: RepeatedLine;
    count: number;
  }
  const kinds = new Map<string, Waiting>();

  function logCount(waiting: Waiting): void {
    const { level, fields, message } = waiting.last;
    logger[level]({ ...fields, count: waiting.count }, message);
    waiting.count = 0;
  }

  function endInterval(kind: string): void {
    const waiting = kinds.get(kind);
    if (!waiting || waiting.count === 0) {
      kinds.delete(kind);
      return;
    }
    logCount(waiting);
    setTimeout(() => endInterval(kind), intervalMs).unref();
  }

  return {
    log(line) {
      const waiting = kinds.get(line.kind);
      if (waiting) {
        waiting.last = line;
        waiting.count++;
        return;
      }
      kinds.set(line.kind, { last: line, count: 0 });
      logger[line.level](line.fields, line.message);
      setTimeout(() => endInterval(line.kind), intervalMs).unref();
    },
    flush() {
      for (const waiting of kinds.values()) if (waiting.count > 0) logCount(waiting);
    },
  };
}
