import type { IncomingMessage } from 'node:http';
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

/** An error that the door itself answers. */
export class HttpError extends Error {
  constructor(
    readonly status: number,
    readonly code: ErrorCode,
    message: string,
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }
}

/** A parameter or a body that is wrong, by its name. */
export function invalidInput(path: string, message: string): InvalidInputError {
  return new InvalidInputError([{ path, message }]);
}

interface Answer {
  readonly status: number;
  readonly code: ErrorCode;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Turns whatever a route throws into the one shape of errors: the same as GraphQL's. */
export function createErrorHandler(observer: ErrorObserver) {
  return async (error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const answer = toAnswer(error);
    observer.rejected(answer?.code ?? 'INTERNAL_SERVER_ERROR');
    const isLoud = error instanceof LogManagerError && error.logLevel !== 'debug';
    if (!answer || isLoud) observer.failed(error, request.id);
    const body = answer
      ? { message: answer.message, extensions: extensionsOf(answer.code, answer.details) }
      : maskedError(request.id);
    if (answer?.status === 413) await discardBody(request.raw);
    await reply
      .code(answer?.status ?? 500)
      .type('application/json; charset=utf-8')
      .send(JSON.stringify({ errors: [body] }));
  };
}

/** How long a body that is too large is read and dropped, in milliseconds. */
const discardMs = 5_000;

/** A client that is still sending when the connection closes gets no answer, so what it sends is read and dropped. */
function discardBody(body: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    if (body.readableEnded || body.destroyed) {
      resolve();
      return;
    }
    const timer = setTimeout(resolve, discardMs);
    const done = (): void => {
      clearTimeout(timer);
      resolve();
    };
    body.once('end', done).once('close', done).resume();
  });
}

/** Undefined for what nobody expected. */
function toAnswer(error: unknown): Answer | undefined {
  if (error instanceof HttpError) return error;
  if (error instanceof LogManagerError && isErrorCode(error.code)) {
    const { code, message, details } = error;
    return { status: errorCodes[code].httpStatus, code, message, details };
  }
  const { code, statusCode: status = 500, message } = error as FastifyError;
  if (!code?.startsWith('FST_') || status < 400 || status >= 500) return undefined;
  if (status === 413) {
    return {
      status,
      code: 'PAYLOAD_TOO_LARGE',
      message: 'The request body is too large.',
      details: {},
    };
  }
  if (status === 415) {
    const advice = 'Send the body as JSON, with the header content-type: application/json.';
    return { status, code: 'BAD_USER_INPUT', message: advice, details: {} };
  }
  return { status, code: 'BAD_USER_INPUT', message, details: {} };
}
