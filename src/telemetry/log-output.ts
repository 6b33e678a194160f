import { fstatSync, write } from 'node:fs';
import { promisify } from 'node:util';

/** Maximum bytes of one write: they are lost if the reader of the pipe exits. */
const maxChunkBytes = 65_536;

/** Writes some bytes of a chunk, and returns their number. Rejects when nothing was written. */
export type WriteChunk = (chunk: Buffer) => Promise<number>;

/** Options of {@link createLogOutput}; a test replaces them. */
export interface LogOutputOptions {
  readonly writeChunk: WriteChunk;
  /** Called once when writing starts to fail, and again only after a write has succeeded. */
  readonly onError: (error: unknown) => void;
  /** Makes the line that replaces `count` dropped lines. */
  readonly describeDropped: (count: number) => string;
  /** Maximum bytes of buffered lines. Further lines are dropped and counted. */
  readonly maxBytes?: number;
  /** Pause after a failed write. */
  readonly retryMs?: number;
}

/** Destination of log lines. `write` never throws and never blocks. */
export type LogOutput = ReturnType<typeof createLogOutput>;

/** Buffers lines while the destination is slow or fails. Lines that do not fit are dropped and counted. */
export function createLogOutput(options: LogOutputOptions) {
  const { writeChunk, onError, describeDropped, maxBytes = 1_000_000, retryMs = 1_000 } = options;
  const lines: string[] = [];
  let bufferedBytes = 0;
  let droppedCount = 0;
  /** The rest of the chunk that is being written. */
  let chunk: Buffer | undefined;
  let isWriting = false;
  /** Settles when every line is written, or when a write fails. */
  let writing = Promise.resolve();
  let isFailing = false;
  let retryTimer: NodeJS.Timeout | undefined;

  function takeChunk(): Buffer | undefined {
    if (lines.length === 0 && droppedCount > 0) {
      const line = describeDropped(droppedCount);
      droppedCount = 0;
      return Buffer.from(line);
    }
    let length = 0;
    let count = 0;
    while (count < lines.length && length < maxChunkBytes) length += Buffer.byteLength(lines[count++]!);
    return count > 0 ? Buffer.from(lines.splice(0, count).join('')) : undefined;
  }

  function startWriting(): void {
    if (!isWriting) writing = writeAll();
  }

  async function writeAll(): Promise<void> {
    isWriting = true;
    clearTimeout(retryTimer);
    retryTimer = undefined;
    try {
      for (chunk ??= takeChunk(); chunk; chunk = takeChunk()) {
        while (chunk.length > 0) {
          const byteCount: number = await writeChunk(chunk);
          chunk = chunk.subarray(byteCount);
          bufferedBytes = Math.max(0, bufferedBytes - byteCount);
        }
        isFailing = false;
      }
    } catch (error) {
      if (!isFailing) onError(error);
      isFailing = true;
      retryTimer = setTimeout(startWriting, retryMs).unref();
    }
    isWriting = false;
  }

  return {
    /** Never throws and never blocks. */
    write(line: string): void {
      const bytes = Buffer.byteLength(line);
      if (bufferedBytes + bytes > maxBytes) {
        droppedCount++;
        return;
      }
      lines.push(line);
      bufferedBytes += bytes;
      if (!retryTimer) startWriting();
    },
    /** Settles when every line is written, when a write fails, or after `timeoutMs`. */
    async flush(timeoutMs: number): Promise<void> {
      startWriting();
      let timer: NodeJS.Timeout | undefined;
      await Promise.race([writing, new Promise((resolve) => (timer = setTimeout(resolve, timeoutMs)))]);
      clearTimeout(timer);
    },
  };
}

/**
 * Writes to standard output without blocking. A pipe or socket is written by Node's stream, which waits for
 * its reader in the event loop; a blocking `fs.write` would keep a thread of libuv from the database.
 */
export function createStandardOutputWriter(): WriteChunk {
  const writeFile = promisify(write);
  const standardOutput = fstatSync(1);
  if (!standardOutput.isFIFO() && !standardOutput.isSocket()) {
    return async (chunk) => (await writeFile(1, chunk)).bytesWritten;
  }
  process.stdout.on('error', () => {});
  return (chunk) =>
    new Promise((resolve, reject) => {
      process.stdout.write(chunk, (error) => (error ? reject(error) : resolve(chunk.length)));
    });
}

/** Writes a line to standard error. Ignores errors: standard error may be on the same full disk. */
export function writeToStandardError(line: string): void {
  if (process.stderr.listenerCount('error') === 0) process.stderr.on('error', () => {});
  try {
    process.stderr.write(`${line}\n`, () => {});
  } catch {
    // Nothing is left to report it to.
  }
}
