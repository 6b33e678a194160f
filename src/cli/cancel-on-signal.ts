/** Signals that cancel a command. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Runs `work` with an AbortSignal that is aborted by SIGINT, SIGTERM or SIGHUP. */
export async function cancelOnSignal<Result>(
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  // `on`, not `once`: npm forwards the terminal's signals, and the second one would kill the process.
  for (const signal of signals) process.on(signal, abort);
  try {
    return await work(controller.signal);
  } finally {
    for (const signal of signals) process.off(signal, abort);
  }
}
