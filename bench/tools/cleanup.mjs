import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const pending = new Set();
process.on('exit', () => {
  for (const clean of [...pending].reverse()) clean();
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130));

/**
 * Runs a function when the bench ends, also after an error or a signal; the last registered function runs
 * first.
 * @param clean a synchronous function
 * @returns a function that runs it now instead
 */
export function atEnd(clean) {
  pending.add(clean);
  return () => {
    if (pending.delete(clean)) clean();
  };
}

/** Creates a temporary directory; `remove` or the end of the bench deletes it. */
export function makeDirectory() {
  const path = mkdtempSync(join(tmpdir(), 'log-manager-bench-'));
  return {
    path,
    remove: atEnd(() => rmSync(path, { recursive: true, force: true, maxRetries: 5 })),
  };
}
