import { unwrapResolverError } from '@apollo/server/errors';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { InvalidInputError, LogManagerError, type Violation } from '../../logs/model/errors';
import { shorten } from '../../logs/model/shorten';
import {
  extensionsOf,
  isErrorCode,
  maskedError,
  type ErrorCode,
} from '../../logs/model/error-codes';

/** graphql-js quotes names and values from the request, which may be megabytes long. */
const maxMessageLength = 1_000;

/** Apollo's codes for requests that are wrong before any field is resolved, and which are ours to name. */
const requestErrors = new Set([
  'BAD_REQUEST',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'PERSISTED_QUERY_NOT_FOUND',
]);

/**
 * What a client sees of an error: the expected ones with code and details, anything else masked.
 * @param thrown as Apollo Server hands it to `formatError`
 */
export function formatError(
  formatted: GraphQLFormattedError,
  thrown: unknown,
): GraphQLFormattedError {
  const { message, locations, path } = formatted;
  const place = { ...(locations && { locations }), ...(path && { path }) };
  const error = violationsOf(formatted) ?? unwrap(thrown);
  if (error instanceof LogManagerError && isErrorCode(error.code)) {
    return {
      message: error.message,
      ...place,
      extensions: extensionsOf(error.code, error.details),
    };
  }
  const code = codeOf(thrown instanceof GraphQLError ? thrown : formatted);
  if (code === 'INTERNAL_SERVER_ERROR') {
    const requestId = formatted.extensions?.['requestId'];
    return { ...place, ...maskedError(typeof requestId === 'string' ? requestId : undefined) };
  }
  if (message.includes('Maximum call stack size exceeded')) {
    return {
      message: 'The document is nested too deeply.',
      ...place,
      extensions: extensionsOf(code),
    };
  }
  return {
    message: shorten(message, maxMessageLength),
    ...place,
    extensions: extensionsOf(code),
  };
}

/** What is behind an error: one of ours, wherever it was thrown, or what a resolver has thrown. */
export function unwrap(thrown: unknown): unknown {
  const original = thrown instanceof GraphQLError ? thrown.originalError : undefined;
  return original instanceof LogManagerError ? original : unwrapResolverError(thrown);
}

/** What the error plugin has found wrong, where graphql-js says only in which argument. */
function violationsOf({ extensions }: GraphQLFormattedError): InvalidInputError | undefined {
  const violations = extensions?.['violations'] as readonly Violation[] | undefined;
  return violations && new InvalidInputError(violations);
}

/** What graphql-js says of an argument whose variable is null or absent: it finds that out when it executes. */
const wrongArgument = /^Argument "[^"]*" (of (non-null|required) type|has invalid value)/;

/** The code of an error that graphql-js or Apollo Server made. */
export function codeOf(error: GraphQLFormattedError | GraphQLError): ErrorCode {
  if (error instanceof GraphQLError && isWrongArgument(error)) return 'BAD_USER_INPUT';
  const code = error.extensions?.['code'];
  if (requestErrors.has(String(code))) return 'BAD_USER_INPUT';
  return isErrorCode(code) ? code : 'INTERNAL_SERVER_ERROR';
}

/** Whether graphql-js has refused an argument while it executed. */
export function isWrongArgument(error: GraphQLError): boolean {
  // One of graphql-js is wrapped in another one when it gets its path.
  const original = error.originalError ?? error;
  const isOwn = original instanceof GraphQLError && original.originalError === undefined;
  return isOwn && wrongArgument.test(error.message);
}
