import { type Problem, Refusal } from '../kernel/refusal.ts';

/** What a fault of ours looks like from outside: no detail, the log has it under the request id. */
export const unexpected: Problem = {
  status: 500,
  code: '0x80040216',
  message: 'An unexpected error occurred.',
};

/** A request for something that this version does not have. It is said, never guessed at. */
export function notImplemented(what: string): Refusal {
  return new Refusal('parse', {
    status: 501,
    code: '0x80040315',
    message: `${what} is not implemented in this version of Portvakt`,
  });
}

/** Error body of the Web API (dataverse-web-api 4.6). */
export const errorBody = (problem: Problem): string =>
  JSON.stringify({ error: { code: problem.code, message: problem.message } });
