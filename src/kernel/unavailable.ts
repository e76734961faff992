/** What a request that needs storage is told while storage cannot be used; the surfaces have a problem of each name. */
export type Unavailability =
  /** Nothing was done: what must be audited cannot be. */
  | 'auditUnavailable'
  /** Nothing was done: the data cannot be read or written. */
  | 'dataUnavailable'
  /** It may have been carried out, and nobody can say. It must not be repeated blindly. */
  | 'outcomeUnknown';

/** Storage cannot be used now. The message is for the log. */
export class Unavailable extends Error {
  /** Was nothing kept of what was asked for? `false` where nobody knows, as when the answer to a commit was lost. */
  readonly isUndone: boolean;

  constructor(message: string, cause?: unknown, isUndone = false) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'Unavailable';
    this.isUndone = isUndone;
  }
}
