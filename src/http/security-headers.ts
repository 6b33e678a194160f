import type { FastifyInstance } from 'fastify';

/** Headers of every answer. A page has a Content-Security-Policy as well: see graphql/landing-page.ts. */
export const securityHeaders = {
  // Answers are what their content type says, whatever their bytes look like.
  'x-content-type-options': 'nosniff',
  // Addresses hold user ids: `/logs/?user=…`.
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
} as const;

export function addSecurityHeaders(app: FastifyInstance): void {
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(securityHeaders);
    done();
  });
}
