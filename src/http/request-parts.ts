import type { FastifyRequest } from 'fastify';
import { createReadContext, type ReadContext } from '../logs/model/read-context';
import { maxKeyLength } from '../logs/recording/session-input';
import { checkText } from '../logs/validation/text';
import { nameClient, type createClientAddress } from './auth/client-address';
import { invalidInput } from './errors';
import type { UnsentBytes } from './sending/unsent-bytes';

/**
 * Reads the header Idempotency-Key. Quotes around the key are optional
 * (https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-idempotency-key-header).
 * @throws {InvalidInputError} when the key is invalid, or given twice
 */
export function readIdempotencyKey({ headers, raw }: FastifyRequest): string | undefined {
  if (headers['idempotency-key'] === undefined) return undefined;
  const [header = '', ...others] = raw.headersDistinct['idempotency-key']!;
  const [, quoted] = /^"((?:[^"\\]|\\["\\])*)"$/.exec(header) ?? [];
  const key = quoted?.replace(/\\(.)/g, '$1') ?? header;
  let problem = others.length > 0 ? 'must be given once' : checkText(key, maxKeyLength);
  // Node reads headers as Latin-1, in which clients send UTF-8: the key would differ from the same text in JSON.
  if (/[^\t -~]/.test(key)) problem = 'must be ASCII: send any other key as idempotencyKey in the body';
  if (problem !== undefined) throw invalidInput('Idempotency-Key', problem);
  return key;
}

/**
 * Refuses a query string that is not percent-encoded UTF-8, which Fastify and Apollo Server would read as
 * another text.
 * @throws {InvalidInputError}
 */
export function checkQueryString(url: string): void {
  try {
    decodeURIComponent(url);
  } catch {
    throw invalidInput('query string', 'must be percent-encoded UTF-8: write % as %25, + as %2B');
  }
}

/** Limits for what one request may read. */
export interface ReadLimits {
  /** Maximum number of entries in one `logs` field. */
  readonly maxEntries: number;
  /** Maximum bytes of the answer. */
  readonly maxBytes: number;
  readonly unsentBytes: UnsentBytes;
  readonly clientOf: ReturnType<typeof createClientAddress>;
}

/** An answer, as far as its read budget needs it: of HTTP, or of an operation of a WebSocket. */
export interface AnswerState {
  readonly destroyed: boolean;
  readonly writableEnded: boolean;
  once(event: 'close', listener: () => void): unknown;
}

/**
 * Creates the read budget of a request.
 * @throws {InvalidInputError} when the header x-read-your-writes is neither 1 nor 0
 */
export function createRequestContext(
  request: FastifyRequest,
  answer: AnswerState,
  { maxEntries, maxBytes, unsentBytes, clientOf }: ReadLimits,
): ReadContext {
  const header = 'x-read-your-writes';
  const readsYourWrites = request.headers[header] ?? '0';
  if (readsYourWrites !== '0' && readsYourWrites !== '1') throw invalidInput(header, 'must be 1 or 0');
  return createReadContext({
    // Reads include every acknowledged write, so a replica is not used.
    mustBeLatest: readsYourWrites === '1',
    maxEntries,
    maxBytes,
    clientOf: () => nameClient(request, clientOf),
    isGone: () => answer.writableEnded || answer.destroyed,
    room: () => unsentBytes.room(answer),
    admit: (bytes, isRefusable) => unsentBytes.reserve(answer, bytes, isRefusable),
  });
}
