import type { ApolloServerPlugin } from '@apollo/server';
import { unwrapResolverError } from '@apollo/server/errors';
import { GraphQLError, Kind, type VariableDefinitionNode } from 'graphql';
import { InvalidInputError, LogManagerError, type Violation } from '../logs/errors';
import { findSessionViolations } from '../logs/session-input';
import { createViolationList } from '../logs/violation-list';
import type { GraphQLContext } from './context';
import { isErrorCode } from './error-table';
import { codeOf, formatError } from './format-error';

/** Told of each error that is on its way to a client. */
export interface ErrorObserver {
  rejected(code: string): void;
  /** An expected failure that an operator should know of, or an unexpected one. */
  failed(error: unknown, requestId: string): void;
}

/** Reports errors, ties masked ones to the request's id, and lists all violations of a wrong variable. */
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
      let wrongVariables: InvalidInputError | undefined;
      return {
        async didResolveOperation({ operation, schema }) {
          if (!operation || schema.getRootType(operation.operation)) return;
          throw new GraphQLError(`There is no ${operation.operation} in the schema.`, {
            nodes: operation,
            extensions: { code: 'GRAPHQL_VALIDATION_FAILED', http: { status: 400 } },
          });
        },
        async didEncounterErrors({ errors, contextValue, request }) {
          if (errors.every(isCoercionError)) {
            wrongVariables = toInvalidInput(errors, request.variables ?? {});
            observer.rejected(wrongVariables.code);
            return;
          }
          for (const error of errors) report(error, contextValue.requestId, observer);
        },
        async willSendResponse({ response }) {
          if (!wrongVariables || response.body.kind !== 'single') return;
          response.body.singleResult.errors = [formatError({ message: '' }, wrongVariables)];
        },
      };
    },
  };
}

function report(error: GraphQLError, requestId: string, observer: ErrorObserver): void {
  const original = unwrapResolverError(error);
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

const variablePrefix = /^Variable "\$(\w+)"/;

/** Apollo Server gives these its code; graphql-js gives up after 50 of them with an error of its own. */
function isCoercionError({ message, extensions }: GraphQLError): boolean {
  const isWrongVariable = extensions['code'] === 'BAD_USER_INPUT' && variablePrefix.test(message);
  return isWrongVariable || message.startsWith('Too many errors processing variables');
}

/**
 * One error for all that is wrong with the variables. graphql-js finds types that do not fit, the first 50 of them;
 * a session is judged by its own rules instead, which find those and everything else.
 */
function toInvalidInput(
  errors: readonly GraphQLError[],
  variables: Readonly<Record<string, unknown>>,
): InvalidInputError {
  const judged = new Set<string>();
  const violations = createViolationList();
  for (const error of errors) {
    const name = variablePrefix.exec(error.message)?.[1];
    if (name === undefined || judged.has(name)) continue;
    const before = violations.listed.length;
    if (typeOfVariable(error) === 'RecordSessionInput' && variables[name] != null) {
      judged.add(name);
      findSessionViolations(variables[name], 'input', violations);
    }
    if (violations.listed.length === before) {
      const { path, message } = toViolation(name, error.message);
      violations.add(() => path, message);
    }
  }
  return violations.toError();
}

function typeOfVariable({ nodes }: GraphQLError): string | undefined {
  const definition = nodes?.find(
    (node): node is VariableDefinitionNode => node.kind === Kind.VARIABLE_DEFINITION,
  );
  let type = definition?.type;
  while (type && type.kind !== Kind.NAMED_TYPE) type = type.type;
  return type?.name.value;
}

/** Takes graphql-js's sentence apart: `Variable "$x" got invalid value 1 at "x.y"; String cannot …`. */
function toViolation(variable: string, text: string): Violation {
  const path = / at "([^"]+)";/.exec(text)?.[1] ?? variable;
  const reason = /(?:; |" )([^;]*)$/.exec(text)?.[1] ?? text;
  return { path: path.slice(0, 300), message: reason.slice(0, 300) };
}
