/** A clock and a scheduler that move only when a test says so. */
export interface FakeClock {
  readonly now: () => number;
  readonly repeat: (work: () => void, intervalMs: number) => () => void;
  /** Moves the clock, and runs the work that becomes due on the way. */
  advance(ms: number): void;
}

export function createFakeClock(): FakeClock {
  let time = 0;
  const jobs = new Set<{ work: () => void; intervalMs: number; dueAt: number }>();
  return {
    now: () => time,
    repeat: (work, intervalMs) => {
      const job = { work, intervalMs, dueAt: time + intervalMs };
      jobs.add(job);
      return () => jobs.delete(job);
    },
    advance: (ms) => {
      const end = time + ms;
      for (;;) {
        const [next] = [...jobs].filter(({ dueAt }) => dueAt <= end).sort((a, b) => a.dueAt - b.dueAt);
        if (!next) break;
        time = next.dueAt;
        next.dueAt += next.intervalMs;
        next.work();
      }
      time = end;
    },
  };
}
