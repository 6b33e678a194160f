import type { FastifyRequest } from 'fastify';
import { invalidInput } from './errors';

const header = 'x-read-your-writes';

/**
 * Whether a request wants its reads to see everything acknowledged so far: where there is a replica, it then does not
 * answer them.
 * @throws {InvalidInputError} when the header is neither 0 nor 1
 */
export function readYourWrites({ headers }: FastifyRequest): boolean {
  const value = headers[header];
  if (value === undefined || value === '0') return false;
  if (value === '1') return true;
  throw invalidInput(header, 'must be 1 or 0 in the headers');
}
