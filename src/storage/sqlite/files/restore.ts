import { existsSync, type Stats } from 'node:fs';
import { chmod, chown, copyFile, link, rename, stat } from 'node:fs/promises';
import { codeOf } from '../../errors';
import { createAtomicFile } from './atomic-file';
import { BackupError, explainErrors } from './backup-error';
import { requireUndamaged } from './check';
import { fileMode, findForeignSchema } from './check-file';
import { openUnused } from './open-unused';
import { renewEpoch } from './renew-epoch';
import { toRealPath } from './real-path';

export interface Restored {
  /** Absolute path of the database. */
  readonly path: string;
  readonly entryCount: number;
  /** Where the replaced database is now; undefined if there was none. */
  readonly replaced: string | undefined;
}

/**
 * Replaces a database that no process uses by a backup. At every instant, also after a power failure, the path
 * has either the complete old database or the complete, checked copy of the backup.
 * @param file the database, which is replaced
 * @param backup stays unchanged
 * @param now milliseconds since 1970; names the file of the replaced database
 * @throws {BackupError} if the database was not replaced
 */
export async function restore(
  file: string,
  backup: string,
  signal: AbortSignal,
  now = Date.now(),
): Promise<Restored> {
  return explainErrors(`${file} (DATABASE_URL) was not changed`, signal, async () =>
    replace(await toRealPath(file), await toRealPath(backup), signal, now),
  );
}

async function replace(path: string, source: string, signal: AbortSignal, now: number): Promise<Restored> {
  const backup = await checkBackup(source);
  const old = await stat(path).catch(() => undefined);
  if (old?.ino === backup.ino && old.dev === backup.dev) {
    throw new BackupError(`${source} is the database itself: name a backup of it`);
  }
  // SQLite would remove the log of a file that it cannot read.
  const isReadable = await findForeignSchema(path).then(
    () => true,
    () => false,
  );
  // Until the copy is complete, so that no server starts on the old database meanwhile.
  const locked = old && isReadable ? await openUnused(path) : undefined;
  const unlock = async (): Promise<void> => {
    if (locked?.isInitialized) await locked.destroy();
  };
  let replaced: string | undefined;
  async function write(partial: string): Promise<number> {
    await copyFile(source, partial);
    await chmod(partial, old ? old.mode & 0o777 : fileMode);
    // Only root may give files away: the server's user must be able to write to the database.
    if (old && process.getuid?.() === 0) await chown(partial, old.uid, old.gid);
    const entryCount = await requireUndamaged(partial, signal, source);
    await renewEpoch(partial);
    return entryCount;
  }
  try {
    const entryCount = await createAtomicFile(path, signal, write, async () => {
      await unlock();
      if (old) replaced = await setAside(path, now);
    });
    return { path, entryCount, replaced };
  } finally {
    await unlock();
  }
}

/** @throws {BackupError} if the file is missing, in use, or not of this version */
async function checkBackup(source: string): Promise<Stats> {
  const file = await stat(source).catch(() => undefined);
  if (!file?.isFile()) throw new BackupError(`there is no backup ${source}`);
  const log = [`${source}-wal`, `${source}-journal`].find((path) => existsSync(path));
  if (log !== undefined) {
    throw new BackupError(
      `${source} is a database in use, since ${log} exists: copy it with log-manager backup`,
    );
  }
  const refusal = await findForeignSchema(source).catch((error: unknown) => {
    throw new BackupError(`${source} cannot be read: ${(error as Error).message}`, { cause: error });
  });
  if (file.size === 0 || refusal) throw new BackupError(`${source} ${refusal?.problem ?? 'is empty'}`);
  return file;
}

/** Gives the old database, and a log that is still beside it, a dated name. The old name stays until it is replaced. */
async function setAside(path: string, now: number): Promise<string> {
  const aside = `${path}.replaced-${new Date(now).toISOString().replaceAll(':', '-')}`;
  await link(path, aside);
  for (const suffix of ['-wal', '-shm']) {
    await rename(path + suffix, aside + suffix).catch((error: unknown) => {
      if (codeOf(error) !== 'ENOENT') throw error;
    });
  }
  return aside;
}
