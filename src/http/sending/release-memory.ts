import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { JsonParts } from '../../logs/model/json';

/** https://tc39.es/ecma262/#sec-arraybuffer.prototype.transfer */
type Transfer = (this: ArrayBufferLike, length: number) => ArrayBuffer;

/** A standard function since ES2024, which Node 20 has behind a flag, for new contexts. */
function findTransfer(): Transfer | undefined {
  const known = Reflect.get(ArrayBuffer.prototype, 'transfer') as Transfer | undefined;
  if (known) return known;
  setFlagsFromString('--harmony-rab-gsab-transfer');
  return runInNewContext('ArrayBuffer.prototype.transfer') as Transfer | undefined;
}

const transfer = findTransfer();

/** Smaller ones may share their memory with others. */
const minBytes = Buffer.poolSize;

/**
 * Gives back the memory of buffers that nobody will read again. Left to the garbage collector, the answers of 50 reads
 * of 1,000 entries make it search the whole heap, which takes as long as a third of the work on those reads.
 */
export function releaseMemory(parts: JsonParts): void {
  if (!transfer) return;
  for (const part of parts) {
    if (typeof part === 'string' || part.byteLength < minBytes) continue;
    if (part.buffer.byteLength === part.byteLength) transfer.call(part.buffer, 0);
  }
}
