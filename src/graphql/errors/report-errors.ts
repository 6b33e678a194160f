import type { ApolloServerPlugin } from '@apollo/server';
import { GraphQLError } from 'graphql';
import { LogManagerError } from '../../logs/model/errors';
import type { GraphQLContext } from '../context';
import { isErrorCode } from '../../logs/model/error-codes';
import { codeOf, isWrongArgument, unwrap } from './format-error';
import { findNullVariables } from './null-variables';

/** Told of each error that is on its way to a client. */
export interface ErrorObserver {
  rejected(code: string): void;
  /** An expected failure that an operator should know of, or an unexpected one. */
  failed(error: unknown, requestId: string): void;
}

/** Reports errors, ties masked ones to the request's id, and lists the violations of those that graphql-js made. */
export function createErrorPlugin(observer: ErrorObserver): ApolloServerPlugin<GraphQLContext> {
  return {
    async invalidRequestWasReceived() {
      observer.rejected('BAD_USER_INPUT');
    },
    async unexpectedErrorProcessingRequest({ error, requestContext }) {
      observer.rejected('INTERNAL_SERVER_ERROR');
      observer.failed(error, requestContext.contextValue.requestId);
    },
    async requestDidStart() {
      return {
        async didResolveOperation({ operation, schema }) {
          if (!operation || schema.getRootType(operation.operation)) return;
          throw new GraphQLError(`There is no ${operation.operation} in the schema.`, {
            nodes: operation,
            extensions: { code: 'GRAPHQL_VALIDATION_FAILED', http: { status: 400 } },
          });
        },
        async didEncounterErrors({ errors, contextValue, document, operation, schema, request }) {
          for (const error of errors) report(error, contextValue.requestId, observer);
          const refused = errors.filter(isWrongArgument);
          if (!document || !operation || refused.length === 0) return;
          const nodes = new Set(refused.flatMap((error) => error.nodes ?? []));
          const variables = request.variables ?? {};
          const found = findNullVariables(document, operation, schema, variables, nodes);
          for (const { nodes: [node] = [], extensions } of refused) {
            const violations = node && found.get(node);
            if (violations?.length) extensions['violations'] = violations;
          }
        },
      };
    },
  };
}

function report(error: GraphQLError, requestId: string, observer: ErrorObserver): void {
  const original = unwrap(error);
  if (original instanceof LogManagerError && isErrorCode(original.code)) {
    observer.rejected(original.code);
    if (original.logLevel !== 'debug') observer.failed(original, requestId);
    return;
  }
  const code = codeOf(error);
  observer.rejected(code);
  if (code !== 'INTERNAL_SERVER_ERROR') return;
  error.extensions['requestId'] = requestId;
  observer.failed(original, requestId);
}
