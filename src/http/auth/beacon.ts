import type { FastifyRequest } from 'fastify';

/** Maximum bytes of a body with a public key. Browsers send no larger beacons either. */
export const maxPublicBytes = 65_536;

/**
 * Whether a request has the form in which a page that is being closed records. It cannot wait for the preflight that
 * JSON and the header Authorization need (https://fetch.spec.whatwg.org/#cors-safelisted-request-header).
 */
export function isBeacon({ method, mediaType }: Pick<FastifyRequest, 'method' | 'mediaType'>): boolean {
  // The media type that Fastify chooses the parser by: `TEXT/PLAIN` is the same.
  return method === 'POST' && mediaType === 'text/plain';
}
