/**
 * The server cannot start on this database, which was not changed. The message is for the operator: it names
 * the setting, the problem, and the solution.
 */
export class StartError extends Error {
  override readonly name = 'StartError';
}
