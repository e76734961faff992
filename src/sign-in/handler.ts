import type { Audit, AuditNotes } from '../kernel/audit.ts';
import type { Clock } from '../kernel/clock.ts';
import type { HttpRequest } from '../kernel/http.ts';
import type { Log } from '../kernel/log.ts';
import type { SignInAttempts } from './attempts.ts';
import type { Challenges } from './challenges.ts';
import type { OpenId } from './openid/open-id.ts';
import type { Operator, Operators } from './operators.ts';
import type { Passkeys } from './passkeys.ts';
import { isPassword } from './password.ts';
import { SignInRefusal } from './problems.ts';
import { csrfHeader, isCsrfToken, type OperatorSession, type Sessions } from './sessions.ts';
import type { FindPlace, WebAppPlace } from './web-app-place.ts';

export interface SignInDeps {
  readonly operators: Operators;
  readonly passkeys: Passkeys;
  readonly challenges: Challenges;
  /** Absent: not configured. */
  readonly openId: OpenId | undefined;
  readonly sessions: Sessions;
  readonly attempts: SignInAttempts;
  readonly findPlace: FindPlace;
  /** Where the web app is served. */
  readonly publicUrl: string;
  /** Without our own authority nobody can be signed in. */
  readonly hasAuthority: boolean;
  readonly clock: Clock;
  readonly log: Log;
  readonly audit: Audit;
}

/** One request to the sign-in, sent by a page of this very host. */
export interface Asked {
  readonly deps: SignInDeps;
  readonly request: HttpRequest;
  readonly place: WebAppPlace;
  readonly notes: AuditNotes;
  /** The id at the end of the path, where it has one. */
  readonly id: string;
}

export interface Answer {
  readonly status: 200 | 204 | 303;
  readonly body?: object;
  /** Where a whole page load goes on. */
  readonly location?: string;
  readonly cookie?: string;
}

export type Handler = (asked: Asked) => Promise<Answer>;

/** Signs somebody in who has proved who they are. */
export async function begin(asked: Asked, operator: Operator): Promise<Answer> {
  const { deps, request, place, notes } = asked;
  await place.admit(operator.role);
  const { session, cookie } = await deps.sessions.begin(operator, request.headers['cookie']);
  notes.operator = operator.name;
  return { status: 200, body: await bodyFor(asked, session), cookie };
}

/** The session of who asks. @throws SignInRefusal 401, 403 */
export async function getOwnSession({ deps, request, notes }: Asked): Promise<OperatorSession> {
  const session = await deps.sessions.find(request.headers['cookie']);
  if (session === undefined) throw new SignInRefusal('signedOut');
  requireCsrf(session, request);
  notes.operator = session.operator.name;
  return session;
}

export function requireCsrf(session: OperatorSession, { headers }: HttpRequest): void {
  if (!isCsrfToken(session, headers[csrfHeader])) throw new SignInRefusal('csrf');
}

/** Nothing is checked after too many failures from an address, or for a name. @throws SignInRefusal 429 */
export function requireAttempt({ deps, request }: Asked, name?: string): void {
  const wait = deps.attempts.wait(name, request.remoteAddress ?? '', deps.clock());
  if (wait !== undefined) throw new SignInRefusal('tooManyAttempts', String(wait), { 'Retry-After': String(wait) });
}

/** Counts an attempt before it is looked at; one that was right is taken back by -1. */
export function countAttempt({ deps, request }: Asked, name?: string, by: 1 | -1 = 1): void {
  deps.attempts.count(name, request.remoteAddress ?? '', deps.clock(), by);
}

/** Milliseconds after signing in within which somebody without a password need not do it again. */
const freshness = 10 * 60_000;

/**
 * Who changes what they sign in with proves once more who they are: a session that lies open is not enough. Guesses count
 * as those at the door do. Who has no password must have signed in a moment ago.
 * @throws SignInRefusal 401, 403, 429
 */
export async function requireProof(asked: Asked, session: OperatorSession, sent: unknown): Promise<void> {
  const { name, passwordHash } = session.operator;
  if (passwordHash === undefined) {
    if (asked.deps.clock().getTime() - session.begunAt.getTime() > freshness) throw new SignInRefusal('signInAgain');
    return;
  }
  requireAttempt(asked, name);
  countAttempt(asked, name);
  if (typeof sent !== 'string' || !(await isPassword(sent, passwordHash))) throw new SignInRefusal('wrongPassword');
  countAttempt(asked, name, -1);
}

/** `Session` of admin/contract.ts. */
export async function bodyFor(
  { deps, place }: Asked,
  { operator, csrfToken, endsAt }: OperatorSession,
): Promise<object> {
  const { id, name, role, language, passwordHash } = operator;
  const { uniqueName, url, tenantId } = place;
  const hasPasskey = (await deps.passkeys.list(id)).length > 0;
  const own = { hasPasskey, hasPassword: passwordHash !== undefined };
  return {
    user: { id, name, role, ...(language === undefined ? {} : { language }), ...own },
    csrfToken,
    environment: { name: place.name, uniqueName, url, tenantId },
    expiresAt: endsAt.toISOString(),
  };
}
