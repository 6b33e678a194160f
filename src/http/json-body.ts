import { isUtf8 } from 'node:buffer';
import type { FastifyInstance } from 'fastify';
import { HttpError } from './errors';

/**
 * Reads JSON bodies. Not Fastify's own parser, which refuses `__proto__` as a key, where for us it is data,
 * and takes broken UTF-8, which would store other text than was sent.
 */
export function parseJsonBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    (_request, body: Buffer, done) => {
      if (body.length === 0) return done(null, undefined);
      if (!isUtf8(body)) return done(badBody('The request body must be UTF-8.'));
      let value: unknown;
      try {
        value = JSON.parse(body.toString('utf8'));
      } catch {
        return done(badBody('The request body must be JSON.'));
      }
      done(null, value);
    },
  );
}

function badBody(message: string): HttpError {
  return new HttpError(400, 'BAD_USER_INPUT', message);
}
