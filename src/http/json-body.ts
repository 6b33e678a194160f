import { isUtf8 } from 'node:buffer';
import type { FastifyInstance } from 'fastify';
import { isPlainText, maxPublicBytes } from './auth/door';
import { HttpError, mustBeJson } from './errors';

/**
 * Parses JSON bodies, instead of Fastify's own parser. Fastify's refuses the key `__proto__`, which is data
 * here, and replaces invalid UTF-8, which we refuse.
 */
export function parseJsonBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  // Pages that are being closed send text/plain: see auth/door.ts.
  const types = ['application/json', 'text/plain'];
  app.addContentTypeParser(types, { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    const { principal } = request;
    const isPublic = principal.isPublic || isPlainText(request);
    if (isPlainText(request) && principal.scopes !== 0)
      return done(new HttpError('BAD_USER_INPUT', mustBeJson, 415));
    if (isPublic && body.length > maxPublicBytes) {
      const message = `The request body must be at most ${maxPublicBytes} bytes with a public key.`;
      return done(new HttpError('PAYLOAD_TOO_LARGE', message));
    }
    if (body.length === 0) return done(null, undefined);
    if (!isUtf8(body)) {
      return done(new HttpError('BAD_USER_INPUT', 'The request body must be valid UTF-8.'));
    }
    let value: unknown;
    try {
      const text = body.toString('utf8');
      // RFC 8259, section 8.1, lets a parser ignore a byte order mark.
      value = JSON.parse(text.startsWith('\ufeff') ? text.slice(1) : text);
    } catch {
      return done(new HttpError('BAD_USER_INPUT', 'The request body must be valid JSON.'));
    }
    done(null, value);
  });
}
