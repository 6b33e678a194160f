import cors, { type FastifyCorsOptions } from '@fastify/cors';
import type { FastifyInstance, onRequestHookHandler } from 'fastify';

/**
 * Adds CORS for requests of web pages, which have the header Origin. Other requests need none of its headers, not even
 * `Vary`, since no answer may be cached: without them, a request costs less.
 */
export function addCors(app: FastifyInstance, options: FastifyCorsOptions): Promise<void> {
  const addHook = (name: 'onRequest', handle: onRequestHookHandler) =>
    app.addHook(name, function (request, reply, done) {
      if (request.headers.origin === undefined && request.method !== 'OPTIONS') return done();
      handle.call(this, request, reply, done);
    });
  // The library adds one hook, to all requests.
  const pages = Object.create(app, { addHook: { value: addHook } }) as FastifyInstance;
  return new Promise((resolve, reject) => {
    cors(pages, options, (error) => (error ? reject(error) : resolve()));
  });
}
