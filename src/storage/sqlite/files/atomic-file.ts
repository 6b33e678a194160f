import { lstat, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { BackupError } from './backup-error';

export interface AtomicFileOptions {
  /** An absolute path. */
  readonly path: string;
  /** Who may read and write it, before the umask. */
  readonly mode: number;
  readonly signal: AbortSignal;
}

/**
 * Makes a file that is whole, and on disk, as soon as it has its name, whatever happens meanwhile. Until then it is
 * `<path>.partial`, which goes when it cannot be finished.
 * @param write fills the empty file that it gets the path of
 * @throws {BackupError} when there is such a file, or when another process is making it
 */
export async function createAtomicFile<Result>(
  { path, mode, signal }: AtomicFileOptions,
  write: (partial: string) => Promise<Result>,
): Promise<Result> {
  const partial = `${path}.partial`;
  await createEmpty(partial, mode);
  let made = partial;
  try {
    // Whoever has the partial file is alone, so that nobody who does the same can take the name from here on.
    await refuseExisting(path);
    const result = await write(partial);
    await sync(partial);
    signal.throwIfAborted();
    await refuseExisting(path);
    await rename(partial, path);
    made = path;
    await syncDirectory(dirname(path));
    return result;
  } catch (error) {
    await rm(made, { force: true });
    throw error;
  }
}

async function createEmpty(path: string, mode: number): Promise<void> {
  const handle = await open(path, 'wx', mode).catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new BackupError(`there is no directory ${dirname(path)}`);
    if (code !== 'EEXIST') throw error;
    throw new BackupError(
      `${path} already exists: another backup is writing it, or one was killed. Remove it if none runs.`,
    );
  });
  await handle.close();
}

/** Not for the sake of races: rename would replace the file without a word. */
async function refuseExisting(path: string): Promise<void> {
  const found = await lstat(path).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return undefined;
  });
  if (found) throw new BackupError(`${path} already exists, and is left as it is`);
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r+');
  await handle.sync().finally(() => handle.close());
}

/** Without it, the new name may be lost with the power (https://man7.org/linux/man-pages/man2/fsync.2.html). */
async function syncDirectory(path: string): Promise<void> {
  // Windows has no handles of directories to sync.
  if (process.platform === 'win32') return;
  const handle = await open(path, 'r');
  await handle.sync().finally(() => handle.close());
}
