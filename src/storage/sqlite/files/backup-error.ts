/** The backup failed, for a reason that an operator can fix. */
export class BackupError extends Error {
  override readonly name = 'BackupError';
}
