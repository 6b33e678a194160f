import { codeOf } from '../../errors';
import { StartError } from '../../start-error';

export interface Refusal {
  readonly problem: string;
  readonly advice: string;
}

const damaged: Refusal = {
  problem: 'is damaged, or is not a SQLite database',
  advice: 'Restore a backup, or move the file away with its -wal and -shm to start with an empty database.',
};

const forbidden: Refusal = {
  problem: 'cannot be opened for writing',
  advice:
    'Let the user of the server write to the file, its -wal and -shm, and its directory (chown), or use ' +
    'another file.',
};

/** By code of the file system, or of SQLite (https://www.sqlite.org/rescode.html). */
const refusals: Readonly<Record<string, Refusal>> = {
  SQLITE_NOTADB: damaged,
  SQLITE_CORRUPT: damaged,
  SQLITE_CANTOPEN: forbidden,
  SQLITE_READONLY: forbidden,
  SQLITE_PERM: forbidden,
  EACCES: forbidden,
  EPERM: forbidden,
  EROFS: forbidden,
  ELOOP: { problem: 'cannot be found', advice: 'Name a file, not a loop of symlinks.' },
  SQLITE_BUSY: {
    problem: 'is locked by another process',
    advice: 'End that process, or use another file.',
  },
  SQLITE_FULL: {
    problem: 'is on a disk that is full',
    advice: 'Free space on it, or name a file on another disk.',
  },
  SQLITE_IOERR: {
    problem: 'cannot be read or written',
    advice: 'Check the system log for errors of the disk, and check the free space on the disk.',
  },
};

/** @param cause error of the driver or of the file system */
export function refuse(path: string, { problem, advice }: Refusal, cause?: unknown): StartError {
  const because = cause === undefined ? '' : ` (${(cause as Error).message})`;
  return new StartError(`DATABASE_URL: ${path} ${problem}${because}. ${advice}`, { cause });
}

/** Translates an error of the driver or the file system for operators; returns other errors unchanged. */
export function toStartError(error: unknown, path: string): unknown {
  const refusal = refusals[codeOf(error)];
  return refusal ? refuse(path, refusal, error) : error;
}
