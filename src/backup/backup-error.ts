/** A backup cannot be made, read or restored. The message is one line for the administrator, with what to do. */
export class BackupError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'BackupError';
  }
}
