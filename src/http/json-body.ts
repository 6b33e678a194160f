import { isUtf8 } from 'node:buffer';
import type { FastifyBodyParser, FastifyInstance, FastifyRequest } from 'fastify';
import { isBeacon, maxPublicBytes } from './auth/beacon';
import { decompress, isGzip, sizeInGzip } from './decompress';
import { HttpError, payloadTooLarge, unsupportedMediaType } from './errors';
import { findJsonError } from './json-error';
import { releaseMemory } from '../logs/model/release-memory';
import { nextTurn } from '../logs/model/slices';
import { smallBytes } from './large-bodies';
import { parseLargeJson } from './parse-json';

/** Larger bodies are parsed in slices, which takes twice the CPU time of `JSON.parse`. */
const maxWholeBytes = 1_000_000;
const requestBody = 'request body';

/**
 * Parses JSON bodies, instead of Fastify's own parser. Fastify's refuses the key `__proto__`, which is data
 * here, and replaces invalid UTF-8, which we refuse.
 */
export function parseJsonBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  const maxBytes = app.initialConfig.bodyLimit!;
  // A beacon is read before its key is known.
  const maxBeaconBytes = Math.min(maxPublicBytes, maxBytes);

  const parse: FastifyBodyParser<Buffer> = (request, body, done) => {
    const { principal, headers } = request;
    if (principal.isPublic && body.length > maxBeaconBytes) throw payloadTooLarge(maxBeaconBytes);
    const encoding = headers['content-encoding'];
    const isPlain = encoding === undefined || !isGzip(encoding);
    if (isPlain && body.length <= smallBytes) return done(null, parseJson(body, requestBody));
    if (isPlain) return request.largeBody!.parse(body, parseAndFree);
    return parseGzip(request, body, principal.isPublic || isBeacon(request) ? maxBeaconBytes : maxBytes);
  };
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, parse);
  const options = { parseAs: 'buffer', bodyLimit: maxBeaconBytes } as const;
  app.addContentTypeParser('text/plain', options, (request, body: Buffer, done) => {
    if (isBeacon(request) && request.principal.scopes === 0) return parse(request, body, done);
    throw unsupportedMediaType();
  });
}

/** Decompresses and parses a body; a large one in its turn. */
async function parseGzip({ largeBody }: FastifyRequest, body: Buffer, maxBytes: number): Promise<unknown> {
  if (maxBytes <= smallBytes) return parseJson(await decompress(body, maxBytes), requestBody);
  const small = sizeInGzip(body) <= smallBytes ? await decompressBelow(body, smallBytes) : undefined;
  if (small) return parseJson(small, requestBody);
  await largeBody!.receive(maxBytes);
  return largeBody!.parse(await decompress(body, maxBytes), parseAndFree);
}

/** @returns undefined if the body becomes more bytes, in several members */
function decompressBelow(body: Buffer, maxBytes: number): Promise<Buffer | undefined> {
  return decompress(body, maxBytes).catch((error: unknown) => {
    if (error instanceof HttpError && error.code === 'PAYLOAD_TOO_LARGE') return undefined;
    throw error;
  });
}

/** Parses a body that is not used afterwards. */
async function parseAndFree(body: Buffer): Promise<unknown> {
  const value = await parseJsonBytes(body);
  releaseMemory([body]);
  return value;
}

/**
 * Parses a body, or a message of a WebSocket: a large one in slices.
 * @param name what errors call it
 * @throws {HttpError} when it is not JSON in UTF-8
 */
export function parseJsonBytes(json: Buffer, name: string = requestBody): unknown {
  return json.length <= smallBytes ? parseJson(json, name) : parseLarge(json, name);
}

/** @throws {HttpError} when the body is not JSON in UTF-8 */
function parseJson(body: Buffer, name: string): unknown {
  if (body.length === 0) return undefined;
  checkUtf8(body, name);
  const sent = body.toString('utf8');
  // RFC 8259, section 8.1, lets a parser ignore a byte order mark.
  const text = sent.startsWith('\ufeff') ? sent.slice(1) : sent;
  try {
    return JSON.parse(text);
  } catch {
    throw invalidJson(findJsonError(text), text.length, name);
  }
}

/** Parses a body in a later turn of the event loop, or in several. Throws as {@link parseJson} does. */
async function parseLarge(body: Buffer, name: string): Promise<unknown> {
  // Bodies that arrive together are not parsed in one turn.
  await nextTurn();
  if (body.length <= maxWholeBytes) return parseJson(body, name);
  checkUtf8(body, name);
  // RFC 8259, section 8.1, lets a parser ignore a byte order mark.
  const start = body.toString('utf8', 0, 3) === '\ufeff' ? 3 : 0;
  return parseLargeJson(body.subarray(start), name).catch((error: unknown) => {
    if (!(error instanceof SyntaxError)) throw error;
    // Of parseLargeJson, which counts as JSON.parse does.
    const [, position] = / at position (\d+)/.exec(error.message) ?? [];
    throw invalidJson(position === undefined ? undefined : Number(position), body.toString().length, name);
  });
}

function checkUtf8(body: Buffer, name: string): void {
  if (!isUtf8(body)) throw new HttpError('BAD_USER_INPUT', `The ${name} must be valid UTF-8.`);
}

/**
 * V8's own message may repeat a part of the body.
 * @param position where the body stops being JSON, in UTF-16 units; undefined if that is unknown
 */
function invalidJson(position: number | undefined, length: number, name: string): HttpError {
  const place = position === undefined ? '' : ` at position ${position}`;
  const end = position === length ? ', which ends there too early' : '';
  return new HttpError('BAD_USER_INPUT', `Invalid JSON${place} in the ${name}${end}.`);
}
