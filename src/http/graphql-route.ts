import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify';
import Negotiator from 'negotiator';
import { toJsonParts } from '../graphql/execution/raw-json';
import { landingPage } from '../graphql/landing-page';
import { findExcess } from '../graphql/limits/document-limits';
import type { GraphQLServer } from '../graphql/server';
import { isObject } from '../logs/model/json';
import { isBeacon } from './auth/beacon';
import { takesHtml } from './auth/door';
import { HttpError } from './errors';
import type { CreateGraphQLContext } from './graphql-context';
import { checkQueryString, readIdempotencyKey } from './request-parts';
import type { SendParts } from './sending/send-parts';
import type { SendEventStream } from './streams/event-stream';
import { isWebSocket } from './streams/upgrade';
import type { ServeWebSocket } from './streams/websocket';

const json = 'application/json; charset=utf-8';
const graphqlJson = 'application/graphql-response+json; charset=utf-8';
const eventStream = 'text/event-stream';

/** Content types of Apollo Server's answers, by the `accept` headers that common clients send. */
const contentTypes = new Map<string | undefined, string>([
  [undefined, json],
  ['*/*', json],
  ['application/json', json],
  ['application/json, text/plain, */*', json],
  ['application/graphql-response+json, application/json', graphqlJson],
  ['application/graphql-response+json,application/json;q=0.9', graphqlJson],
  [
    'application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed',
    graphqlJson,
  ],
]);

/** How the answers of the route are made and sent. */
export interface GraphQLRouteOptions {
  readonly graphql: GraphQLServer;
  readonly createContext: CreateGraphQLContext;
  readonly sendParts: SendParts;
  readonly sendEventStream: SendEventStream;
  readonly serveWebSocket: ServeWebSocket;
}

/**
 * POST and GET take operations, as does a WebSocket; a browser that opens the address gets Sandbox. `/schema.graphql` is
 * the SDL, for who may introspect.
 */
export function addGraphQLRoute(
  app: FastifyInstance,
  { graphql, createContext, sendParts, sendEventStream, serveWebSocket }: GraphQLRouteOptions,
): void {
  const { apollo, takeParts, operations, typeDefs, checkRequest, checkParameters } = graphql;
  // Browsers show text/plain, and would download application/graphql.
  app.get('/schema.graphql', async (_request, reply) => {
    reply.type('text/plain; charset=utf-8');
    return typeDefs;
  });
  const route: Omit<RouteOptions, 'url'> = {
    method: ['GET', 'POST'],
    exposeHeadRoute: false,
    handler: async function (request, reply) {
      if (isWebSocket(request)) return serveWebSocket(request, reply);
      const contentType = contentTypes.get(request.headers.accept);
      // Apollo Server sends the page, and then executes nothing.
      if (takesHtml(request)) reply.header('content-security-policy', landingPage.contentSecurityPolicy);
      else if (contentType === undefined && takesEventStream(request)) {
        return sendEventStream(request, reply, readSent(request, checkParameters));
      }
      const context = createContext(request, reply.raw, {
        requestId: request.id,
        idempotencyKey: readIdempotencyKey(request),
        isBeacon: isBeacon(request),
      });
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

/**
 * Whether a request asks for an event stream rather than for JSON.
 * @throws {HttpError} when it asks for another content type, which Apollo Server would refuse after it has executed it
 */
function takesEventStream({ headers }: FastifyRequest): boolean {
  const wanted = new Negotiator({ headers }).mediaType([json, graphqlJson, eventStream]);
  if (wanted !== undefined) return wanted === eventStream;
  const message = 'Accept must allow application/json or text/event-stream: there are no other answers.';
  throw new HttpError('BAD_USER_INPUT', message, 406);
}

/**
 * The parts of a request for an event stream, as the body of a POST has them.
 * @throws {InvalidInputError}
 */
function readSent(
  { method, url, body }: FastifyRequest,
  checkParameters: GraphQLServer['checkParameters'],
): unknown {
  if (method === 'POST') return body;
  checkQueryString(url);
  const parameters = new URL(url, 'http://localhost/').searchParams;
  checkParameters(parameters);
  const { variables = 'null', extensions = 'null', ...others } = Object.fromEntries(parameters);
  return {
    ...others,
    variables: JSON.parse(variables) as unknown,
    extensions: JSON.parse(extensions) as unknown,
  };
}

/** Refuses a document that Apollo Server would be busy with for long. */
function refuseExcess(text: unknown): void {
  const reason = typeof text === 'string' ? findExcess(text) : undefined;
  if (reason !== undefined) throw new HttpError('GRAPHQL_VALIDATION_FAILED', reason);
}
