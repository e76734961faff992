import { type Problem, Refusal } from '../kernel/refusal.ts';

/** A request for something that this version does not have. It is said, never guessed at. */
export function notImplemented(what: string): Refusal {
  return new Refusal('parse', {
    status: 501,
    code: '0x80060888',
    message: `${what} is not implemented in this version of Portvakt`,
  });
}

/** What must be audited cannot be now: nothing was done, or it was done and could not be written down. */
export const auditUnavailable = (): Refusal =>
  new Refusal('run', {
    status: 503,
    code: '0x80040216',
    message: 'The audit log cannot be written. Try again later.',
  });

/** Error body of the Web API (dataverse-web-api 4.6). */
export const errorBody = (problem: Problem): string =>
  JSON.stringify({ error: { code: problem.code, message: problem.message } });
