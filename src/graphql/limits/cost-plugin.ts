import type { ApolloServerPlugin } from '@apollo/server';
import { GraphQLError } from 'graphql';
import type { GraphQLContext } from '../context';
import { costOf } from './operation-cost';
import { maxCost } from './field-costs';
import { fragmentsOf } from './fragments';

/** Refuses operations that cost too much. Not a validation rule, since what a page costs may be in a variable. */
export const costPlugin: ApolloServerPlugin<GraphQLContext> = {
  async requestDidStart() {
    return {
      async didResolveOperation({ document, operation, schema, request }) {
        if (!operation) return;
        const cost = costOf(operation, fragmentsOf(document), schema, request.variables ?? {});
        if (cost <= maxCost) return;
        const message = `The operation may read ${format(cost)} objects, more than ${format(maxCost)}: ask for less, or in several requests.`;
        throw new GraphQLError(message, {
          nodes: operation,
          extensions: { code: 'GRAPHQL_VALIDATION_FAILED', http: { status: 400 } },
        });
      },
    };
  },
};

function format(cost: number): string {
  return Math.ceil(cost).toLocaleString('en');
}
