import type { FastifyReply, FastifyRequest } from 'fastify';
import { createReadContext, type ReadContext } from '../logs/model/read-context';
import { invalidInput } from './errors';
import type { UnsentBytes } from './sending/unsent-bytes';

const header = 'x-read-your-writes';

/** The bounds on what one request may read. */
export interface ReadLimits {
  /** Most entries of one field `logs`. */
  readonly maxEntries: number;
  readonly unsentBytes: UnsentBytes;
}

/**
 * The read budget of a request.
 * @throws {InvalidInputError} when its header is neither 0 nor 1
 */
export function createRequestContext(
  { headers }: FastifyRequest,
  { raw }: FastifyReply,
  { maxEntries, unsentBytes }: ReadLimits,
): ReadContext {
  return createReadContext({
    mustBeLatest: readYourWrites(headers[header]),
    maxEntries,
    isGone: () => raw.writableEnded || raw.destroyed,
    admit: (bytes) => unsentBytes.admit(bytes),
  });
}

/**
 * Whether a request wants its reads to see everything acknowledged so far: where there is a replica, it then does not
 * answer them.
 */
function readYourWrites(value: string | string[] | undefined): boolean {
  if (value === undefined || value === '0') return false;
  if (value === '1') return true;
  throw invalidInput(header, 'must be 1 or 0 in the headers');
}
