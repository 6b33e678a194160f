/**
 * Every code an error can carry, in GraphQL and in REST.
 * `retryable`: the very same request may succeed later. `httpStatus`: what REST answers, and GraphQL where the request
 * as a whole failed; an error of a field leaves GraphQL at 200.
 */
export const errorCodes = {
  BAD_USER_INPUT: { httpStatus: 400, retryable: false },
  GRAPHQL_VALIDATION_FAILED: { httpStatus: 400, retryable: false },
  GRAPHQL_PARSE_FAILED: { httpStatus: 400, retryable: false },
  FILTER_TOO_BROAD: { httpStatus: 400, retryable: false },
  QUERY_TIMEOUT: { httpStatus: 503, retryable: false },
  IDEMPOTENCY_KEY_REUSED: { httpStatus: 422, retryable: false },
  RESULT_TOO_LARGE: { httpStatus: 400, retryable: false },
  PAYLOAD_TOO_LARGE: { httpStatus: 413, retryable: false },
  STORAGE_FULL: { httpStatus: 507, retryable: false },
  SERVICE_UNAVAILABLE: { httpStatus: 503, retryable: true },
  INTERNAL_SERVER_ERROR: { httpStatus: 500, retryable: false },
} as const;

export type ErrorCode = keyof typeof errorCodes;

export function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(errorCodes, code);
}

/** The `extensions` of an error. */
export function extensionsOf(code: ErrorCode, details: Readonly<Record<string, unknown>> = {}) {
  return { code, retryable: errorCodes[code].retryable, ...details };
}

/** What a client learns of a failure that nobody expected. */
export function maskedError(requestId: string | undefined) {
  return {
    message: 'The server failed. Tell its operator the request id.',
    extensions: extensionsOf('INTERNAL_SERVER_ERROR', requestId ? { requestId } : {}),
  };
}
