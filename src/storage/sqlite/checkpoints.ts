import { closeSync, fdatasync, openSync, readSync, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import { createConnection, oneOff, type Connection } from './connection';
import { createWriter } from './data-source';

/** Pages in the write-ahead log from which on commits wait for a copy of all of it, so that it starts anew: 8 MB. */
const maxLogPages = 2_000;
/** Pages that are copied at a time while commits go on: few, since a commit that syncs meanwhile waits for them. */
const pagesAtOnce = 125;
/** Milliseconds until the next attempt after one that failed. */
const retryMs = 1_000;

/** Bytes of the header of the log's index, with both copies, and of the number of copied pages that follows. */
const indexBytes = 100;
/** https://www.sqlite.org/walformat.html#the_wal_index_file_format: 32-bit numbers in the byte order of the machine. */
const indexVersion = 3_007_000;
const versionAt = 0;
const pagesAt = 4;
const copiedAt = 24;

const sync = promisify(fdatasync);

export interface CheckpointOptions {
  /** Milliseconds to wait for another process's lock. */
  readonly busyTimeoutMs: number;
  /** Called when copying begins to fail. */
  readonly onWarning: (error: unknown, message: string) => void;
}

/**
 * Copies the write-ahead log into the database on a connection of its own, while the writer commits. By default SQLite
 * copies 1,000 pages at the end of a commit, for which all who record wait
 * (https://www.sqlite.org/wal.html#performance_considerations). Must be the only one in this process that does so.
 *
 * SQLite counts pages as copied before they are synced, and syncs the database only when all are copied. After a failed
 * sync the system takes pages for written that it has lost (https://wiki.postgresql.org/wiki/Fsync_Errors), and reports
 * that to each open file once. So after an error, no page counts as copied any more: all are copied again.
 * @param path of the database, which is open and has a log
 */
export async function openCheckpoints(path: string, { busyTimeoutMs, onWarning }: CheckpointOptions) {
  const { database, index } = openFiles(path);
  const connection = await connect(path, busyTimeoutMs).catch((error: unknown) => {
    closeSync(index);
    closeSync(database);
    throw error;
  });
  const numbers = new Uint32Array(indexBytes / 4);
  /** Pages in the log when the last copy started. */
  let lastPages = 0;
  let nextAt = 0;
  let isFailing = false;
  /** Whether pages that count as copied may be lost. */
  let mustCopyAgain = false;
  let inProgress: Promise<void> | undefined;

  /** The numbers of pages in the log, and of those that are copied; 0 if they cannot be read. Takes 2 µs. */
  function readIndex(): { readonly pages: number; readonly copied: number } {
    try {
      const isRead = readSync(index, numbers, 0, indexBytes, 0) === indexBytes;
      if (isRead && numbers[versionAt] === indexVersion) {
        return { pages: numbers[pagesAt]!, copied: numbers[copiedAt]! };
      }
    } catch {
      // After an I/O error of the file system. The log is then truncated when it is long.
    }
    return { pages: 0, copied: 0 };
  }

  /** Lets all pages of the log be copied again if that must be, also by other processes. */
  function forgetCopies(): void {
    if (mustCopyAgain) writeSync(index, new Uint32Array(1), 0, 4, 4 * copiedAt);
    mustCopyAgain = false;
  }

  /** Call it after an I/O error. Never throws. */
  function copyAgain(): void {
    mustCopyAgain = true;
    lastPages = 0;
    // A copy in progress will set the number at its end.
    if (inProgress) return;
    try {
      forgetCopies();
    } catch {
      // Repeated before the next copy.
    }
  }

  /** Copies what no read in progress keeps; nothing while another process does so. A long log is copied whole. */
  async function copyPages(): Promise<void> {
    forgetCopies();
    for (let before = 0; ;) {
      await connection.all(oneOff('PRAGMA wal_checkpoint(PASSIVE)'));
      // Otherwise the last copy, for which commits wait, would have all pages to sync.
      await sync(database);
      const { pages, copied } = readIndex();
      if (pages < maxLogPages || copied === pages || copied <= before) return;
      before = copied;
    }
  }

  async function copy(): Promise<void> {
    let failure: unknown;
    await copyPages().catch((error: unknown) => (failure = error));
    inProgress = undefined;
    if (failure !== undefined) {
      nextAt = performance.now() + retryMs;
      copyAgain();
      if (!isFailing) onWarning(failure, 'copying the log into the database failed; retrying');
    }
    isFailing = failure !== undefined;
  }

  return {
    copyAgain,

    /** Call it after each commit. Never throws. */
    startIfDue(): void {
      if (inProgress || performance.now() < nextAt) return;
      const { pages, copied } = readIndex();
      if (pages < lastPages) lastPages = 0;
      if (pages - Math.max(copied, lastPages) < pagesAtOnce) return;
      lastPages = pages;
      inProgress = copy();
    },

    /** What the next commit waits for, if anything. Never rejects. */
    hold: (): Promise<void> | undefined =>
      inProgress && readIndex().pages >= maxLogPages ? inProgress : undefined,

    /**
     * Settles when nothing is being copied: while it is, SQLite refuses every other checkpoint.
     * @throws {Error} if pages that may be lost count as copied
     */
    async idle(): Promise<void> {
      await inProgress;
      forgetCopies();
    },

    /** Settles when nothing is being copied, and the connection is closed. */
    async close(): Promise<void> {
      await inProgress;
      await connection.close();
    },

    /** Call it once, when all connections are closed. */
    closeFiles(): void {
      closeSync(index);
      closeSync(database);
    },
  };
}

/**
 * These stay open: closing them drops SQLite's locks on the files in this process
 * (https://www.sqlite.org/howtocorrupt.html#_posix_advisory_locks_canceled_by_a_separate_thread_doing_close_).
 */
function openFiles(path: string): { readonly database: number; readonly index: number } {
  const index = openSync(`${path}-shm`, 'r+');
  try {
    return { database: openSync(path, 'r+'), index };
  } catch (error) {
    closeSync(index);
    throw error;
  }
}

async function connect(path: string, busyTimeoutMs: number): Promise<Connection> {
  const dataSource = await createWriter(path, busyTimeoutMs, true).initialize();
  try {
    await dataSource.query('PRAGMA synchronous = FULL');
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
  return createConnection(dataSource);
}
