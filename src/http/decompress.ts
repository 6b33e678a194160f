import { promisify } from 'node:util';
import { gunzip, type Gunzip, type ZlibOptions } from 'node:zlib';
import { HttpError, payloadTooLarge, unsupportedEncoding } from './errors';

/** Memory is taken in steps of this size. */
const chunkSize = 65_536;
/** Of the size that a gzip file ends with (RFC 1952, section 2.3.1). */
const sizeBytes = 4;

/** With the option `info`, which its types lack (https://nodejs.org/api/zlib.html#class-options). */
const gunzipWithInfo = promisify(gunzip) as unknown as (
  body: Buffer,
  options: ZlibOptions,
) => Promise<{ readonly buffer: Buffer; readonly engine: Gunzip }>;

/**
 * @param encoding the header Content-Encoding
 * @throws {HttpError} 415 if it is neither gzip nor none
 */
export function isGzip(encoding: string): boolean {
  // RFC 9110, section 8.4.1.3: x-gzip is another name.
  if (/^(x-)?gzip$/i.test(encoding)) return true;
  if (/^(identity)?$/i.test(encoding)) return false;
  throw unsupportedEncoding();
}

/** The bytes that a gzip body becomes, as it says: less than it does if it has several members, or is not gzip. */
export function sizeInGzip(body: Buffer): number {
  return body.length < sizeBytes ? 0 : body.readUInt32LE(body.length - sizeBytes);
}

/**
 * @param maxBytes where decompressing stops
 * @throws {HttpError} 413, or 400 if the body is not gzip from its first byte to its last
 */
export async function decompress(body: Buffer, maxBytes: number): Promise<Buffer> {
  const options = { chunkSize, maxOutputLength: Math.max(1, maxBytes), info: true };
  try {
    const { buffer, engine } = await gunzipWithInfo(body, options);
    // zlib ignores zeros after the end.
    if (engine.bytesWritten === body.length) return buffer;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw payloadTooLarge(maxBytes);
  }
  const message =
    'The request body must be gzip, as content-encoding says: complete, and with nothing after it.';
  throw new HttpError('BAD_USER_INPUT', message);
}
