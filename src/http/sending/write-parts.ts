import type { ServerResponse } from 'node:http';
import type { JsonParts } from '../../logs/model/json';
import { releaseMemory } from '../../logs/model/release-memory';

/** A socket is given so many bytes of an answer at a time. The rest follows when the kernel has taken those. */
export const maxSocketBytes = 4_000_000;

/** So small that a group of pieces is never below the high-water mark of the socket: `drain` follows each group. */
const pieceBytes = 1_000_000;

/**
 * Sends a body, up to 4 MB in one system call, and frees the memory of its parts when they are sent.
 * @param onWritten called after each write with the number of bytes that follow later
 */
export function writeParts(
  response: ServerResponse,
  parts: JsonParts,
  length: number,
  onWritten: (held: number) => void,
): void {
  const pieces = length > maxSocketBytes ? parts.flatMap(split) : parts;
  let at = 0;
  let held = length;

  function writeGroup(): void {
    let groupBytes = 0;
    response.cork();
    for (; at < pieces.length; at++) {
      const piece = pieces[at]!;
      const bytes = Buffer.byteLength(piece);
      if (groupBytes > 0 && groupBytes + bytes > maxSocketBytes) break;
      groupBytes += bytes;
      response.write(piece);
    }
    held -= groupBytes;
    if (at < pieces.length) {
      response.once('drain', writeGroup);
      response.uncork();
    } else {
      response.end(() => releaseMemory(parts));
    }
    onWritten(held);
  }

  writeGroup();
}

/** Cuts a part into pieces. A buffer is not copied. */
function split(part: string | Buffer): readonly (string | Buffer)[] {
  if (Buffer.byteLength(part) <= pieceBytes) return [part];
  const buffer = typeof part === 'string' ? Buffer.from(part) : part;
  const count = Math.ceil(buffer.length / pieceBytes);
  return Array.from({ length: count }, (_, at) => buffer.subarray(at * pieceBytes, (at + 1) * pieceBytes));
}
