/** Which step of asking an issuer failed. For the log and for tests; callers are told less. */
export type IssuerFailure =
  | 'url'
  | 'address'
  | 'network'
  | 'timeout'
  | 'status'
  | 'redirect'
  | 'size'
  | 'json'
  | 'document'
  | 'keys'
  | 'busy';

/** An issuer's documents could not be had or are not to be trusted. `message` is for the administrator. */
export class IssuerError extends Error {
  readonly failure: IssuerFailure;

  constructor(failure: IssuerFailure, message: string) {
    super(message);
    this.name = 'IssuerError';
    this.failure = failure;
  }
}

/** Text of another party, fit for one line of a log. */
export const shown = (text: string, limit = 200): string =>
  text.slice(0, limit).replace(/[^\x20-\x7e]/g, '?') + (text.length > limit ? '…' : '');
