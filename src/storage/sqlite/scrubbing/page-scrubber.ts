import { open, stat, type FileHandle } from 'node:fs/promises';
import { ServiceUnavailableError } from '../../../logs/model/errors';
import { createConnection, oneOff, type Executor } from '../connection';
import { createWriter } from '../data-source';
import { toWriteError } from '../errors';
import { findFreeSpace, holdsContent, maxPages } from './free-space';

/** Bytes read at a time; a multiple of every page size. */
const chunkBytes = 1_048_576;
/** Milliseconds to wait for the lock for writing; the caller retries. */
const busyTimeoutMs = 100;
/** Number of pages to overwrite while other writes wait. */
const pagesAtOnce = 32;

/** Erased entries are gone for every query, but their bytes may still be in the files. */
export class NotScrubbedError extends ServiceUnavailableError {
  /** @param reason why, and what to do */
  constructor(reason: string, options?: ErrorOptions) {
    super(
      `The entries are erased, but their bytes are not yet overwritten in the database files: ${reason}`,
      options,
    );
  }
}

/**
 * Executes steps one after the other, each while the write-ahead log is empty and this process writes nothing else.
 * Repeats a step until it returns true.
 * @throws {NotScrubbedError} if the log does not become empty
 */
export type WithEmptyLog = (steps: readonly (() => Promise<boolean>)[]) => Promise<void>;

export type PageScrubber = ReturnType<typeof createPageScrubber>;

/**
 * `secure_delete` overwrites a deleted cell (https://www.sqlite.org/pragma.html#pragma_secure_delete). But
 * when a page overflows and SQLite distributes its cells to other pages, copies may remain in its free space:
 * on about 4 % of index pages. SQLite never reads that space, and clears it only when it rewrites the page.
 *
 * The scrubber overwrites this space in the file itself, which is safe for other processes:
 * - The file holds the latest version of every page: the write-ahead log is empty, and stays empty since a
 *   transaction holds the lock for writing. No checkpoint can copy pages from the log meanwhile.
 * - Another process that reads meanwhile gets old bytes or zeros in free space, and ignores both.
 * - No process may write such a page back from its cache. The transaction ends with a commit, at which all
 *   other connections drop their caches (https://www.sqlite.org/walformat.html).
 * - After a power failure, a page of old and new sectors is valid: the sectors differ in free space only.
 */
export function createPageScrubber(path: string) {
  // Stays open: closing it would drop SQLite's locks on the file in this process
  // (https://www.sqlite.org/howtocorrupt.html#_posix_advisory_locks_canceled_by_a_separate_thread_doing_close_).
  let file: FileHandle | undefined;

  /**
   * @returns the page size
   * @throws {NotScrubbedError} if the types of its pages cannot be told apart
   */
  async function readHeader(file: FileHandle): Promise<number> {
    const header = Buffer.alloc(100);
    await file.read(header, 0, header.length, 0);
    // https://www.sqlite.org/fileformat2.html#page_size
    const written = header.readUInt16BE(16);
    const pageSize = written === 1 ? 65_536 : written;
    // https://www.sqlite.org/fileformat2.html#ptrmap: such a page can start like a B-tree page.
    const hasPointerMaps = header.readUInt32BE(52) !== 0;
    if (hasPointerMaps || (await file.stat()).size / pageSize >= maxPages) {
      throw new NotScrubbedError(
        'that cannot be done in a database with auto_vacuum or 33 million pages. ' +
          'The operator can overwrite them with PRAGMA auto_vacuum = NONE and VACUUM.',
      );
    }
    return pageSize;
  }

  async function findPages(file: FileHandle, pageSize: number): Promise<number[]> {
    const found: number[] = [];
    const chunk = Buffer.alloc(chunkBytes);
    for (let offset = 0; ;) {
      const { bytesRead } = await file.read(chunk, 0, chunkBytes, offset);
      for (let at = 0; at + pageSize <= bytesRead; at += pageSize) {
        const page = chunk.subarray(at, at + pageSize);
        const freeSpace = findFreeSpace(page, offset + at === 0);
        if (holdsContent(page, freeSpace)) found.push((offset + at) / pageSize);
      }
      if (bytesRead < chunkBytes) return found;
      offset += bytesRead;
    }
  }

  async function overwrite(file: FileHandle, pageSize: number, at: number): Promise<void> {
    const page = Buffer.alloc(pageSize);
    const offset = at * pageSize;
    const { bytesRead } = await file.read(page, 0, pageSize, offset);
    // The file may have become shorter.
    if (bytesRead < pageSize) return;
    for (const { start, end } of findFreeSpace(page, at === 0)) {
      await file.write(Buffer.alloc(end - start), 0, end - start, offset + start);
    }
  }

  /**
   * Calls `work` while no process can write.
   * @param own the connection whose transaction holds the lock
   * @returns false if another process has written to the log
   */
  async function workAlone(own: Executor, work: () => Promise<void>): Promise<boolean> {
    await own.all(oneOff('BEGIN IMMEDIATE'));
    try {
      const isEmpty = (await stat(`${path}-wal`)).size === 0;
      if (isEmpty) {
        await work();
        // Any change makes the commit one that other connections notice.
        const [row] = await own.all<{ user_version: number }>(oneOff('PRAGMA user_version'));
        await own.all(oneOff(`PRAGMA user_version = ${(row!.user_version + 1) % 2}`));
      }
      await own.all(oneOff('COMMIT'));
      return isEmpty;
    } catch (error) {
      await own.all(oneOff('ROLLBACK')).catch(() => {});
      throw error;
    }
  }

  return {
    /** Overwrites copies of cells in free space. The write-ahead log must hold no erased entries. */
    async scrub(withEmptyLog: WithEmptyLog): Promise<void> {
      file ??= await open(path, 'r+');
      const pageSize = await readHeader(file);
      const pages = await findPages(file, pageSize);
      if (pages.length === 0) return;
      const dataSource = await createWriter(path, busyTimeoutMs, true).initialize();
      const own = createConnection(dataSource, {}, toWriteError);
      const steps = Array.from({ length: Math.ceil(pages.length / pagesAtOnce) }, (_, step) => () => {
        const some = pages.slice(step * pagesAtOnce, (step + 1) * pagesAtOnce);
        return workAlone(own, async () => {
          for (const at of some) await overwrite(file!, pageSize, at);
          await file!.datasync();
        });
      });
      try {
        await withEmptyLog(steps);
      } finally {
        await own.close();
      }
    },

    /** Call it when all connections are closed. */
    async close(): Promise<void> {
      await file?.close();
    },
  };
}
