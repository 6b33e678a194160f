import { StartError } from '../../start-error';
import { codeOf } from '../errors';

interface Refusal {
  readonly problem: string;
  /** What to do about it. */
  readonly advice: string;
}

const damaged: Refusal = {
  problem: 'is damaged, or is no SQLite database',
  advice:
    'Restore it from a backup, or move it away, together with its -wal, to begin with a new one.',
};

const forbidden: Refusal = {
  problem: 'cannot be opened for writing',
  advice:
    'Let the user that the server runs as write to the file and to its directory, where SQLite keeps its log beside it, or name a file elsewhere.',
};

/** What is wrong with a file that SQLite does not open, by result code (https://www.sqlite.org/rescode.html). */
const refusals: Readonly<Record<string, Refusal>> = {
  SQLITE_NOTADB: damaged,
  SQLITE_CORRUPT: damaged,
  SQLITE_CANTOPEN: forbidden,
  SQLITE_READONLY: forbidden,
  SQLITE_PERM: forbidden,
  SQLITE_BUSY: {
    problem: 'is locked by another process',
    advice: 'End that process, or name another file.',
  },
  SQLITE_FULL: {
    problem: 'is on a disk that is full',
    advice: 'Free space on it, or name a file on another disk.',
  },
  SQLITE_IOERR: {
    problem: 'cannot be read or written',
    advice: 'See what the system says of this disk, and how much space it has.',
  },
};

/** @param cause the driver's error, or that of the file system */
export function refuse(path: string, { problem, advice }: Refusal, cause?: unknown): StartError {
  const because = cause === undefined ? '' : ` (${(cause as Error).message})`;
  return new StartError(`DATABASE_URL: ${path} ${problem}${because}. ${advice}`, { cause });
}

/** The file, or its directory, may not be written to. */
export function refuseForbidden(path: string, cause: unknown): StartError {
  return refuse(path, forbidden, cause);
}

/** An error of the driver in the words of an operator; any other one as it is. */
export function toStartError(error: unknown, path: string): unknown {
  const refusal = refusals[codeOf(error)];
  return refusal ? refuse(path, refusal, error) : error;
}
