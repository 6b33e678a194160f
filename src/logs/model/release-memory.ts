import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { JsonParts } from './json';

/** https://tc39.es/ecma262/#sec-arraybuffer.prototype.transfer */
type Transfer = (this: ArrayBufferLike, length: number) => ArrayBuffer;

/** Finds the ES2024 function. Node 20 has it behind a V8 flag, which affects new contexts only. */
function findTransfer(): Transfer | undefined {
  const builtIn = Reflect.get(ArrayBuffer.prototype, 'transfer') as Transfer | undefined;
  if (builtIn) return builtIn;
  setFlagsFromString('--harmony-rab-gsab-transfer');
  return runInNewContext('ArrayBuffer.prototype.transfer') as Transfer | undefined;
}

const transfer = findTransfer();

/** Smaller buffers may share a pool (https://nodejs.org/api/buffer.html#class-property-bufferpoolsize). */
const minBytes = Buffer.poolSize;
/** Views of a smaller buffer are not looked at: large results have more. */
const minViewedBytes = 65_536;

/** How many responses and owners use a buffer. */
const users = new WeakMap<Buffer, number>();

/** Lets one more response use a buffer, or its owner: the last call of {@link releaseMemory} frees it. */
export function shareMemory(buffer: Buffer): void {
  users.set(buffer, (users.get(buffer) ?? 0) + 1);
}

function isStillUsed(buffer: Buffer): boolean {
  const count = users.get(buffer);
  if (count === undefined) return false;
  users.set(buffer, count - 1);
  return count > 1;
}

/**
 * Frees the memory of buffers that are no longer used. Without it, 50 responses of 1,000 entries start a
 * garbage collection of the whole heap, which takes a third of the time of reading them.
 * @param parts with no other part of their buffers in use: a page without the entry that follows, or its entries
 */
export function releaseMemory(parts: JsonParts): void {
  if (!transfer) return;
  let viewed: Map<ArrayBufferLike, number> | undefined;
  for (const part of parts) {
    if (typeof part === 'string' || isStillUsed(part)) continue;
    const { buffer, byteLength } = part;
    if (byteLength === buffer.byteLength) {
      if (byteLength >= minBytes) transfer.call(buffer, 0);
    } else if (buffer.byteLength >= minViewedBytes) {
      viewed ??= new Map();
      viewed.set(buffer, (viewed.get(buffer) ?? 0) + byteLength);
    }
  }
  if (!viewed) return;
  for (const [buffer, bytes] of viewed) if (bytes * 2 > buffer.byteLength) transfer.call(buffer, 0);
}
