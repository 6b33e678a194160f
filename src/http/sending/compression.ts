import {
  brotliCompressSync,
  constants,
  createBrotliCompress,
  createGzip,
  gzipSync,
  type BrotliCompress,
  type Gzip,
} from 'node:zlib';
import type { FastifyInstance, FastifyReply } from 'fastify';
import Negotiator from 'negotiator';
import type { JsonParts } from '../../logs/model/json';

/** Smaller answers fit into one TCP segment with their headers. */
const minBytes = 1_024;
/** Compressing less than this takes the event loop up to 36 µs; to hand it to the thread pool takes 15 to 26 µs. */
const maxSyncBytes = 8_192;
/** Copying less than this costs less than a turn of the thread pool for each part. */
const maxJoinedBytes = 65_536;

// 62 KB of entries: 120 µs to 6.3 KB. Quality 4 takes 456 µs. With the default window of 4 MB, 157 KB take a quarter
// more CPU time, since the encoder takes twice the memory, and become 2 % smaller.
const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 1, [constants.BROTLI_PARAM_LGWIN]: 16 } };
// 62 KB of entries: 334 µs to 8.2 KB.
const gzip = { level: 1 };

/** The content codings of answers, in the order of preference if a client has none. */
const codings = {
  br: {
    compressSync: (body: string | Buffer) => brotliCompressSync(body, brotli),
    createStream: () => createBrotliCompress(brotli),
  },
  gzip: {
    compressSync: (body: string | Buffer) => gzipSync(body, gzip),
    createStream: () => createGzip(gzip),
  },
};
/** A content coding of answers. */
export type Coding = keyof typeof codings;
const preferred = [...Object.keys(codings), 'identity'];

/** https://github.com/jshttp/negotiator#negotiatorencodingsavailableencodings-options, which its types lack. */
interface PreferringNegotiator {
  encodings(available: readonly string[], options: { readonly preferred: readonly string[] }): string[];
}

/** Compresses what handlers return, error answers and pages. Answers in parts are for {@link compressAnswer}. */
export function compressPayloads(app: FastifyInstance): void {
  // A callback: with an async hook, each answer would cost a promise.
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (typeof payload !== 'string') return done(null, payload);
    const compressed = compressAnswer(reply, [payload], Buffer.byteLength(payload));
    if (compressed === undefined) return done(null, payload);
    compressed.then((parts) => done(null, Buffer.concat(parts)), done);
  });
}

/**
 * Compresses an answer if its client takes that, and sets the headers that say so.
 * @returns undefined, at once, for an answer that is sent as it is
 */
export function compressAnswer(
  reply: FastifyReply,
  parts: JsonParts,
  bytes: number,
): Promise<readonly Buffer[]> | undefined {
  const coding = chooseCoding(reply.request.headers['accept-encoding'], bytes);
  if (bytes >= minBytes || coding !== undefined) addVary(reply);
  if (coding === undefined) return undefined;
  return compress(parts, bytes, coding).then((compressed) => {
    reply.header('content-encoding', coding);
    return compressed;
  });
}

/**
 * Chooses the coding that a client prefers (RFC 9110, section 12.5.3).
 * @param accept the header Accept-Encoding
 * @returns undefined: the answer is sent as it is, also to a client that takes neither that nor another coding
 */
export function chooseCoding(accept: string | undefined, bytes: number): Coding | undefined {
  if (accept === undefined) return undefined;
  // Only these members can refuse an answer that is not compressed.
  if (bytes < minBytes && !/identity|\*/i.test(accept)) return undefined;
  const negotiator: unknown = new Negotiator({ headers: { 'accept-encoding': accept } });
  const accepted = (negotiator as PreferringNegotiator).encodings(preferred, { preferred });
  if (bytes < minBytes && accepted.includes('identity')) return undefined;
  const [coding = 'identity'] = accepted;
  return coding === 'identity' ? undefined : (coding as Coding);
}

/** Compresses parts of an answer, off the event loop unless they are small. */
export function compress(parts: JsonParts, bytes: number, coding: Coding): Promise<readonly Buffer[]> {
  return new Promise((resolve, reject) => {
    const { compressSync, createStream } = codings[coding];
    if (bytes <= maxSyncBytes) return resolve([compressSync(join(parts))]);
    const compressed: Buffer[] = [];
    const stream = createStream();
    stream.on('data', (part: Buffer) => compressed.push(part));
    stream.on('end', () => resolve(compressed));
    stream.on('error', reject);
    for (const part of bytes <= maxJoinedBytes ? [join(parts)] : parts) stream.write(part);
    stream.end();
  });
}

/** Compresses what is written to it, off the event loop. */
export function createCompressor(coding: Coding): BrotliCompress | Gzip {
  return codings[coding].createStream();
}

/** Joins the parts of a small answer. */
export function join(parts: JsonParts): string | Buffer {
  if (parts.every((part) => typeof part === 'string')) return parts.join('');
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
}

/** Adds to the header that CORS sets for web pages. */
export function addVary(reply: FastifyReply): void {
  const vary = reply.getHeader('vary');
  reply.header('vary', vary === undefined ? 'Accept-Encoding' : `${String(vary)}, Accept-Encoding`);
}
