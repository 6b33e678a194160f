import type { FastifyRequest } from 'fastify';

/** Maximum bytes of a body with a public key. Browsers send no larger beacons either. */
export const maxPublicBytes = 65_536;

/**
 * Whether a request has the form in which a page that is being closed records. It cannot wait for the preflight that
 * JSON and the header Authorization need (https://fetch.spec.whatwg.org/#cors-safelisted-request-header).
 */
export function isBeacon({ method, headers }: Pick<FastifyRequest, 'method' | 'headers'>): boolean {
  return method === 'POST' && (headers['content-type']?.startsWith('text/plain') ?? false);
}
