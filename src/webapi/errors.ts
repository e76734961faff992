import { type Problem, Refusal } from '../kernel/refusal.ts';
import type { Unavailability } from '../kernel/unavailable.ts';

/** A request for something that this version does not have. It is said, never guessed at. */
export function notImplemented(what: string): Refusal {
  return new Refusal('parse', {
    status: 501,
    code: '0x80060888',
    message: `${what} is not implemented in this version of Portvakt`,
  });
}

const unavailabilities = {
  auditUnavailable: { status: 503, message: 'The audit log cannot be written. Try again later.' },
  dataUnavailable: { status: 503, message: 'The database cannot be used now. Nothing was done; try again later.' },
  outcomeUnknown: {
    status: 500,
    message:
      'The request may have been carried out, but that could not be confirmed. Look whether it was before you send it again.',
  },
} as const satisfies Record<Unavailability, Omit<Problem, 'code'>>;

/** Storage cannot be used now. `reason` is for the log. */
export const unavailable = (why: Unavailability, reason: string): Refusal =>
  new Refusal('run', { code: '0x80040216', ...unavailabilities[why] }, reason);

/** Error body of the Web API (dataverse-web-api 4.6). */
export const errorBody = (problem: Problem): string =>
  JSON.stringify({ error: { code: problem.code, message: problem.message } });
