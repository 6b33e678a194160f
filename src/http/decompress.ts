import { promisify } from 'node:util';
import { gunzip, type Gunzip, type ZlibOptions } from 'node:zlib';
import { RequestGoneError } from '../logs/model/errors';
import { HttpError, payloadTooLarge, unsupportedEncoding } from './errors';

/** Memory is taken in steps of this size. */
const chunkSize = 65_536;

/** With the option `info`, which its types lack (https://nodejs.org/api/zlib.html#class-options). */
const gunzipWithInfo = promisify(gunzip) as unknown as (
  body: Buffer,
  options: ZlibOptions,
) => Promise<{ readonly buffer: Buffer; readonly engine: Gunzip }>;

/** Decompresses one body at a time, since 4 KB can become 4 MB: many at once would fill the memory. */
export function createDecompress() {
  let previous: Promise<unknown> = Promise.resolve();

  /**
   * @param encoding the header Content-Encoding
   * @param maxBytes where decompressing stops
   * @param isGone whether the client has disconnected: its body is not decompressed, since others wait
   * @throws {HttpError} 413, 415, or 400 if the body is not gzip from its first byte to its last
   */
  return (body: Buffer, encoding: string, maxBytes: number, isGone: () => boolean): Promise<Buffer> => {
    // RFC 9110, section 8.4.1.3: x-gzip is another name.
    const isGzip = /^(x-)?gzip$/i.test(encoding);
    if (!isGzip && !/^(identity)?$/i.test(encoding)) throw unsupportedEncoding();
    if (!isGzip) return Promise.resolve(body);
    const decompressed = previous.then(() => {
      if (isGone()) throw new RequestGoneError();
      return gunzipAll(body, maxBytes);
    });
    previous = decompressed.catch(() => {});
    return decompressed;
  };
}

/** @throws {HttpError} */
async function gunzipAll(body: Buffer, maxBytes: number): Promise<Buffer> {
  const options = { chunkSize, maxOutputLength: maxBytes, info: true };
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
