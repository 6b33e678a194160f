import { open, type FileHandle } from 'node:fs/promises';
import { createConnection, type Connection } from './connection';
import { createWriter } from './data-source';
import { toWriteError } from './errors';
import { findFreeSpace, holdsContent, maxPages } from './free-space';
import type { Writer } from './writer';

/** What is read at a time, in bytes. */
const chunkBytes = 1_048_576;
/** How long the lock is waited for at a time, in milliseconds; the writer has it tried again. */
const busyTimeoutMs = 100;
/** Pages that are overwritten while nobody can write. */
const pagesAtOnce = 100;

type Executor = Pick<Connection, 'all'>;

export interface PageScrubber {
  /**
   * Overwrites what is left of cells in the free space of pages. Everything that is to be overwritten must be in the file,
   * not in the write-ahead log alone.
   * @returns false when pages are left, since somebody reads the database as it was before
   */
  scrub(): Promise<boolean>;
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
 * - Somebody who reads meanwhile sees old bytes or zeros there, and looks at neither.
 * - Nobody writes, since a transaction holds the lock for that; and nobody copies pages from the write-ahead log into the
 *   file, since all of them are there already.
 * - Who has such a page in memory must not write it back later as it was. The transaction ends with a commit, by which all
 *   other connections, of whatever process, drop what they have in memory (https://www.sqlite.org/walformat.html).
 */
export function createPageScrubber(path: string, writer: Writer): PageScrubber {
  // Kept open: closing it would take away the locks that SQLite has on the file in this process
  // (https://www.sqlite.org/howtocorrupt.html#_posix_advisory_locks_canceled_by_a_separate_thread_doing_close_).
  let opened: Promise<FileHandle> | undefined;

  async function findPages(file: FileHandle, pageSize: number): Promise<number[]> {
    const found: number[] = [];
    const chunk = Buffer.alloc(chunkBytes);
    for (let offset = 0; ;) {
      const { bytesRead } = await file.read(chunk, 0, chunkBytes, offset);
      for (let at = 0; at + pageSize <= bytesRead; at += pageSize) {
        const page = chunk.subarray(at, at + pageSize);
        const space = findFreeSpace(page, offset + at === 0);
        if (space && holdsContent(page, space)) found.push((offset + at) / pageSize);
      }
      if (bytesRead < chunkBytes) return found;
      offset += bytesRead;
    }
  }

  async function overwrite(file: FileHandle, pageSize: number, at: number): Promise<void> {
    const page = Buffer.alloc(pageSize);
    const offset = at * pageSize;
    const { bytesRead } = await file.read(page, 0, pageSize, offset);
    // It may have changed since it was found.
    const space = bytesRead === pageSize ? findFreeSpace(page, at === 0) : undefined;
    if (!space) return;
    const { start, end } = space;
    await file.write(Buffer.alloc(end - start), 0, end - start, offset + start);
  }

  /** @returns false when the log holds what is not in the file yet */
  async function overwriteAll(
    own: Executor,
    shared: Executor,
    work: () => Promise<void>,
  ): Promise<boolean> {
    const execute = <Row>(connection: Executor, sql: string) =>
      connection.all<Row>({ sql, parameters: [], isRare: true });
    await execute(own, 'BEGIN IMMEDIATE');
    try {
      const [log] = await execute<{ busy: number; log: number; checkpointed: number }>(
        shared,
        'PRAGMA wal_checkpoint(PASSIVE)',
      );
      const isInFile = log!.busy === 0 && log!.log === log!.checkpointed;
      if (isInFile) await work();
      const [version] = await execute<{ user_version: number }>(own, 'PRAGMA user_version');
      // Any change will do.
      await execute(own, `PRAGMA user_version = ${(version!.user_version + 1) % 2}`);
      await execute(own, 'COMMIT');
      return isInFile;
    } catch (error) {
      await execute(own, 'ROLLBACK').catch(() => {});
      throw error;
    }
  }

  return {
    async scrub() {
      opened ??= open(path, 'r+');
      const file = await opened;
      const header = Buffer.alloc(100);
      await file.read(header, 0, 100, 0);
      const pageSize = header.readUInt16BE(16);
      const { size } = await file.stat();
      if (size / pageSize >= maxPages) {
        throw new Error(
          'The database is too large for erased entries to be overwritten everywhere.',
        );
      }
      const pages = await findPages(file, pageSize);
      if (pages.length === 0) return true;
      const options = { busyTimeoutMs, mustExist: true };
      const dataSource = await createWriter(path, options).initialize();
      const own = createConnection(dataSource, {}, toWriteError);
      try {
        for (let from = 0; from < pages.length; from += pagesAtOnce) {
          const some = pages.slice(from, from + pagesAtOnce);
          const isDone = await writer.exclusive((shared) =>
            overwriteAll(own, shared, async () => {
              for (const at of some) await overwrite(file, pageSize, at);
              await file.datasync();
            }),
          );
          if (!isDone) return false;
        }
        return true;
      } finally {
        await own.close();
      }
    },

    async close() {
      await (await opened)?.close();
    },
  };
}
