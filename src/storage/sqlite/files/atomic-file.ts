import { lstat, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { BackupError } from './backup-error';

export interface AtomicFileOptions {
  /** An absolute path. */
  readonly path: string;
  /** Its permissions, before the umask. */
  readonly mode: number;
  readonly signal: AbortSignal;
}

/**
 * Creates a file that gets its name when it is complete and on disk. Until then it is `<path>.partial`, which
 * is removed if the work fails.
 * @param write fills the empty file at the path that it is called with
 * @throws {BackupError} if the file exists, or another process is creating it
 */
export async function createAtomicFile<Result>(
  { path, mode, signal }: AtomicFileOptions,
  write: (partial: string) => Promise<Result>,
): Promise<Result> {
  const partial = `${path}.partial`;
  await createEmpty(partial, mode);
  let made = partial;
  try {
    // This process created the partial file, so no other backup can take the name from here on.
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

/** `rename` would replace an existing file. */
async function refuseExisting(path: string): Promise<void> {
  const found = await lstat(path).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return undefined;
  });
  if (found) throw new BackupError(`${path} already exists, and was not changed`);
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r+');
  await handle.sync().finally(() => handle.close());
}

/** Without it, a power failure may lose the new name (https://man7.org/linux/man-pages/man2/fsync.2.html). */
async function syncDirectory(path: string): Promise<void> {
  // Windows cannot open directories.
  if (process.platform === 'win32') return;
  const handle = await open(path, 'r');
  await handle.sync().finally(() => handle.close());
}
