import { Refusal, type Stage } from '../kernel/refusal.ts';

interface SignInProblemText {
  readonly stage: Stage;
  readonly status: number;
  readonly text: string;
}

/** Every refusal of the sign-in, by its code; docs/refusals.md lists them. */
export const signInProblems = {
  signedOut: { stage: 'authenticate', status: 401, text: 'nobody is signed in: sign in at /app/' },
  setupNeeded: {
    stage: 'authenticate',
    status: 401,
    text: 'the web app has no operator yet: open the link that the server has written to its log',
  },
  wrongPassword: { stage: 'authenticate', status: 401, text: 'name and password do not fit' },
  wrongPasskey: { stage: 'authenticate', status: 401, text: 'the passkey is not accepted' },
  openIdRefused: { stage: 'authenticate', status: 401, text: 'signing in elsewhere has not succeeded' },
  noOperator: { stage: 'authenticate', status: 403, text: 'signed in elsewhere, and nobody here' },
  tooManyAttempts: { stage: 'authenticate', status: 429, text: 'too many attempts: try again in {0} seconds' },
  linkInvalid: {
    stage: 'authenticate',
    status: 403,
    text: 'the link was used, has run out, or never was one: ask for a new one',
  },
  csrf: {
    stage: 'user',
    status: 403,
    text: 'the header X-Portvakt-CSRF must hold the token of the session: load the page again',
  },
  wrongOrigin: { stage: 'user', status: 403, text: 'the request was sent by a page of another origin' },
  notPermitted: { stage: 'user', status: 403, text: 'the role of the operator does not allow it' },
  signInAgain: {
    stage: 'user',
    status: 403,
    text: 'what somebody signs in by is changed within ten minutes of signing in: sign in again',
  },
  hostNotServed: { stage: 'parse', status: 404, text: 'the web app is not served at this host: open it at {0}' },
  passwordTooWeak: { stage: 'parse', status: 400, text: 'the password {0}' },
  bodyInvalid: { stage: 'parse', status: 400, text: '{0}' },
  notFound: { stage: 'parse', status: 404, text: 'there is no such resource; see docs/web-app.md' },
  methodNotAllowed: { stage: 'parse', status: 405, text: 'the resource does not take {0}' },
  nameTaken: { stage: 'run', status: 409, text: 'there is an operator of that name already' },
  lastFullOperator: {
    stage: 'run',
    status: 409,
    text: 'somebody must be able to administer: make another operator with the role full first',
  },
  passkeyKnown: { stage: 'run', status: 409, text: 'the passkey belongs to an operator already' },
  tooManyPasskeys: { stage: 'run', status: 409, text: 'nobody has more than {0} passkeys: remove one first' },
  lastPasskey: {
    stage: 'run',
    status: 409,
    text: 'there is no other way to sign in: set a password or add another passkey first',
  },
  notBuilt: { stage: 'parse', status: 501, text: '{0} is not built yet' },
  openIdUnavailable: { stage: 'run', status: 503, text: 'the issuer cannot be asked: try again later' },
  authorityOff: {
    stage: 'run',
    status: 501,
    text: 'the web app needs the server’s own authority: nobody can be signed in while PORTVAKT_AUTHORITY is off',
  },
  auditUnavailable: {
    stage: 'run',
    status: 503,
    text: 'the audit log cannot be written, and nothing is done that cannot be audited',
  },
  dataUnavailable: { stage: 'run', status: 503, text: 'the database cannot be used now: try again later' },
  outcomeUnknown: {
    stage: 'run',
    status: 500,
    text: 'the request may have been carried out: look whether it was before you send it again',
  },
} as const satisfies Readonly<Record<string, SignInProblemText>>;

export type SignInProblemName = keyof typeof signInProblems;

/** A refusal of the sign-in, or of a request that came with its cookie. */
export class SignInRefusal extends Refusal {
  constructor(name: SignInProblemName, value = '', headers: Readonly<Record<string, string>> = {}) {
    const { stage, status, text } = signInProblems[name];
    // Where the text has no place for it, it is for the audit log alone.
    const reason = text.includes('{0}') || value === '' ? undefined : `${text}: ${value}`;
    super(stage, { status, code: name, message: text.replace('{0}', value) }, reason, headers);
  }
}
