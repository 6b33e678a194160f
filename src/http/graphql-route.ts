import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance } from 'fastify';
import type { GraphQLContext } from '../graphql/context';
import type { LogManager } from '../logs/log-manager';

/** POST and GET take operations; a browser that opens the address gets Sandbox. */
export function addGraphQLRoute(
  app: FastifyInstance,
  graphql: ApolloServer<GraphQLContext>,
  logManager: LogManager,
): void {
  app.route({
    url: '/graphql',
    method: ['GET', 'POST'],
    handler: fastifyApolloHandler(graphql, {
      context: async ({ id }) => ({ logManager, requestId: id }),
    }),
  });
}
