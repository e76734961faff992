/**
 * What the web app and the server say to each other besides the public surfaces. The web app imports this file and no
 * other of `src/`, types only.
 *
 * Every request of a signed-in browser, reads of data included, carries the cookie and the header `X-Portvakt-CSRF` with
 * `Session.csrfToken`. `EventSource` cannot send a header: read `/portvakt/v1/traffic` with `fetch`.
 */

/**
 * What an operator, a person who uses the web app, may do. `full`: everything. `readOnly`: reads everything, changes
 * nothing. `recruiting`: reads and changes recruiting data, nothing else.
 */
export type OperatorRole = 'full' | 'readOnly' | 'recruiting';

export type OperatorLanguage = 'en' | 'nb';

/** `GET` and `POST /portvakt/v1/session`, and every other way to sign in: 200. */
export interface Session {
  readonly user: SessionUser;
  readonly csrfToken: string;
  readonly environment: SessionEnvironment;
  /** ISO 8601; each request moves it on, up to the end of the session. */
  readonly expiresAt: string;
}

export interface SessionUser {
  readonly id: string;
  readonly name: string;
  readonly role: OperatorRole;
  readonly language?: OperatorLanguage;
  readonly hasPasskey: boolean;
  /** Absent for those who sign in by passkey or another issuer only. */
  readonly hasPassword: boolean;
}

export interface SessionEnvironment {
  readonly name: string;
  readonly uniqueName: string;
  readonly url: string;
  readonly tenantId: string;
}

/**
 * Codes of `error` of everything under `/portvakt/v1/session`, and of requests that were refused for their cookie, whatever
 * their address.
 */
export type SignInProblem =
  /** 401: no session, or it has ended. */
  | 'signedOut'
  /** 401: there is no operator yet; the link on the server's console leads on. */
  | 'setupNeeded'
  /** 401: name and password do not fit, or there is no such operator. */
  | 'wrongPassword'
  /** 401: the passkey is not known, or its answer is wrong. */
  | 'wrongPasskey'
  /** 401: the other issuer's answer is not accepted. */
  | 'openIdRefused'
  /** 503: the other issuer cannot be asked. */
  | 'openIdUnavailable'
  /** 403: signed in elsewhere, and nobody here. */
  | 'noOperator'
  /** 429 with `Retry-After`. */
  | 'tooManyAttempts'
  /** 403: the link was used, has run out or was never made. */
  | 'linkInvalid'
  /** 400: `message` says what is wrong with it. */
  | 'passwordTooWeak'
  /** 403: header `X-Portvakt-CSRF` missing or wrong. */
  | 'csrf'
  /** 403: sent by a page of another origin. */
  | 'wrongOrigin'
  /** 403: the operator's role does not allow it. */
  | 'notPermitted'
  /** 501: the authority is turned off, so nobody can be signed in. */
  | 'authorityOff'
  /** 403: what one signs in by is changed soon after signing in, by who has no password. */
  | 'signInAgain'
  /** 404, 400, 405, 409, 503 as their statuses say. */
  | 'notFound'
  | 'bodyInvalid'
  | 'methodNotAllowed'
  | 'nameTaken'
  | 'lastFullOperator'
  | 'passkeyKnown'
  | 'tooManyPasskeys'
  | 'lastPasskey'
  | 'auditUnavailable'
  | 'dataUnavailable'
  /** 500: it may have been carried out. */
  | 'outcomeUnknown';

/** Body of a refusal. */
export interface SignInRefusal {
  readonly error: { readonly code: SignInProblem; readonly message: string };
  /** With 401 on `GET /portvakt/v1/session`. */
  readonly signIn?: SignInWays;
}

export interface SignInWays {
  readonly password: true;
  /** Is it offered here? */
  readonly passkey: boolean;
  /** Go to `/portvakt/v1/session/openid?issuer={id}&returnTo=/app/…`: a link, no fetch. */
  readonly openId?: readonly { readonly id: string; readonly name: string }[];
}

