import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify';
import Negotiator from 'negotiator';
import type { GraphQLContext } from '../graphql/context';
import { toJsonParts } from '../graphql/execution/raw-json';
import { landingPage } from '../graphql/landing-page';
import { findExcess } from '../graphql/limits/document-limits';
import type { GraphQLServer } from '../graphql/server';
import { readsOf } from '../logs/access/own-entries';
import { isObject } from '../logs/model/json';
import type { Services } from '../logs/services';
import { isBeacon } from './auth/beacon';
import { takesHtml } from './auth/door';
import { HttpError } from './errors';
import { checkQueryString, createRequestContext, readIdempotencyKey, type ReadLimits } from './request-parts';
import type { SendParts } from './sending/send-parts';

const json = 'application/json; charset=utf-8';
const graphqlJson = 'application/graphql-response+json; charset=utf-8';

/** Content types of Apollo Server's answers, by the `accept` headers that common clients send. */
const contentTypes = new Map<string | undefined, string>([
  [undefined, json],
  ['*/*', json],
  ['application/json', json],
  ['application/json, text/plain, */*', json],
  ['application/graphql-response+json, application/json', graphqlJson],
  ['application/graphql-response+json,application/json;q=0.9', graphqlJson],
]);

/**
 * POST and GET take operations; a browser that opens the address gets Sandbox. `/schema.graphql` is the SDL, for who may
 * introspect.
 */
export function addGraphQLRoute(
  app: FastifyInstance,
  { apollo, takeParts, operations, typeDefs, checkRequest, checkParameters }: GraphQLServer,
  services: Services,
  limits: ReadLimits,
  sendParts: SendParts,
): void {
  const { now, recorder, feed, deletion, serverInfo } = services;
  // Browsers show text/plain, and would download application/graphql.
  app.get('/schema.graphql', async (_request, reply) => {
    reply.type('text/plain; charset=utf-8');
    return typeDefs;
  });
  const route: Omit<RouteOptions, 'url'> = {
    method: ['GET', 'POST'],
    exposeHeadRoute: false,
    handler: async function (request, reply) {
      const context: GraphQLContext = {
        // Named one by one, since V8 takes 4 µs to add properties after a spread.
        repository: readsOf(services.repository, request.principal),
        now,
        recorder,
        feed,
        deletion,
        serverInfo,
        principal: request.principal,
        isBeacon: isBeacon(request),
        requestId: request.id,
        idempotencyKey: readIdempotencyKey(request),
        readContext: createRequestContext(request, reply, limits),
      };
      const contentType = contentTypes.get(request.headers.accept);
      // Apollo Server sends the page, and then executes nothing.
      if (takesHtml(request)) reply.header('content-security-policy', landingPage.contentSecurityPolicy);
      else if (contentType === undefined) checkAccept(request);
      if (request.method === 'POST' && contentType !== undefined) {
        const answer = await operations.answer(request.body, context);
        if (answer) {
          reply.code(answer.status).header('content-type', contentType);
          if (answer.retryAfter !== undefined) reply.header('retry-after', answer.retryAfter);
          return sendParts(reply, toJsonParts(answer.result));
        }
      }
      if (request.method === 'GET') checkQueryString(request.url);
      if (request.method === 'POST') {
        checkRequest(request.body);
        refuseExcess(isObject(request.body) && request.body['query']);
      } else {
        const parameters = new URL(request.url, 'http://localhost/').searchParams;
        if (!takesHtml(request)) checkParameters(parameters);
        refuseExcess(parameters.get('query'));
      }
      const handle = fastifyApolloHandler(apollo, { context: async () => context });
      const text: unknown = await handle.call(this, request, reply);
      const parts = takeParts(text);
      return parts ? sendParts(reply, parts) : text;
    },
  };
  for (const url of ['/graphql', '/graphql/']) app.route({ ...route, url });
}

/** Refuses a request for another content type, which Apollo Server would refuse after it has executed it. */
function checkAccept({ headers }: FastifyRequest): void {
  if (new Negotiator({ headers }).mediaType([json, graphqlJson]) !== undefined) return;
  throw new HttpError(
    'BAD_USER_INPUT',
    'Accept must allow application/json: there are no other answers.',
    406,
  );
}

/** Refuses a document that Apollo Server would be busy with for long. */
function refuseExcess(text: unknown): void {
  const reason = typeof text === 'string' ? findExcess(text) : undefined;
  if (reason !== undefined) throw new HttpError('GRAPHQL_VALIDATION_FAILED', reason);
}
