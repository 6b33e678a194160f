import type { Logger } from './logger';

/** A line that may repeat. */
export interface RepeatedLine {
  /** Lines of the same kind are repeats. Each kind takes memory and a timer, so there must be few. */
  readonly kind: string;
  readonly level: 'error' | 'warn' | 'debug';
  readonly fields: object;
  readonly message: string;
}

/** Logs the first line of a kind at once, and its repeats as one line per interval with their count. */
export type RepeatedLines = ReturnType<typeof createRepeatedLines>;

/** The repeats of an interval are logged as one line: the last of them, with `count`. */
export function createRepeatedLines(logger: Logger, intervalMs = 60_000) {
  /** The last line of each kind, and how many lines are not logged yet. */
  const kinds = new Map<string, { last: RepeatedLine; count: number }>();

  function logCount(waiting: { last: RepeatedLine; count: number }): void {
    const { last, count } = waiting;
    if (count > 0) logger[last.level]({ ...last.fields, count }, last.message);
    waiting.count = 0;
  }

  return {
    log(line: RepeatedLine): void {
      const known = kinds.get(line.kind);
      if (known) {
        known.last = line;
        known.count++;
        return;
      }
      const added = { last: line, count: 0 };
      kinds.set(line.kind, added);
      logger[line.level](line.fields, line.message);
      const timer = setInterval(() => {
        if (added.count > 0) return logCount(added);
        clearInterval(timer);
        kinds.delete(line.kind);
      }, intervalMs).unref();
    },
    /** Logs the counts that wait for the end of their interval. */
    flush(): void {
      for (const waiting of kinds.values()) logCount(waiting);
    },
  };
}