/** `POST /portvakt/v1/session`: 200 `Session`, and the cookie. */
export interface PasswordSignIn {
  readonly name: string;
  readonly password: string;
}

/**
 * `POST /portvakt/v1/session/setup`: the person behind a one-time link (`/app/setup#token=…`) sets a password, or makes a
 * passkey, and is signed in: 200 `Session`. The same for the first administrator, for who was invited, and for who has lost
 * the password. What the operator had before counts no more. Exactly one of `password` and `passkey`.
 */
export interface SetUp {
  readonly token: string;
  /** Needed for the first administrator; others are asked for by the link, and this is ignored. */
  readonly name?: string;
  readonly password?: string;
  /** The answer to `POST /portvakt/v1/session/setup/passkey-options`, which takes `token` and `name` and gives `PasskeyOptions`. */
  readonly passkey?: PasskeyAnswer;
}

/** `POST /portvakt/v1/session/setup/look` with `{token}`: 200, whom the link is for. */
export interface SetUpLink {
  readonly purpose: 'first' | 'invitation' | 'reset';
  readonly name?: string;
  readonly role: OperatorRole;
  readonly expiresAt: string;
  /** May a passkey be made instead of a password? */
  readonly passkey: boolean;
}

/** `PATCH /portvakt/v1/session`: the operator's own things: 200 `Session`. Others' sessions of theirs end with the password. */
export interface SessionUpdate {
  readonly language?: OperatorLanguage;
  readonly password?: { readonly current?: string; readonly next: string };
}

/**
 * Passkeys. `POST /portvakt/v1/session/passkey/options` (no body) and `/register-options` (`PasskeyRegistration`) give
 * `PasskeyOptions`; hand `options` to `navigator.credentials` (`PublicKeyCredential.parseRequestOptionsFromJSON`, or
 * @simplewebauthn/browser), and send what comes back to `/verify` (200 `Session`) and `/register` (200 `Session`) as
 * `PasskeyAnswer`. Options are good once, for five minutes.
 */
export interface PasskeyOptions {
  readonly challengeId: string;
  readonly options: object;
}

export interface PasskeyRegistration {
  /** The password, for who has one: an open session alone adds no passkey. */
  readonly current?: string;
}

export interface PasskeyAnswer {
  readonly challengeId: string;
  /** As `PublicKeyCredential.toJSON()` gives it. */
  readonly response: object;
  /** With `/register` and `setup`: what the operator calls it. */
  readonly name?: string;
}

/** `GET /portvakt/v1/session/passkey`: `{value: Passkey[]}`; `DELETE …/passkey/{id}`: 204. */
export interface Passkey {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
  readonly lastUsedAt?: string;
}

/** `GET /portvakt/v1/operators`: `{value: Operator[]}`; `GET`, `PATCH`, `DELETE …/operators/{id}`. For `full` only. */
export interface Operator {
  readonly id: string;
  readonly name: string;
  readonly role: OperatorRole;
  readonly language?: OperatorLanguage;
  readonly isEnabled: boolean;
  readonly hasPassword: boolean;
  readonly passkeys: number;
  readonly createdAt: string;
  readonly lastSignInAt?: string;
}

/** `POST /portvakt/v1/operators`: 201 `InvitedOperator`. */
export interface NewOperator {
  readonly name: string;
  readonly role: OperatorRole;
  readonly language?: OperatorLanguage;
}

/** `PATCH /portvakt/v1/operators/{id}`: 200 `Operator`. What is withdrawn counts at once, in all sessions. */
export interface OperatorUpdate {
  readonly name?: string;
  readonly role?: OperatorRole;
  readonly isEnabled?: boolean;
}

/** `POST /portvakt/v1/operators/{id}/invite`: 200, a new link; the one before is void. */
export interface Invitation {
  /** To be handed to the person; shown once. */
  readonly link: string;
  readonly expiresAt: string;
}

export interface InvitedOperator extends Operator {
  readonly invitation: Invitation;
}

