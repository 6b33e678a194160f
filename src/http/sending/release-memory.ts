import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { JsonParts } from '../../logs/model/json';

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

/**
 * Frees the memory of buffers that are no longer used. Without it, 50 responses of 1,000 entries start a
 * garbage collection of the whole heap, which takes a third of the time of reading them.
 */
export function releaseMemory(parts: JsonParts): void {
  if (!transfer) return;
  for (const part of parts) {
    if (typeof part === 'string' || part.byteLength < minBytes) continue;
    if (part.buffer.byteLength === part.byteLength) transfer.call(part.buffer, 0);
  }
}
