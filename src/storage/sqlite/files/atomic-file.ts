import { lstatSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf } from '../../errors';
import { BackupError } from './backup-error';

/**
 * Creates a file that gets its name when it is complete and on disk. Until then it is `<path>.partial`, which
 * is removed if the work fails.
 * @param path an absolute path
 * @param write fills the empty file at the path that it is called with
 * @throws {BackupError} if the file exists, or another process is creating it
 */
export async function createAtomicFile<Result>(
  path: string,
  signal: AbortSignal,
  write: (partial: string) => Promise<Result>,
): Promise<Result> {
  const partial = `${path}.partial`;
  await createEmpty(partial);
  let made = partial;
  try {
    // This process created the partial file, so no other backup can take the name from here on.
    refuseExisting(path);
    const result = await write(partial);
    await sync(partial);
    signal.throwIfAborted();
    refuseExisting(path);
    await rename(partial, path);
    made = path;
    await syncDirectory(dirname(path));
    return result;
  } catch (error) {
    await rm(made, { force: true });
    throw error;
  }
}

/** @throws {BackupError} if the file exists, or its directory does not */
export async function createEmpty(path: string): Promise<void> {
  // The copy holds user data: it is for its owner only.
  const handle = await open(path, 'wx', 0o600).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT')
      throw new BackupError(`there is no directory ${dirname(path)}: create it`);
    if (codeOf(error) !== 'EEXIST') throw error;
    throw new BackupError(
      `${path} already exists: another command is running, or was killed. Remove it if no command is running.`,
    );
  });
  await handle.close();
}

/** `rename` would replace an existing file. */
function refuseExisting(path: string): void {
  if (!lstatSync(path, { throwIfNoEntry: false })) return;
  throw new BackupError(`${path} already exists, and was not changed: choose another path`);
}

/** Writes a file to the disk. */
export async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r+');
  await handle.sync().finally(() => handle.close());
}

/** Without it, a power failure may lose a new name (https://man7.org/linux/man-pages/man2/fsync.2.html). */
export async function syncDirectory(path: string): Promise<void> {
  // Windows cannot open directories.
  if (process.platform === 'win32') return;
  const handle = await open(path, 'r');
  await handle.sync().finally(() => handle.close());
}
