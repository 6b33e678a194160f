import type { ApolloServerPlugin } from '@apollo/server';
import { GraphQLError } from 'graphql';
import { LogManagerError } from '../logs/errors';
import type { GraphQLContext } from './context';
import { isErrorCode } from './error-table';
import { codeOf, unwrap } from './format-error';

/** Told of each error that is on its way to a client. */
export interface ErrorObserver {
  rejected(code: string): void;
  /** An expected failure that an operator should know of, or an unexpected one. */
  failed(error: unknown, requestId: string): void;
}

/** Reports errors, and ties masked ones to the request's id. */
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
        async didEncounterErrors({ errors, contextValue }) {
          for (const error of errors) report(error, contextValue.requestId, observer);
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
