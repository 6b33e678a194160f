import { maxHeaderSize, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { finished } from 'node:stream/promises';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { ErrorObserver } from '../graphql/errors/report-errors';
import { errorCodes, extensionsOf, maskedError, type ErrorCode } from '../logs/model/error-codes';
import {
  InvalidInputError,
  isRefusal,
  LogManagerError,
  toRetryAfter,
  UnauthenticatedError,
} from '../logs/model/errors';
import { isBeacon, maxPublicBytes } from './auth/beacon';
import { connectionLimits } from './connection-limits';
import { LargeBodyRefusedError } from './large-bodies';
import { securityHeaders } from './security-headers';

/** Maximum time for which an oversized body is read and discarded. */
const discardTimeoutMs = 5_000;

interface ClientError {
  readonly statusLine: string;
  readonly code: ErrorCode;
  readonly message: string;
}

/** So do TLS and HTTP/2 begin. */
const otherProtocol: ClientError = {
  statusLine: '400 Bad Request',
  code: 'BAD_USER_INPUT',
  message:
    'The request is not valid HTTP. The server speaks HTTP/1.1 without TLS: use http://, not https://.',
};

/** By error code of Node's HTTP parser. */
const clientErrors: Readonly<Record<string, ClientError>> = {
  HPE_HEADER_OVERFLOW: {
    statusLine: '431 Request Header Fields Too Large',
    code: 'BAD_USER_INPUT',
    message: `The request line and headers must be at most ${maxHeaderSize} bytes in total.`,
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    statusLine: '408 Request Timeout',
    code: 'REQUEST_TIMEOUT',
    message: `The complete request must arrive within ${connectionLimits.requestMs / 1_000} seconds.`,
  },
  HPE_INVALID_METHOD: otherProtocol,
  HPE_PAUSED_H2_UPGRADE: otherProtocol,
};
const notHttp: ClientError = {
  statusLine: '400 Bad Request',
  code: 'BAD_USER_INPUT',
  message: 'The request is not valid HTTP.',
};

/** An error that the HTTP server itself detects. */
export class HttpError extends LogManagerError {
  /** @param status that of the code, unless HTTP has a more precise one */
  constructor(
    override readonly code: ErrorCode,
    message: string,
    readonly status: number = errorCodes[code].httpStatus,
    /** Headers of the answer that belong to the error. */
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

/** The error about a body with another content coding than gzip (RFC 9110, section 15.5.16). */
export function unsupportedEncoding(): HttpError {
  const message = 'The header content-encoding may only be gzip.';
  return new HttpError('UNSUPPORTED_MEDIA_TYPE', message, undefined, { 'accept-encoding': 'gzip' });
}

/** The error about a body with another media type than JSON, or with none. */
export function unsupportedMediaType(): HttpError {
  const message = 'The body must be JSON, with the header content-type: application/json.';
  return new HttpError('UNSUPPORTED_MEDIA_TYPE', message, undefined, { accept: 'application/json' });
}

/**
 * The error about a request that has no route: its path is unknown, or takes other methods.
 * @param notFound where the routes are
 */
export function noRoute({ url, method, server }: FastifyRequest, notFound: string): HttpError {
  const [path = ''] = url.split('?', 1);
  const allowed = ['GET', 'HEAD', 'POST'].filter((other) => server.hasRoute({ method: other, url: path }));
  if (allowed.length === 0) return new HttpError('NOT_FOUND', `Not found. ${notFound}`);
  const shown = allowed.filter((other) => other !== 'HEAD').join(' or ');
  const message = `${method} is not allowed at ${path}: use ${shown}.`;
  return new HttpError('METHOD_NOT_ALLOWED', message, undefined, { allow: allowed.join(', ') });
}

/** The error about a body, as sent or decompressed, of more bytes than its sender may send. */
export function payloadTooLarge(maxBytes: number): HttpError {
  const limit = `The request body must be at most ${maxBytes} bytes`;
  return new HttpError('PAYLOAD_TOO_LARGE', `${limit}. Send the data in several requests.`);
}

/** An error about one parameter, header or body. */
export function invalidInput(path: string, message: string): InvalidInputError {
  return new InvalidInputError([{ path, message }]);
}

/**
 * Counts an error, and logs one that an operator should know.
 * @param expected undefined for an error whose message is not for clients
 * @returns its code, and what its client sees, in the format of GraphQL errors
 */
export function showError(
  error: unknown,
  expected: LogManagerError | undefined,
  requestId: string,
  observer: ErrorObserver,
) {
  const code = expected?.code ?? 'INTERNAL_SERVER_ERROR';
  observer.rejected(code);
  if (expected?.logLevel !== 'debug') observer.failed(error, requestId);
  const shown = expected
    ? { message: expected.message, extensions: extensionsOf(code, expected.details) }
    : maskedError(requestId);
  return { code, shown };
}

/** As {@link showError}, with the JSON that the client gets. */
export function reportError(...args: Parameters<typeof showError>): { code: ErrorCode; body: string } {
  const { code, shown } = showError(...args);
  return { code, body: JSON.stringify({ errors: [shown] }) };
}

/** Creates Fastify's error handler. REST and HTTP errors have the same JSON format as GraphQL errors. */
export function createErrorHandler(observer: ErrorObserver) {
  return async (error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    // The client disconnected while it sent the body: that is no failure of the server, and no answer arrives.
    if (request.raw.destroyed && !request.raw.complete) return void reply.hijack();
    const expected = error instanceof LogManagerError ? error : toHttpError(error as FastifyError, request);
    const { code, body } = reportError(error, expected, request.id, observer);
    const status = expected instanceof HttpError ? expected.status : errorCodes[code].httpStatus;
    addErrorHeaders(expected ?? error, reply);
    if (status === 413 || error instanceof LargeBodyRefusedError) await discardBody(request.raw);
    reply.code(status).type('application/json; charset=utf-8');
    await reply.send(body);
  };
}

/** Headers that belong to an error of the door, and those that Fastify's own errors lack, which run no hooks. */
function addErrorHeaders(error: unknown, reply: FastifyReply): void {
  reply.headers(securityHeaders);
  if (error instanceof HttpError) reply.headers(error.headers);
  if (isRefusal(error)) reply.header('retry-after', toRetryAfter(error));
  if (error instanceof UnauthenticatedError) reply.header('www-authenticate', 'Bearer');
}

/** Returns undefined for an unexpected error, whose message is not for clients. */
function toHttpError(error: FastifyError, request: FastifyRequest): HttpError | undefined {
  const { code, statusCode: status = 500, message } = error;
  if (!code?.startsWith('FST_') || status < 400 || status >= 500) return undefined;
  if (status === 413) {
    const { bodyLimit = 0 } = request.server.initialConfig;
    return payloadTooLarge(isBeacon(request) ? Math.min(maxPublicBytes, bodyLimit) : bodyLimit);
  }
  if (status === 415) return unsupportedMediaType();
  // Fastify's message repeats the address, which may hold ids.
  const isBadUrl = code === 'FST_ERR_BAD_URL';
  return new HttpError(
    'BAD_USER_INPUT',
    isBadUrl ? 'The path must be percent-encoded UTF-8.' : message,
    status,
  );
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

/** Creates the handler for requests whose header Expect is not 100-continue: Node answers them without a body. */
export function createExpectationHandler(observer: ErrorObserver) {
  return (_request: IncomingMessage, response: ServerResponse): void => {
    observer.rejected('BAD_USER_INPUT');
    response.statusCode = 417;
    const headers = { ...securityHeaders, 'content-type': 'application/json; charset=utf-8' };
    response.setHeaders(new Map(Object.entries(headers)));
    response.end(toRefusal('BAD_USER_INPUT', 'The header Expect may only be 100-continue.'));
  };
}

/**
 * Creates the handler for requests that Node cannot parse. They never reach Fastify's error handler.
 * @param afterAnswers calls a function when the requests before on the connection are answered
 */
export function createClientErrorHandler(
  observer: ErrorObserver,
  afterAnswers: (socket: Socket, refuse: () => void) => void,
) {
  function refuse(code: string, socket: Socket): void {
    if (!socket.writable) return void socket.destroy();
    const error = clientErrors[code] ?? notHttp;
    observer.rejected(error.code);
    const body = toRefusal(error.code, error.message);
    const headers = {
      ...securityHeaders,
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(body),
      connection: 'close',
    };
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.end(`HTTP/1.1 ${error.statusLine}\r\n${lines.join('')}\r\n${body}`);
  }
  return ({ code = '' }: { code?: string }, socket: Socket): void => {
    if (code === 'ECONNRESET') socket.destroy();
    else afterAnswers(socket, () => refuse(code, socket));
  };
}

/** The body of a response to a request that does not reach Fastify. */
function toRefusal(code: ErrorCode, message: string): string {
  return JSON.stringify({ errors: [{ message, extensions: extensionsOf(code) }] });
}
