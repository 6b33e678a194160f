import type { ApolloServerPlugin } from '@apollo/server';
import { GraphQLError } from 'graphql';
import type { GraphQLContext } from '../context';
import { findVariableViolations } from './variable-violations';

/** Refuses variables that do not fit, before graphql-js looks at them: with one error that lists all violations. */
export const variablesPlugin: ApolloServerPlugin<GraphQLContext> = {
  async requestDidStart() {
    return {
      async didResolveOperation({ operation, schema, request }) {
        const definitions = operation?.variableDefinitions ?? [];
        const violations = findVariableViolations(definitions, schema, request.variables ?? {});
        if (violations.listed.length === 0) return;
        const error = violations.toError();
        throw new GraphQLError(error.message, {
          originalError: error,
          extensions: { http: { status: 400 } },
        });
      },
    };
  },
};
