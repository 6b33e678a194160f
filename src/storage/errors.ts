import { ServiceUnavailableError } from '../logs/model/errors';

/** The code of an error of the driver or the system, also of TypeORM's errors; empty for other errors. */
export function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
}

/** The database cannot take the request now, but may later. */
export function toUnavailable(cause: unknown): ServiceUnavailableError {
  return new ServiceUnavailableError('The database cannot take the request now. Try again later.', { cause });
}
