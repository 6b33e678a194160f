import { isUtf8 } from 'node:buffer';
import type { FastifyBodyParser, FastifyInstance } from 'fastify';
import { isBeacon, maxPublicBytes } from './auth/beacon';
import { HttpError, mustBeJson } from './errors';

/**
 * Parses JSON bodies, instead of Fastify's own parser. Fastify's refuses the key `__proto__`, which is data
 * here, and replaces invalid UTF-8, which we refuse.
 */
export function parseJsonBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  const parse: FastifyBodyParser<Buffer> = (request, body, done) => {
    const { principal } = request;
    if (principal.isPublic && body.length > maxPublicBytes) {
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
    } catch (error) {
      return done(new HttpError('BAD_USER_INPUT', toJsonMessage(error as SyntaxError)));
    }
    done(null, value);
  };
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, parse);
  // A beacon is read before its key is known.
  const bodyLimit = Math.min(maxPublicBytes, app.initialConfig.bodyLimit!);
  const options = { parseAs: 'buffer', bodyLimit } as const;
  app.addContentTypeParser('text/plain', options, (request, body: Buffer, done) => {
    if (isBeacon(request) && request.principal.scopes === 0) return parse(request, body, done);
    done(new HttpError('BAD_USER_INPUT', mustBeJson, 415));
  });
}

/** V8's own message may repeat a part of the body. */
function toJsonMessage({ message }: SyntaxError): string {
  const [, position = ''] = /JSON( at position \d+)(?: \(line \d+ column \d+\))?$/.exec(message) ?? [];
  return `Invalid JSON${position} in the request body.`;
}
