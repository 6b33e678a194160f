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
    'Let the user of the server write to the file and to its directory, where SQLite keeps its log, ' +
    'or use another file.',
};

/** Problems of a file that SQLite cannot open, by result code (https://www.sqlite.org/rescode.html). */
const refusals: Readonly<Record<string, Refusal>> = {
  SQLITE_NOTADB: damaged,
  SQLITE_CORRUPT: damaged,
  SQLITE_CANTOPEN: forbidden,
  SQLITE_READONLY: forbidden,
  SQLITE_PERM: forbidden,
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

/** The file or its directory is write-protected. */
export function refuseForbidden(path: string, cause: unknown): StartError {
  return refuse(path, forbidden, cause);
}

/** A file that SQLite keeps beside the database belongs to another user. */
export function refuseCompanion(path: string, companion: string, cause: unknown): StartError {
  const problem = `cannot be opened: this user may not read and write ${companion}`;
  const advice =
    'Start the server as the owner of that file, or chown all files of the database to its user.';
  return refuse(path, { problem, advice }, cause);
}

/** Translates an error of the driver for operators; returns other errors unchanged. */
export function toStartError(error: unknown, path: string): unknown {
  const refusal = refusals[codeOf(error)];
  return refusal ? refuse(path, refusal, error) : error;
}
