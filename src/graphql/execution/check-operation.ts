import { GraphQLError, Kind, type GraphQLFormattedError } from 'graphql';
import { requireScopes, requireUser, scopeBits } from '../../logs/access/principal';
import { ForbiddenError, InvalidInputError } from '../../logs/model/errors';
import { shorten } from '../../logs/model/shorten';
import { checkActions } from '../../logs/recording/session-input';
import type { GraphQLContext } from '../context';
import { formatError } from '../errors/format-error';
import { reportError, type ErrorObserver } from '../errors/report-errors';
import { checkRecordedEntries } from './answer-size';
import type { Operation } from './operation';
import { coerceVariables, type VariableValues } from './variables';

/**
 * Checks the key and the variables of a request, before anything of it is executed.
 * @returns the coerced variables
 * @throws {LogManagerError}
 */
export async function checkOperation(
  operation: Operation,
  sent: VariableValues,
  { principal, readContext, isBeacon, idempotencyKey }: GraphQLContext,
): Promise<VariableValues> {
  const { sessionCount } = operation;
  requireScopes(principal, operation.requiredScopes);
  if (principal.isPublic && sessionCount > 1) throw onlyOneSession();
  if (isBeacon && operation.requiredScopes !== scopeBits.record) throw notForBeacons();
  if (idempotencyKey !== undefined && sessionCount > 1) throw tooManySessions();
  for (const value of sessionCount > 0 ? Object.values(sent) : []) {
    const checking = checkActions(value);
    if (checking) await checking;
  }
  const values = coerceVariables(operation.variables, sent);
  if (principal.userId !== undefined) {
    for (const userId of operation.namedUsers(values)) requireUser(principal, userId);
  }
  if (operation.showsRecorded) await checkRecordedEntries(operation, values, readContext.maxBytes);
  return values;
}

/** Reports an error of a request, and gives what the client sees. */
export type Format = (error: GraphQLError) => GraphQLFormattedError;

export function createFormat(observer: ErrorObserver, requestId: string): Format {
  return (error) => {
    const shown = toVariableError(error);
    reportError(shown, requestId, observer);
    return formatError(shown.toJSON(), shown);
  };
}

/** The answer to a request of which nothing was executed. */
export function toRefusedAnswer(thrown: unknown, format: Format) {
  const isOfGraphQL = thrown instanceof GraphQLError;
  const error = format(isOfGraphQL ? thrown : new GraphQLError('', { originalError: thrown as Error }));
  return { status: error.extensions?.['code'] === 'FORBIDDEN' ? 403 : 400, result: { errors: [error] } };
}

/** Several sessions cannot have the key of the header Idempotency-Key: none of them is recorded. */
function tooManySessions(): InvalidInputError {
  const message = 'must be for one recordSession: with several, give each input an idempotencyKey of its own';
  return new InvalidInputError([{ path: 'Idempotency-Key', message }]);
}

/** Otherwise a request could hold more actions than a session may. */
function onlyOneSession(): ForbiddenError {
  return new ForbiddenError(
    'A public key may record one session a request. Send the others in requests of their own.',
  );
}

function notForBeacons(): ForbiddenError {
  return new ForbiddenError(
    'A body of text/plain may hold recordSession alone. Send others as application/json.',
  );
}

/**
 * Names the variable that graphql-js refused. In a valid document, graphql-js refuses an argument only if a
 * variable of a nullable type is null in a place that must not be null.
 */
function toVariableError(error: GraphQLError): GraphQLError {
  const [variable] = error.nodes ?? [];
  if (variable?.kind !== Kind.VARIABLE) return error;
  const violation = { path: shorten(variable.name.value), message: 'must not be null where it is used' };
  const originalError = new InvalidInputError([violation]);
  return new GraphQLError('', { nodes: variable, path: error.path, originalError });
}
