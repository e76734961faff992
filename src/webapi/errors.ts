import { type Problem, Refusal } from '../kernel/refusal.ts';

/** A request for something that this version does not have. It is said, never guessed at. */
export function notImplemented(what: string): Refusal {
  return new Refusal('parse', {
    status: 501,
    code: '0x80060888',
    message: `${what} is not implemented in this version of Portvakt`,
  });
}

/** Error body of the Web API (dataverse-web-api 4.6). */
export const errorBody = (problem: Problem): string =>
  JSON.stringify({ error: { code: problem.code, message: problem.message } });
