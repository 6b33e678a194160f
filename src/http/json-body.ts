import { isUtf8 } from 'node:buffer';
import type { FastifyInstance } from 'fastify';
import { HttpError } from './errors';

/**
 * Parses JSON bodies, instead of Fastify's own parser. Fastify's refuses the key `__proto__`, which is data
 * here, and replaces invalid UTF-8, which we refuse.
 */
export function parseJsonBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body: Buffer, done) => {
    if (body.length === 0) return done(null, undefined);
    if (!isUtf8(body)) {
      return done(new HttpError('BAD_USER_INPUT', 'The request body must be valid UTF-8.'));
    }
    let value: unknown;
    try {
      value = JSON.parse(body.toString('utf8'));
    } catch {
      return done(new HttpError('BAD_USER_INPUT', 'The request body must be valid JSON.'));
    }
    done(null, value);
  });
}
