/**
 * Why the server does not start on a database, which was left as it was. The message is for the operator: it says which
 * setting leads there, what is wrong, and what to do.
 */
export class StartError extends Error {
  override readonly name = 'StartError';
}
