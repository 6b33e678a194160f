import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const pending = new Set();
process.on('exit', () => {
  for (const clean of [...pending].reverse()) clean();
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130));

/**
 * Has something done when the bench ends, however it ends; what was asked for last is done first.
 * @param clean must be done when it returns
 * @returns a function that does it now instead
 */
export function atEnd(clean) {
  pending.add(clean);
  return () => {
    if (pending.delete(clean)) clean();
  };
}

/** A directory that is gone when the bench ends, or when its `remove` is called. */
export function makeDirectory() {
  const path = mkdtempSync(join(tmpdir(), 'log-manager-bench-'));
  return {
    path,
    remove: atEnd(() => rmSync(path, { recursive: true, force: true, maxRetries: 5 })),
  };
}
