import { join } from 'node:path';
import { startChild, waitUntil } from '../../support/processes/children';

const program = join(__dirname, 'lock-holder.mjs');

/** Settles when another process has SQLite's write lock; then `unlocked` does when it has given it back. */
export async function holdLock(path: string, ms: number): Promise<{ readonly unlocked: Promise<void> }> {
  const child = startChild(process.execPath, [program, path, `${ms}`]);
  await waitUntil('the lock is held', 30_000, () => {
    if (child.ended() !== undefined) throw new Error(`no lock:\n${child.output()}`);
    return child.output().includes('locked');
  });
  const unlocked = child.end.then((how) => {
    if (how !== 0) throw new Error(`the lock was not held:\n${child.output()}`);
  });
  return { unlocked };
}
