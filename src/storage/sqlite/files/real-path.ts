import { readlink, realpath } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { codeOf } from '../../errors';

/**
 * The absolute path of a file that need not exist, without symlinks: SQLite keeps `-wal` and `-shm` beside the
 * file that a symlink names, not beside the symlink.
 * @throws {Error} of the file system, for symlinks that name each other
 */
export async function toRealPath(file: string): Promise<string> {
  const path = resolve(file);
  try {
    return await realpath(path);
  } catch (error) {
    if (codeOf(error) === 'ELOOP') throw error;
    const target = await readlink(path).catch(() => undefined);
    return target === undefined ? path : toRealPath(resolve(dirname(path), target));
  }
}
