import type { IncomingMessage } from 'node:http';
import { finished } from 'node:stream/promises';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { ErrorObserver } from '../graphql/errors/report-errors';
import {
  errorCodes,
  extensionsOf,
  isErrorCode,
  maskedError,
  type ErrorCode,
} from '../logs/model/error-codes';
import { InvalidInputError, LogManagerError } from '../logs/model/errors';

/** Maximum time for which an oversized body is read and discarded. */
const discardTimeoutMs = 5_000;

/** An error that the HTTP server itself detects. */
export class HttpError extends Error {
  /** @param status that of the code, unless HTTP has a more precise one */
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly status: number = errorCodes[code].httpStatus,
  ) {
    super(message);
  }
}

/** An error about one parameter, header or body. */
export function invalidInput(path: string, message: string): InvalidInputError {
  return new InvalidInputError([{ path, message }]);
}

interface ErrorResponse {
  readonly status: number;
  readonly code: ErrorCode;
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Creates Fastify's error handler. REST and HTTP errors have the same JSON format as GraphQL errors. */
export function createErrorHandler(observer: ErrorObserver) {
  return async (error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const response = toErrorResponse(error, request);
    observer.rejected(response?.code ?? 'INTERNAL_SERVER_ERROR');
    const isReported = error instanceof LogManagerError && error.logLevel !== 'debug';
    if (!response || isReported) observer.failed(error, request.id);
    const body = response
      ? { message: response.message, extensions: extensionsOf(response.code, response.details) }
      : maskedError(request.id);
    if (response?.status === 413) await discardBody(request.raw);
    await reply
      .code(response?.status ?? 500)
      .type('application/json; charset=utf-8')
      .send(JSON.stringify({ errors: [body] }));
  };
}

/** Returns undefined for an unexpected error, whose message is not for clients. */
function toErrorResponse(error: unknown, request: FastifyRequest): ErrorResponse | undefined {
  if (error instanceof HttpError) return error;
  if (error instanceof LogManagerError && isErrorCode(error.code)) {
    const { code, message, details } = error;
    return { status: errorCodes[code].httpStatus, code, message, details };
  }
  const { code, statusCode: status = 500, message } = error as FastifyError;
  if (!code?.startsWith('FST_') || status < 400 || status >= 500) return undefined;
  if (status === 413) {
    const limit = `The request body must be at most ${request.server.initialConfig.bodyLimit} bytes`;
    return { status, code: 'PAYLOAD_TOO_LARGE', message: `${limit}. Send the data in several requests.` };
  }
  const mustBeJson = 'The body must be JSON, with the header content-type: application/json.';
  return { status, code: 'BAD_USER_INPUT', message: status === 415 ? mustBeJson : message };
}

/**
 * Reads the rest of an oversized body and discards it. A client that is still sending when the connection
 * closes would not read the response.
 */
async function discardBody(body: IncomingMessage): Promise<void> {
  body.resume();
  // Rejects when the client has disconnected, and after the timeout.
  await finished(body, { signal: AbortSignal.timeout(discardTimeoutMs) }).catch(() => {});
}
