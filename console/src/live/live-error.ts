import type { ApiError } from '../api/api-error';

/** What to do about an error that ended the feed. */
export function adviceOf({ code, message, extensions }: ApiError): string {
  if (code === 'FORBIDDEN')
    return 'This key may not read entries. Sign in with a key that has the scope read.';
  if (code === 'UNAUTHENTICATED')
    return 'The key is revoked or expired. Sign in with a key that is in force.';
  if (String(extensions['reason']).startsWith('CURSOR_')) {
    return 'The database of the server was replaced or restored. Start again to follow what it records from now on.';
  }
  return message;
}
