import type { AuditNotes } from '../kernel/audit.ts';
import { beginNotes } from '../kernel/audit.ts';
import { parseAuditText } from '../kernel/audit-text.ts';
import { answerAudited } from '../kernel/audited.ts';
import type { HttpRequest, HttpResponse, Surface } from '../kernel/http.ts';
import type { Refusal } from '../kernel/refusal.ts';
import { auditIds, startTrace } from '../token/trace.ts';
import { bodyOf, languageIn, objectIn, textIn } from './body.ts';
import {
  type Answer,
  type Asked,
  begin,
  bodyFor,
  countAttempt,
  getOwnSession,
  type Handler,
  requireAttempt,
  requireCsrf,
  requireProof,
  type SignInDeps,
} from './handler.ts';
import { callbackPath, openIdHandlers } from './openid/handlers.ts';
import { passkeyHandlers, setUpByPasskey } from './passkey-handlers.ts';
import { isPassword } from './password.ts';
import { SignInRefusal } from './problems.ts';
import { renderJson, renderRefusal } from './render.ts';
import { requireSameOrigin } from './same-origin.ts';
import { canHavePasskeys } from './web-authn.ts';

const root = '/portvakt/v1/session';

/** Is this path the sign-in's own? */
export const isSessionPath = (url: string): boolean => /^\/portvakt\/v1\/session(?:[/?]|$)/.test(url);

/** Path after `root`, then method. */
const handlers: Readonly<Record<string, Readonly<Record<string, Handler>>>> = {
  '': { GET: show, POST: signInByPassword, DELETE: signOut, PATCH: change },
  '/setup': { POST: setUp },
  '/setup/look': { POST: lookAtLink },
  ...passkeyHandlers,
  ...openIdHandlers,
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
        const { status, body, location, cookie } = await answer(deps, request, notes);
        return renderJson(trace, status, body, {
          ...(cookie === undefined ? {} : { 'Set-Cookie': cookie }),
          ...(location === undefined ? {} : { Location: location }),
        });
      },
      refuse: (refusal) => {
        const { stage, problem } = refusal;
        deps.log.info('sign-in refused', { stage, code: problem.code, traceId: trace.traceId });
        const refused = renderRefusal(trace, refusal, waysOf(refusal, deps, request));
        return pathOf(request) === callbackPath ? backToTheDoor(refused, refusal) : refused;
      },
      unavailable: (why) => new SignInRefusal(why),
      idsOf: () => auditIds(trace),
      reasonOf: ({ reason }) => parseAuditText(reason),
    });
  };
}

/** How one may sign in here. */
function waysOf({ problem }: Refusal, { openId }: SignInDeps, { host }: HttpRequest): object {
  if (problem.status !== 401) return {};
  const others = openId === undefined ? {} : { openId: [{ id: 'openid', name: openId.settings.name }] };
  return { signIn: { password: true, passkey: canHavePasskeys(host), ...others } };
}

/** Path below the sign-in's own. */
const pathOf = ({ url }: HttpRequest): string => url.slice(root.length).split('?', 1)[0] ?? '';

/** Who comes back from an issuer has loaded a page, and is told on the page to sign in. */
const backToTheDoor = (refused: HttpResponse, { problem }: Refusal): HttpResponse => ({
  ...refused,
  status: 303,
  headers: { ...refused.headers, Location: `/app/?problem=${problem.code}` },
});

async function answer(deps: SignInDeps, request: HttpRequest, notes: AuditNotes): Promise<Answer> {
  if (!deps.hasAuthority) throw new SignInRefusal('authorityOff');
  const place = deps.findPlace(request.host);
  if (place?.isHome !== true) throw new SignInRefusal('hostNotServed', deps.publicUrl);
  const { key, id } = keyOf(pathOf(request));
  const methods = Object.hasOwn(handlers, key) ? handlers[key] : undefined;
  if (methods === undefined) throw new SignInRefusal('notFound');
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  const handler = Object.hasOwn(methods, method) ? methods[method] : undefined;
  if (handler === undefined) {
    throw new SignInRefusal('methodNotAllowed', method, { Allow: Object.keys(methods).join(', ') });
  }
  // An issuer leads back from its own site.
  if (key !== callbackPath) requireSameOrigin(request, new URL(place.url).protocol);
  return handler({ deps, request, place, notes, id });
}

/** A path with the id of a passkey goes by its pattern. */
function keyOf(path: string): { readonly key: string; readonly id: string } {
  const id = /^\/passkey\/([\da-f-]{36})$/i.exec(path)?.[1] ?? '';
  return id === '' ? { key: path, id } : { key: '/passkey/{id}', id };
}

/** The one read without the token against forged requests: it is where the page gets it, and no other page can read it. */
async function show(asked: Asked): Promise<Answer> {
  const { deps, request } = asked;
  const session = await deps.sessions.find(request.headers['cookie']);
  if (session !== undefined) return { status: 200, body: await bodyFor(asked, session) };
  const isSetUp = await deps.operators.isSetUp();
  throw new SignInRefusal(isSetUp ? 'signedOut' : 'setupNeeded');
}

async function signInByPassword(asked: Asked): Promise<Answer> {
  const { deps, request, notes } = asked;
  notes.message = 'signIn';
  const body = bodyOf(request);
  const name = textIn(body, 'name', 100);
  const password = textIn(body, 'password', 1000);
  requireAttempt(asked, name);
  countAttempt(asked, name);
  const operator = await deps.operators.findByName(name);
  const isRight = await isPassword(password, operator?.passwordHash);
  if (!isRight || operator?.isEnabled !== true) throw new SignInRefusal('wrongPassword');
  countAttempt(asked, name, -1);
  return begin(asked, operator);
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
  const session = await getOwnSession(asked);
  const { operator } = session;
  const body = bodyOf(request);
  const language = languageIn(body);
  const changed = language === undefined ? operator : await deps.operators.change(operator.id, { language });
  if (changed === undefined) throw new SignInRefusal('signedOut');
  if (body['password'] === undefined) {
    return { status: 200, body: await bodyFor(asked, { ...session, operator: changed }) };
  }
  const password = objectIn(body, 'password');
  await requireProof(asked, session, password['current']);
  await deps.operators.setPassword(operator, textIn(password, 'next', 1000));
  return begin(asked, changed);
}

async function setUp(asked: Asked): Promise<Answer> {
  const { deps, request, notes } = asked;
  notes.message = 'setUp';
  const body = bodyOf(request);
  const link = await deps.operators.getLink(textIn(body, 'token', 100));
  const name = link.operator === undefined ? textIn(body, 'name', 100) : link.operator.name;
  if (body['passkey'] !== undefined) {
    return begin(asked, await setUpByPasskey(asked, link, name, objectIn(body, 'passkey')));
  }
  return begin(asked, await deps.operators.redeem(link, name, { password: textIn(body, 'password', 1000) }));
}

async function lookAtLink({ deps, request, notes }: Asked): Promise<Answer> {
  notes.message = 'lookAtLink';
  const { purpose, operator, endsAt } = await deps.operators.getLink(textIn(bodyOf(request), 'token', 100));
  const name = operator === undefined ? {} : { name: operator.name };
  const role = operator?.role ?? 'full';
  return { status: 200, body: { purpose, ...name, role, expiresAt: endsAt, passkey: canHavePasskeys(request.host) } };
}
