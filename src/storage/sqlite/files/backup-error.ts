import { codeOf } from '../../errors';

/** A command failed, for a reason that an operator can fix. */
export class BackupError extends Error {
  override readonly name = 'BackupError';
}

/**
 * Calls `work`. An error of SQLite or of the system becomes a BackupError, and so does any after an abort.
 * @param consequence first part of its message
 */
export async function explainErrors<Result>(
  consequence: string,
  signal: AbortSignal,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    // An error without a code is a bug.
    if (!signal.aborted && (error instanceof BackupError || codeOf(error) === '')) throw error;
    const reason = signal.aborted ? 'interrupted' : (error as Error).message;
    throw new BackupError(`${consequence}: ${reason}`, { cause: error });
  }
}
