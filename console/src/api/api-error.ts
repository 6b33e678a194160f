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
  const [first] = errors as { message: string; extensions?: Record<string, unknown> }[];
  const extensions = first?.extensions ?? {};
  return new ApiError(
    typeof extensions['code'] === 'string' ? extensions['code'] : 'UNKNOWN',
    first?.message ?? 'The server sent no message.',
    extensions,
  );
}

export function offlineError(): ApiError {
  return new ApiError(
    'OFFLINE',
    'The server does not answer. Check that it runs and that this computer reaches it.',
  );
}
