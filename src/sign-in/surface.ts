import { type Audit, type AuditNotes, beginNotes } from '../kernel/audit.ts';
import { parseAuditText } from '../kernel/audit-text.ts';
import { answerAudited } from '../kernel/audited.ts';
import type { Clock } from '../kernel/clock.ts';
import type { HttpRequest, Surface } from '../kernel/http.ts';
import type { Log } from '../kernel/log.ts';
import type { Refusal } from '../kernel/refusal.ts';
import { auditIds, startTrace } from '../token/trace.ts';
import type { SignInAttempts } from './attempts.ts';
import { bodyOf, languageIn, textIn } from './body.ts';
import type { Operator, Operators } from './operators.ts';
import { isPassword } from './password.ts';
import { SignInRefusal } from './problems.ts';
import { renderJson, renderRefusal } from './render.ts';
import { requireSameOrigin } from './same-origin.ts';
import { csrfHeader, isCsrfToken, type OperatorSession, type Sessions } from './sessions.ts';
import type { FindPlace, WebAppPlace } from './web-app-place.ts';

export interface SignInDeps {
  readonly operators: Operators;
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

interface Asked {
  readonly deps: SignInDeps;
  readonly request: HttpRequest;
  readonly place: WebAppPlace;
  readonly notes: AuditNotes;
}

interface Answer {
  readonly status: 200 | 204;
  readonly body?: object;
  readonly cookie?: string;
}

type Handler = (asked: Asked) => Promise<Answer>;

const root = '/portvakt/v1/session';

/** Is this path the sign-in's own? */
export const isSessionPath = (url: string): boolean => /^\/portvakt\/v1\/session(?:[/?]|$)/.test(url);

/** Path after `root`, then method. */
const handlers: Readonly<Record<string, Readonly<Record<string, Handler>>>> = {
  '': { GET: show, POST: signInByPassword, DELETE: signOut, PATCH: change },
  '/setup': { POST: setUp },
  '/setup/look': { POST: lookAtLink },
};

/** `/portvakt/v1/session`: who is signed in in this browser, and how to become so. */
export function createSignInSurface(deps: SignInDeps): Surface {
  return (request) => {
    const trace = startTrace(request);
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    const notes = beginNotes('portvakt', isRead ? 'read' : 'change', request);
    notes.table = 'session';
    return answerAudited({
      audit: deps.audit,
      notes,
      answer: async () => {
        const { status, body, cookie } = await answer(deps, request, notes);
        return renderJson(trace, status, body, cookie === undefined ? {} : { 'Set-Cookie': cookie });
      },
      refuse: (refusal) => {
        const { stage, problem } = refusal;
        deps.log.info('sign-in refused', { stage, code: problem.code, traceId: trace.traceId });
        return renderRefusal(trace, refusal, waysOf(refusal));
      },
      unavailable: (why) => new SignInRefusal(why),
      idsOf: () => auditIds(trace),
      reasonOf: ({ reason }) => parseAuditText(reason),
    });
  };
}

const waysOf = ({ problem }: Refusal): object =>
  problem.status === 401 ? { signIn: { password: true, passkey: false } } : {};

async function answer(deps: SignInDeps, request: HttpRequest, notes: AuditNotes): Promise<Answer> {
  if (!deps.hasAuthority) throw new SignInRefusal('authorityOff');
  const place = deps.findPlace(request.host);
  if (place?.isHome !== true) throw new SignInRefusal('hostNotServed', deps.publicUrl);
  const [path = ''] = request.url.slice(root.length).split('?', 1);
  if (/^\/(?:passkey|openid)(?:\/|$)/.test(path)) throw new SignInRefusal('notBuilt', 'signing in by other means');
  const methods = Object.hasOwn(handlers, path) ? handlers[path] : undefined;
  if (methods === undefined) throw new SignInRefusal('notFound');
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  const handler = Object.hasOwn(methods, method) ? methods[method] : undefined;
  if (handler === undefined) {
    throw new SignInRefusal('methodNotAllowed', method, { Allow: Object.keys(methods).join(', ') });
  }
  requireSameOrigin(request, new URL(place.url).protocol);
  return handler({ deps, request, place, notes });
}

/** The one read without the token against forged requests: it is where the page gets it, and no other page can read it. */
async function show(asked: Asked): Promise<Answer> {
  const { deps, request } = asked;
  const session = await deps.sessions.find(request.headers['cookie']);
  if (session !== undefined) return { status: 200, body: bodyFor(asked, session) };
  const isSetUp = await deps.operators.isSetUp();
  throw new SignInRefusal(isSetUp ? 'signedOut' : 'setupNeeded');
}

async function signInByPassword(asked: Asked): Promise<Answer> {
  const { deps, request, notes } = asked;
  notes.message = 'signIn';
  const body = bodyOf(request);
  const name = textIn(body, 'name', 100);
  const password = textIn(body, 'password', 1000);
  const address = request.remoteAddress ?? '';
  const now = deps.clock();
  const wait = deps.attempts.wait(name, address, now);
  if (wait !== undefined) throw new SignInRefusal('tooManyAttempts', String(wait), { 'Retry-After': String(wait) });
  deps.attempts.count(name, address, now);
  const operator = await deps.operators.findByName(name);
  const isRight = await isPassword(password, operator?.passwordHash);
  if (!isRight || operator?.isEnabled !== true) throw new SignInRefusal('wrongPassword');
  deps.attempts.count(name, address, now, -1);
  return begin(asked, operator);
}

async function begin(asked: Asked, operator: Operator): Promise<Answer> {
  const { deps, request, place, notes } = asked;
  await place.admit(operator.role);
  const { session, cookie } = await deps.sessions.begin(operator, request.headers['cookie']);
  notes.operator = operator.name;
  return { status: 200, body: bodyFor(asked, session), cookie };
}

/** In all tabs: they share the cookie. Signing out twice is no mistake. */
async function signOut({ deps, request, notes }: Asked): Promise<Answer> {
  notes.message = 'signOut';
  const session = await deps.sessions.find(request.headers['cookie']);
  if (session !== undefined) {
    requireCsrf(session, request);
    notes.operator = session.operator.name;
    await deps.sessions.end(request.headers['cookie']);
  }
  return { status: 204, cookie: deps.sessions.noCookie };
}

async function change(asked: Asked): Promise<Answer> {
  const { deps, request, notes } = asked;
  notes.message = 'changeOwn';
  const session = await deps.sessions.find(request.headers['cookie']);
  if (session === undefined) throw new SignInRefusal('signedOut');
  requireCsrf(session, request);
  const { operator } = session;
  notes.operator = operator.name;
  const body = bodyOf(request);
  const language = languageIn(body);
  const changed = language === undefined ? operator : await deps.operators.change(operator.id, { language });
  if (changed === undefined) throw new SignInRefusal('signedOut');
  if (body['password'] === undefined) return { status: 200, body: bodyFor(asked, { ...session, operator: changed }) };
  await changePassword(asked, operator, body['password']);
  return begin(asked, changed);
}

/** Guesses at the current one count as those at the door do. */
async function changePassword({ deps, request }: Asked, operator: Operator, value: unknown): Promise<void> {
  if (typeof value !== 'object' || value === null)
    throw new SignInRefusal('bodyInvalid', "'password' is not an object");
  const body: Readonly<Record<string, unknown>> = { ...value };
  const address = request.remoteAddress ?? '';
  const now = deps.clock();
  const wait = deps.attempts.wait(operator.name, address, now);
  if (wait !== undefined) throw new SignInRefusal('tooManyAttempts', String(wait), { 'Retry-After': String(wait) });
  if (operator.passwordHash !== undefined) {
    deps.attempts.count(operator.name, address, now);
    if (!(await isPassword(textIn(body, 'current', 1000), operator.passwordHash))) {
      throw new SignInRefusal('wrongPassword');
    }
    deps.attempts.count(operator.name, address, now, -1);
  }
  await deps.operators.setPassword(operator, textIn(body, 'next', 1000));
}

function requireCsrf(session: OperatorSession, { headers }: HttpRequest): void {
  if (!isCsrfToken(session, headers[csrfHeader])) throw new SignInRefusal('csrf');
}

async function setUp(asked: Asked): Promise<Answer> {
  const { deps, request, notes } = asked;
  notes.message = 'setUp';
  const body = bodyOf(request);
  const link = await deps.operators.getLink(textIn(body, 'token', 100));
  const name = link.operator === undefined ? textIn(body, 'name', 100) : link.operator.name;
  if (body['password'] === undefined) throw new SignInRefusal('notBuilt', 'setting up with a passkey alone');
  return begin(asked, await deps.operators.redeem(link, name, textIn(body, 'password', 1000)));
}

async function lookAtLink({ deps, request, notes }: Asked): Promise<Answer> {
  notes.message = 'lookAtLink';
  const { purpose, operator, endsAt } = await deps.operators.getLink(textIn(bodyOf(request), 'token', 100));
  const name = operator === undefined ? {} : { name: operator.name };
  const role = operator?.role ?? 'full';
  return { status: 200, body: { purpose, ...name, role, expiresAt: endsAt, passkey: false } };
}

/** `Session` of admin/contract.ts. */
function bodyFor({ place }: Asked, { operator, csrfToken, endsAt }: OperatorSession): object {
  const { id, name, role, language, passwordHash } = operator;
  const { uniqueName, url, tenantId } = place;
  const own = { hasPasskey: false, hasPassword: passwordHash !== undefined };
  return {
    user: { id, name, role, ...(language === undefined ? {} : { language }), ...own },
    csrfToken,
    environment: { name: place.name, uniqueName, url, tenantId },
    expiresAt: endsAt.toISOString(),
  };
}
