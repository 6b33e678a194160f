import type { FastifyReply, FastifyRequest } from 'fastify';
import { createReadContext, type ReadContext } from '../logs/model/read-context';
import { invalidInput } from './errors';
import type { UnsentBytes } from './sending/unsent-bytes';

const header = 'x-read-your-writes';

/** Limits for what one request may read. */
export interface ReadLimits {
  /** Maximum number of entries in one `logs` field. */
  readonly maxEntries: number;
  readonly unsentBytes: UnsentBytes;
}

/**
 * Creates the read budget of a request.
 * @throws {InvalidInputError} when the header x-read-your-writes is neither 1 nor 0
 */
export function createRequestContext(
  { headers }: FastifyRequest,
  { raw }: FastifyReply,
  { maxEntries, unsentBytes }: ReadLimits,
): ReadContext {
  const readsYourWrites = headers[header] ?? '0';
  if (readsYourWrites !== '0' && readsYourWrites !== '1') throw invalidInput(header, 'must be 1 or 0');
  return createReadContext({
    // Reads include every acknowledged write, so a replica is not used.
    mustBeLatest: readsYourWrites === '1',
    maxEntries,
    isGone: () => raw.writableEnded || raw.destroyed,
    admit: (bytes) => unsentBytes.admit(bytes),
  });
}
