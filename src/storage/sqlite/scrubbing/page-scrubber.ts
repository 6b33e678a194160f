import { open, type FileHandle } from 'node:fs/promises';
import { ServiceUnavailableError } from '../../../logs/model/errors';
import { createConnection, type Executor } from '../connection';
import { createWriter } from '../data-source';
import { toWriteError } from '../errors';
import { findFreeSpace, holdsContent, maxPages } from './free-space';

/** What is read at a time, in bytes; a multiple of every page size. */
const chunkBytes = 1_048_576;
/** How long the lock for writing is waited for at a time, in milliseconds; whoever calls tries again. */
const busyTimeoutMs = 100;
/** Pages that are overwritten while nobody else can write. */
const pagesAtOnce = 32;

/** Executes a statement without parameters. */
const execute = <Row>(connection: Executor, sql: string): Promise<Row[]> =>
  connection.all<Row>({ sql, parameters: [], isRare: true });

/**
 * Does work while the write-ahead log is empty and nobody else in this process writes; again, until it returns true.
 * @throws {ServiceUnavailableError} when that cannot be had for long
 */
export type WithEmptyLog = (work: (shared: Executor) => Promise<boolean>) => Promise<void>;

export interface PageScrubber {
  /**
   * Overwrites what is left of cells in the free space of pages. Everything that is to be overwritten must be in the file,
   * not in the write-ahead log.
   */
  scrub(withEmptyLog: WithEmptyLog): Promise<void>;
  /** To be called when no connection is open any more. */
  close(): Promise<void>;
}

/**
 * `secure_delete` overwrites a cell when it is deleted (https://www.sqlite.org/pragma.html#pragma_secure_delete). But when a
 * page overflows and SQLite spreads its cells over other pages, copies of them may stay behind in what is now its free
 * space; on some 4 % of the pages of indexes there are some. Nobody reads that space, and nothing but SQLite's own writing of
 * the page ever clears it.
 *
 * So it is overwritten in the file itself, in a way that is safe for whoever else uses it:
 * - The file holds the latest version of every page, since the write-ahead log is empty; and it stays so, since a transaction
 *   holds the lock for writing. There is nothing that anybody could copy from the log into the file meanwhile.
 * - Somebody of another process who reads meanwhile sees old bytes or zeros there, and looks at neither.
 * - Who has such a page in memory must not write it back later as it was. The transaction ends with a commit, by which all
 *   other connections, of whatever process, drop what they have in memory (https://www.sqlite.org/walformat.html).
 * - When power fails, any mixture of old and new sectors is the same page.
 */
export function createPageScrubber(path: string): PageScrubber {
  // Kept open: closing it would take away the locks that SQLite has on the file in this process
  // (https://www.sqlite.org/howtocorrupt.html#_posix_advisory_locks_canceled_by_a_separate_thread_doing_close_).
  let file: FileHandle | undefined;

  /**
   * @returns the size of its pages
   * @throws {ServiceUnavailableError} when its pages cannot be told from each other
   */
  async function readHeader(file: FileHandle): Promise<number> {
    const header = Buffer.alloc(100);
    await file.read(header, 0, header.length, 0);
    // https://www.sqlite.org/fileformat2.html#page_size
    const written = header.readUInt16BE(16);
    const pageSize = written === 1 ? 65_536 : written;
    // https://www.sqlite.org/fileformat2.html#ptrmap: the first byte of such a page may be that of any other one.
    const hasPointerMaps = header.readUInt32BE(52) !== 0;
    if (hasPointerMaps || (await file.stat()).size / pageSize >= maxPages) {
      throw new ServiceUnavailableError(
        'The entries are erased, but what is left of them in free space cannot be overwritten in a database with auto_vacuum, ' +
          'or with 33 million pages. Its operator can do that with PRAGMA auto_vacuum = NONE and VACUUM.',
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
        if (holdsContent(page, findFreeSpace(page, offset + at === 0))) {
          found.push((offset + at) / pageSize);
        }
      }
      if (bytesRead < chunkBytes) return found;
      offset += bytesRead;
    }
  }

  async function overwrite(file: FileHandle, pageSize: number, at: number): Promise<void> {
    const page = Buffer.alloc(pageSize);
    const offset = at * pageSize;
    const { bytesRead } = await file.read(page, 0, pageSize, offset);
    // It may have changed since it was found, or be gone.
    if (bytesRead < pageSize) return;
    for (const { start, end } of findFreeSpace(page, at === 0)) {
      await file.write(Buffer.alloc(end - start), 0, end - start, offset + start);
    }
  }

  /**
   * @param own the connection whose transaction keeps others from writing
   * @param shared another one, to ask for the state of the log
   * @returns false when somebody of another process has written to the log
   */
  async function workAlone(
    own: Executor,
    shared: Executor,
    work: () => Promise<void>,
  ): Promise<boolean> {
    await execute(own, 'BEGIN IMMEDIATE');
    try {
      const [state] = await execute<{ log: number }>(shared, 'PRAGMA wal_checkpoint(PASSIVE)');
      const isEmpty = state!.log === 0;
      if (isEmpty) {
        await work();
        // Any change will do.
        const [row] = await execute<{ user_version: number }>(own, 'PRAGMA user_version');
        await execute(own, `PRAGMA user_version = ${(row!.user_version + 1) % 2}`);
      }
      await execute(own, 'COMMIT');
      return isEmpty;
    } catch (error) {
      await execute(own, 'ROLLBACK').catch(() => {});
      throw error;
    }
  }

  return {
    async scrub(withEmptyLog) {
      file ??= await open(path, 'r+');
      const pageSize = await readHeader(file);
      const pages = await findPages(file, pageSize);
      if (pages.length === 0) return;
      const options = { busyTimeoutMs, mustExist: true };
      const dataSource = await createWriter(path, options).initialize();
      const own = createConnection(dataSource, {}, toWriteError);
      try {
        for (let from = 0; from < pages.length; from += pagesAtOnce) {
          await withEmptyLog((shared) =>
            workAlone(own, shared, async () => {
              for (const at of pages.slice(from, from + pagesAtOnce)) {
                await overwrite(file!, pageSize, at);
              }
              await file!.datasync();
            }),
          );
        }
      } finally {
        await own.close();
      }
    },

    async close() {
      await file?.close();
    },
  };
}
