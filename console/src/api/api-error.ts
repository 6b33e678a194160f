/** An error of the server, or of the way to it: then the code is OFFLINE. docs/errors.md lists the server's codes. */
export class ApiError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly extensions: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }

  /** Whether the same request may succeed later. */
  get isRetryable(): boolean {
    return this.code === 'OFFLINE' || this.extensions['retryable'] === true;
  }

  /** Milliseconds to wait before asking again, if the server named any. */
  get retryAfterMs(): number | undefined {
    const value = this.extensions['retryAfterMs'];
    return typeof value === 'number' ? value : undefined;
  }
}

/** The first of the errors of an answer. */
export function errorOf(errors: unknown): ApiError {
  const [first] = (Array.isArray(errors) ? errors : []) as {
    message?: unknown;
    extensions?: Record<string, unknown>;
  }[];
  const extensions = first?.extensions ?? {};
  return new ApiError(
    typeof extensions['code'] === 'string' ? extensions['code'] : 'UNKNOWN',
    typeof first?.message === 'string' ? first.message : 'The server sent no message.',
    extensions,
  );
}

/** An answer of a proxy in the server's place. @param what is wrong with it */
export function proxyError({ status, headers }: Response, what: string): ApiError {
  // There is no server behind it, such as while that restarts.
  if ([502, 503, 504].includes(status)) return offlineError();
  const retryAfterMs = Number(headers.get('retry-after') ?? NaN) * 1_000;
  return new ApiError('UNKNOWN', `${what} (HTTP status ${status}).`, {
    ...(status === 429 && { retryable: true }),
    ...(Number.isFinite(retryAfterMs) && { retryAfterMs }),
  });
}

export function offlineError(): ApiError {
  return new ApiError(
    'OFFLINE',
    'The server does not answer. Check that it runs and that this computer reaches it.',
  );
}
