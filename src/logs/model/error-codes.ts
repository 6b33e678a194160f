/**
 * Every error code of GraphQL and REST. `retryable`: the same request may succeed later. `httpStatus`: the
 * status in REST, and in GraphQL if the whole request failed; GraphQL answers 200 if only a field failed.
 */
export const errorCodes = {
  BAD_USER_INPUT: { httpStatus: 400, retryable: false },
  UNAUTHENTICATED: { httpStatus: 401, retryable: false },
  FORBIDDEN: { httpStatus: 403, retryable: false },
  NOT_FOUND: { httpStatus: 404, retryable: false },
  METHOD_NOT_ALLOWED: { httpStatus: 405, retryable: false },
  REQUEST_TIMEOUT: { httpStatus: 408, retryable: true },
  UNSUPPORTED_MEDIA_TYPE: { httpStatus: 415, retryable: false },
  MISDIRECTED_REQUEST: { httpStatus: 421, retryable: false },
  RATE_LIMITED: { httpStatus: 429, retryable: true },
  GRAPHQL_VALIDATION_FAILED: { httpStatus: 400, retryable: false },
  GRAPHQL_PARSE_FAILED: { httpStatus: 400, retryable: false },
  // Clients that send the hash of a document first expect status 200, and then send the document.
  PERSISTED_QUERY_NOT_SUPPORTED: { httpStatus: 200, retryable: false },
  FILTER_TOO_BROAD: { httpStatus: 400, retryable: false },
  QUERY_TIMEOUT: { httpStatus: 503, retryable: false },
  IDEMPOTENCY_KEY_REUSED: { httpStatus: 422, retryable: false },
  RESULT_TOO_LARGE: { httpStatus: 400, retryable: false },
  PAYLOAD_TOO_LARGE: { httpStatus: 413, retryable: false },
  STORAGE_FULL: { httpStatus: 507, retryable: false },
  SUBSCRIBER_TOO_SLOW: { httpStatus: 503, retryable: true },
  SERVICE_UNAVAILABLE: { httpStatus: 503, retryable: true },
  INTERNAL_SERVER_ERROR: { httpStatus: 500, retryable: false },
} as const;

export type ErrorCode = keyof typeof errorCodes;

export function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(errorCodes, code);
}

/** Creates the `extensions` of an error. */
export function extensionsOf(code: ErrorCode, details: Readonly<Record<string, unknown>> = {}) {
  return { code, retryable: errorCodes[code].retryable, ...details };
}

/** The error that a client gets for an unexpected failure: without its cause, which is in the log. */
export function maskedError(requestId: string | undefined) {
  return {
    message: 'Internal server error. Report the request id to the operator of the server.',
    extensions: extensionsOf('INTERNAL_SERVER_ERROR', requestId ? { requestId } : {}),
  };
}