/**
 * `GET /portvakt/v1/traffic`, `Accept: text/event-stream`: events `request` with `TrafficRequest`, `rates` with
 * `TrafficRates` every two seconds, `lost` with `{count}` when the reader was too slow, or more came than are shown. Ends
 * after a minute: asked again, the session and its role are looked at again. 429 `tooManyReaders`.
 */
export interface TrafficRequest {
  readonly time: string;
  readonly surface: TrafficSurface;
  readonly method: string;
  /** `allowed`, `denied`, `failed`, `faulted`, as in the audit log. */
  readonly outcome: string;
  /** Logical name, or the set or collection of another surface. Never a path, which may hold anything. */
  readonly table?: string;
  readonly status: number;
  readonly ms: number;
  /** `REQ_ID`, `request-id` or `x-ms-request-id` of the answer: what the audit log and the explanation find it by. */
  readonly requestId?: string;
  readonly clientId?: string;
  readonly userId?: string;
  readonly hrUserId?: string;
  /** Name of the operator, for requests of this web app. */
  readonly operator?: string;
  /** Of a refusal: code of the answer, and the stage that refused. */
  readonly code?: string;
  readonly stage?: string;
  /** The condition that was not met. */
  readonly condition?: string;
  /** 1: Dataverse, 2: Human Resources; absent where neither refused. */
  readonly gate?: 1 | 2;
}

export type TrafficSurface = 'web-api' | 'finops' | 'graph' | 'portvakt' | 'token';

/** Of this process since the last one; with several workers each tells of its own requests (`workers` > 1). */
export interface TrafficRates {
  readonly time: string;
  readonly seconds: number;
  readonly requests: number;
  readonly refused: number;
  readonly faulted: number;
  /** Milliseconds of those requests; 0 where there were none. */
  readonly p50: number;
  readonly p95: number;
  readonly bySurface: Readonly<Partial<Record<TrafficSurface, number>>>;
  readonly workers: number;
  /** Service-protection limits: the users nearest to theirs. Absent where limits are off. */
  readonly limits?: readonly TrafficLimit[];
}

export interface TrafficLimit {
  readonly userId: string;
  readonly requests: number;
  readonly requestsAllowed: number;
  /** Seconds of work within the window, and how many are allowed. */
  readonly seconds: number;
  readonly secondsAllowed: number;
}

/**
 * `GET /portvakt/v1/recruiting/process`: the states of recruiting requests, their positions and candidates (`from`, `to`:
 * values of their status columns), and the actions that lead from one to another.
 */
export interface RecruitingProcess {
  readonly requests: readonly RecruitingStep[];
  readonly positions: readonly RecruitingStep[];
  readonly candidates: readonly RecruitingStep[];
  /** Legal entities, in lower case, whose requests are approved by a workflow. */
  readonly workflows: readonly string[];
}

export interface RecruitingStep {
  /** After `Microsoft.Dynamics.CRM.`. */
  readonly action: string;
  readonly from: number;
  readonly to: number;
  /** `workflow`, `noWorkflow`: only where the legal entity has one, or has none. */
  readonly only?: string;
}

/** `GET /portvakt/v1/explain/{id}`: why a request was refused, or gave no rows; docs/explain.md says what each member means. */
/** `GET /portvakt/v1/can-i`, `who-can` and `advise`: docs/can-i.md and docs/least-privilege.md say what each member means. */
export type { Advice, AdvisedUse, HeldPrivilege } from '../advise/advice.ts';
export type { BrokenUse, Simulation } from '../advise/simulation.ts';
export type { CanIAnswer, CanIOutcome, Somebody, WhoCanAnswer } from '../can-i/answers.ts';
export type { ConditionVerdict, Evidence, Fix, FixOperation, Gate, NearMiss } from '../explain/condition.ts';
export type { ExplainedCondition, ExplainedRequest, Explanation, RowCount } from '../explain/explanation.ts';
export type { ConditionId } from '../kernel/cause.ts';
