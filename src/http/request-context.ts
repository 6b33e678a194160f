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
  return createReadContext({
    mustBeLatest: readsYourWrites(headers[header]),
    maxEntries,
    isGone: () => raw.writableEnded || raw.destroyed,
    admit: (bytes) => unsentBytes.admit(bytes),
  });
}

/** Whether reads must include every acknowledged write, so that a replica must not be used. */
function readsYourWrites(value: string | string[] | undefined): boolean {
  if (value === undefined || value === '0') return false;
  if (value === '1') return true;
  throw invalidInput(header, 'must be 1 or 0');
}
