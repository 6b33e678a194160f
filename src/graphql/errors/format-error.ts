import { unwrapResolverError } from '@apollo/server/errors';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { extensionsOf, isErrorCode, maskedError, type ErrorCode } from '../../logs/model/error-codes';
import { LogManagerError } from '../../logs/model/errors';
import { shorten } from '../../logs/model/shorten';

/** graphql-js quotes names and values from the request, which may be megabytes long. */
const maxMessageLength = 1_000;

/** Apollo's codes for requests that are refused as a whole, for which the API has one code. */
const requestErrors: ReadonlySet<unknown> = new Set([
  'BAD_REQUEST',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_SUPPORTED',
]);

/**
 * The error that a client receives: expected ones with code and details, any other one masked.
 * @param thrown as Apollo Server hands it to `formatError`
 */
export function formatError(formatted: GraphQLFormattedError, thrown: unknown): GraphQLFormattedError {
  const { message, locations, path } = formatted;
  const place = { ...(locations && { locations }), ...(path && { path }) };
  const cause = causeOf(thrown);
  if (cause instanceof LogManagerError)
    return { message: cause.message, ...place, extensions: extensionsOf(cause.code, cause.details) };
  const code = codeOf(thrown instanceof GraphQLError ? thrown : formatted);
  if (code === 'INTERNAL_SERVER_ERROR') {
    const requestId = formatted.extensions?.['requestId'];
    return { ...place, ...maskedError(typeof requestId === 'string' ? requestId : undefined) };
  }
  // graphql-js's parser is recursive: a deeply nested document overflows the stack.
  const isTooDeep = thrown instanceof GraphQLError && thrown.originalError instanceof RangeError;
  return {
    message: isTooDeep ? 'The document is nested too deeply.' : shorten(message, maxMessageLength),
    ...place,
    extensions: extensionsOf(code),
  };
}

/** The error behind a GraphQLError: a LogManagerError, or what a resolver threw. */
export function causeOf(thrown: unknown): unknown {
  const original = thrown instanceof GraphQLError ? thrown.originalError : undefined;
  return original instanceof LogManagerError ? original : unwrapResolverError(thrown);
}

/** The code of an error that graphql-js or Apollo Server made. */
export function codeOf({ extensions }: GraphQLFormattedError | GraphQLError): ErrorCode {
  const code = extensions?.['code'];
  if (requestErrors.has(code)) return 'BAD_USER_INPUT';
  return isErrorCode(code) ? code : 'INTERNAL_SERVER_ERROR';
}
