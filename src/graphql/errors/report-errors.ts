import type { ApolloServerPlugin } from '@apollo/server';
import type { GraphQLError } from 'graphql';
import { LogManagerError } from '../../logs/model/errors';
import type { GraphQLContext } from '../context';
import { causeOf, codeOf } from './format-error';

/** Called for each error that is about to be sent to a client. */
export interface ErrorObserver {
  rejected(code: string): void;
  /** Called for unexpected errors, and for expected ones that an operator should know of. */
  failed(error: unknown, requestId: string): void;
}

/** Reports the errors of requests that Apollo Server refuses. */
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
        async didEncounterErrors({ errors, contextValue }) {
          for (const error of errors) reportError(error, contextValue.requestId, observer);
        },
      };
    },
  };
}

/** Reports an error, and puts the id of the request into an unexpected one for `formatError`. */
export function reportError(error: GraphQLError, requestId: string, observer: ErrorObserver): void {
  const cause = causeOf(error);
  const isExpected = cause instanceof LogManagerError;
  const code = isExpected ? cause.code : codeOf(error);
  observer.rejected(code);
  if (isExpected ? cause.logLevel === 'debug' : code !== 'INTERNAL_SERVER_ERROR') return;
  if (!isExpected) error.extensions['requestId'] = requestId;
  observer.failed(cause, requestId);
}
