import { unwrapResolverError } from '@apollo/server/errors';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import {
  errorCodes,
  extensionsOf,
  isErrorCode,
  maskedError,
  type ErrorCode,
} from '../../logs/model/error-codes';
import { LogManagerError } from '../../logs/model/errors';
import { shorten } from '../../logs/model/shorten';

/** graphql-js quotes names and values from the request, which may be megabytes long. */
const maxMessageLength = 1_000;

/** Apollo's codes for requests that are refused as a whole, for which the API has one code. */
const requestErrors: ReadonlySet<unknown> = new Set(['BAD_REQUEST', 'OPERATION_RESOLUTION_FAILURE']);

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
  const { violations, omittedViolationCount } = formatted.extensions ?? {};
  return {
    message: explain(code, thrown, shorten(message, maxMessageLength)),
    ...place,
    extensions: extensionsOf(code, {
      ...(violations !== undefined && { violations }),
      ...(omittedViolationCount !== undefined && { omittedViolationCount }),
    }),
  };
}

/** The message of an error that graphql-js or Apollo Server made. */
function explain(code: ErrorCode, thrown: unknown, message: string): string {
  if (code === 'METHOD_NOT_ALLOWED' && message.includes('subscription'))
    return 'A subscription needs Accept: text/event-stream, or WebSocket.';
  if (code === 'METHOD_NOT_ALLOWED') return 'A mutation must be sent with POST: GET takes queries only.';
  if (!(thrown instanceof GraphQLError)) return message;
  // graphql-js's parser is recursive: a deeply nested document overflows the stack.
  if (thrown.originalError instanceof RangeError) return 'The document is nested too deeply.';
  if (code !== 'GRAPHQL_PARSE_FAILED' || !thrown.source || !thrown.positions) return message;
  const { body } = thrown.source;
  const [at] = thrown.positions;
  if (at === body.length) return `${message} The document ends too early: is a }, ) or " missing?`;
  return body[at!] === '"' ? `${message} Names and keys of objects are written without quotes.` : message;
}

/** The error behind a GraphQLError: a LogManagerError, or what a resolver threw. */
export function causeOf(thrown: unknown): unknown {
  const original = thrown instanceof GraphQLError ? thrown.originalError : undefined;
  return original instanceof LogManagerError ? original : unwrapResolverError(thrown);
}

/** The code of an error that graphql-js or Apollo Server made. */
export function codeOf({ extensions }: GraphQLFormattedError | GraphQLError): ErrorCode {
  const code = extensions?.['code'];
  // Apollo Server refuses mutations that are sent with GET.
  const { status } = (extensions?.['http'] ?? {}) as { readonly status?: number };
  if (code === 'BAD_REQUEST' && status === errorCodes.METHOD_NOT_ALLOWED.httpStatus)
    return 'METHOD_NOT_ALLOWED';
  if (requestErrors.has(code)) return 'BAD_USER_INPUT';
  return isErrorCode(code) ? code : 'INTERNAL_SERVER_ERROR';
}
