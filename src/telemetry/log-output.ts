import { fstatSync, write } from 'node:fs';

/** Lines beyond this size wait for nothing: they are dropped and counted. */
const maxBufferedBytes = 1_000_000;
/** Bytes of one write, so that few lines are lost with a pipe whose reader ends. */
const maxChunkBytes = 65_536;
/** Pause after a failed write, in milliseconds. */
const retryMs = 1_000;

/** Writes some bytes of a chunk, and returns their number. Rejects when nothing was written. */
export type WriteChunk = (chunk: Buffer) => Promise<number>;

/** Options of {@link createLogOutput}; a test replaces them. */
export interface LogOutputOptions {
  readonly writeChunk: WriteChunk;
  /** Called once when writing starts to fail, and again only after a write has succeeded. */
  readonly onError: (error: unknown) => void;
  /** Makes the line that replaces `count` dropped lines. */
  readonly describeDropped: (count: number) => string;
  readonly maxBytes?: number;
  readonly retryMs?: number;
}

/** Where log lines go. It never throws into the caller and never blocks it. */
export interface LogOutput {
  write(line: string): void;
  /** Settles when every line is written, when a write fails, or after `timeoutMs`. */
  flush(timeoutMs: number): Promise<void>;
}

/** Buffers lines while the destination is slow or fails. Lines that do not fit are dropped and counted. */
export function createLogOutput(options: LogOutputOptions): LogOutput {
  const { writeChunk, onError, describeDropped, maxBytes = maxBufferedBytes } = options;
  let lines: string[] = [];
  let bufferedBytes = 0;
  let droppedCount = 0;
  /** What is left of the chunk that is being written. */
  let chunk: Buffer | undefined;
  let isWriting = false;
  let isFailing = false;
  let retryTimer: NodeJS.Timeout | undefined;
  const onIdle: (() => void)[] = [];

  function takeChunk(): Buffer | undefined {
    if (lines.length === 0 && droppedCount > 0) {
      const line = describeDropped(droppedCount);
      droppedCount = 0;
      return Buffer.from(line);
    }
    let length = 0;
    let count = 0;
    while (count < lines.length && (count === 0 || length < maxChunkBytes)) {
      length += Buffer.byteLength(lines[count++]!);
    }
    if (count === 0) return undefined;
    const taken = lines.slice(0, count);
    lines = lines.slice(count);
    return Buffer.from(taken.join(''));
  }

  async function writeAll(): Promise<void> {
    if (isWriting) return;
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
      retryTimer = setTimeout(() => void writeAll(), options.retryMs ?? retryMs).unref();
    }
    isWriting = false;
    for (const settle of onIdle.splice(0)) settle();
  }

  return {
    write(line) {
      const bytes = Buffer.byteLength(line);
      if (bufferedBytes + bytes > maxBytes) {
        droppedCount++;
        return;
      }
      lines.push(line);
      bufferedBytes += bytes;
      if (!isWriting && !retryTimer) void writeAll();
    },
    async flush(timeoutMs) {
      void writeAll();
      if (!isWriting) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, timeoutMs);
        onIdle.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    },
  };
}

/**
 * Writes to standard output without blocking. A pipe or socket is written by Node's stream, which waits for
 * its reader in the event loop; a blocking `fs.write` would keep a thread of libuv from the database.
 */
export function createStandardOutputWriter(): WriteChunk {
  const standardOutput = fstatSync(1);
  if (!standardOutput.isFIFO() && !standardOutput.isSocket()) {
    return (chunk) =>
      new Promise((resolve, reject) => {
        write(1, chunk, (error, byteCount) => (error ? reject(error) : resolve(byteCount)));
      });
  }
  process.stdout.on('error', () => {});
  return (chunk) =>
    new Promise((resolve, reject) => {
      process.stdout.write(chunk, (error) => (error ? reject(error) : resolve(chunk.length)));
    });
}

let hasErrorListener = false;

/** Writes a line to standard error. Ignores errors: standard error may be on the same full disk. */
export function writeToStandardError(line: string): void {
  if (!hasErrorListener) process.stderr.on('error', () => {});
  hasErrorListener = true;
  try {
    process.stderr.write(`${line}\n`, () => {});
  } catch {
    // Nothing is left to report it to.
  }
}
