import type { FastifyReply, FastifyRequest } from 'fastify';
import { createReader, type Reader } from '../logs/model/read-context';
import { invalidInput } from './errors';

const header = 'x-read-your-writes';

/**
 * Whoever waits for the answer of a request.
 * @throws {InvalidInputError} when its header is neither 0 nor 1
 */
export function readerOf({ headers }: FastifyRequest, { raw }: FastifyReply): Reader {
  return createReader({
    mustBeLatest: readYourWrites(headers[header]),
    isGone: () => raw.writableEnded || raw.destroyed,
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
