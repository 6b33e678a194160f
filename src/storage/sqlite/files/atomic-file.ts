import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf } from '../../errors';
import { BackupError } from './backup-error';

/**
 * Creates a file that gets its name when it is complete and on disk. Until then it is `<path>.partial`, which
 * is removed if the work fails.
 * @param path an absolute path
 * @param write fills the empty file at the path that it is called with
 * @param beforeRename called when the file is complete; the name must then be free, or is replaced
 * @throws {BackupError} if another process is creating the file, or there is no directory
 */
export async function createAtomicFile<Result>(
  path: string,
  signal: AbortSignal,
  write: (partial: string) => Promise<Result>,
  beforeRename: () => Promise<void> | void,
): Promise<Result> {
  const partial = `${path}.partial`;
  await createEmpty(partial);
  try {
    const result = await write(partial);
    await sync(partial, 'r+');
    signal.throwIfAborted();
    await beforeRename();
    await rename(partial, path);
    // Without it, a power failure may lose the new name (https://man7.org/linux/man-pages/man2/fsync.2.html).
    // Windows cannot open directories.
    if (process.platform !== 'win32') await sync(dirname(path), 'r');
    return result;
  } finally {
    // SQLite leaves its journal on a full disk, and the others after a read-only connection.
    for (const suffix of ['', '-journal', '-wal', '-shm']) await rm(partial + suffix, { force: true });
  }
}

async function createEmpty(path: string): Promise<void> {
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

/** Writes a file or a directory to the disk. */
async function sync(path: string, flags: string): Promise<void> {
  const handle = await open(path, flags);
  await handle.sync().finally(() => handle.close());
}
