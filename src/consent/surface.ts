import { randomBytes } from 'node:crypto';
import type { Directory } from '../directory/directory.ts';
import type { ServicePrincipal } from '../directory/entities.ts';
import { type Audit, type AuditNotes, beginNotes } from '../kernel/audit.ts';
import { parseRequestText } from '../kernel/audit-text.ts';
import { answerAudited } from '../kernel/audited.ts';
import type { Clock } from '../kernel/clock.ts';
import type { HttpRequest, HttpResponse, Surface } from '../kernel/http.ts';
import type { Log } from '../kernel/log.ts';
import type { Peers } from '../kernel/peers.ts';
import { type Problem, Refusal } from '../kernel/refusal.ts';
import type { Unavailability } from '../kernel/unavailable.ts';
import { type FormParameters, parseForm } from '../token/form.ts';
import { TokenRefusal } from '../token/problems.ts';
import { auditIds, startTrace, type Trace } from '../token/trace.ts';
import { type ConsentAddress, parseConsentUrl } from './address.ts';
import { ConsentCodes, type ConsentPurpose } from './codes.ts';
import {
  type ConsentParameters,
  type ConsentRequest,
  isShared,
  parseParameters,
  requireUsable,
  toConsentRequest,
} from './consent-request.ts';
import { FormRefusal } from './form-refusal.ts';
import { FormTokens } from './form-token.ts';
import { consentContent, paragraph, renderPage, tenantContent } from './page.ts';
import { redirectTo } from './redirect-uri.ts';
import { chooseLanguage, type Language, texts } from './texts.ts';

export interface ConsentDeps {
  readonly directory: Directory;
  /** Origin of the token authority. */
  readonly publicUrl: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly audit: Audit;
  readonly peers: Peers;
}

interface Services extends ConsentDeps {
  /** Uses the codes, which all processes share. */
  withCodes<T>(job: (codes: ConsentCodes) => T): Promise<T>;
  readonly forms: FormTokens;
}

/** One request, with the language of its answer. */
interface Asked {
  readonly http: HttpRequest;
  readonly trace: Trace;
  readonly notes: AuditNotes;
  readonly address: ConsentAddress;
  readonly language: Language;
}

/**
 * `/{tenant}/adminconsent`: the page on which the administrator of a tenant admits an application, proving who they are
 * with a code that only they can read. Anything wrong with the request is said on a page: an answer travels to the
 * application's own address only, and only after that was compared with the registered ones.
 */
export function createConsentSurface(deps: ConsentDeps): Surface {
  let opening: Promise<Services> | undefined;
  const servicesOf = (): Promise<Services> => {
    opening ??= openServices(deps).catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
    return opening;
  };
  return async (http) => {
    const services = await servicesOf();
    const trace = startTrace(http);
    const notes = beginNotes('token', http.method === 'POST' ? 'consent' : 'read', http);
    const asked: Asked = {
      http,
      trace,
      notes,
      address: parseConsentUrl(http.url),
      language: chooseLanguage(http.headers['accept-language']),
    };
    const answered = await answerAudited({
      audit: deps.audit,
      notes,
      answer: () => answer(services, asked),
      refuse: (refusal) => renderRefusal(services, asked, refusal),
      unavailable: (why, reason) => new Refusal('run', { code: why, ...unavailabilities[why] }, reason),
      idsOf: () => auditIds(trace),
      reasonOf: ({ reason }) => parseRequestText(reason, http),
    });
    return { ...answered, headers: { ...answered.headers, 'x-ms-request-id': trace.traceId } };
  };
}

/** The codes, and the key that ties forms to browsers: a form that one process shows may be sent to another. */
async function openServices(deps: ConsentDeps): Promise<Services> {
  const { clock, peers, publicUrl } = deps;
  const key = await peers.share('consent form key', (known) => {
    const text = known ?? randomBytes(32).toString('base64');
    return { text, result: Buffer.from(text, 'base64') };
  });
  return {
    ...deps,
    forms: new FormTokens(new URL(publicUrl).protocol === 'https:', key),
    withCodes: (job) =>
      peers.share('consent codes', (known) => {
        const codes = new ConsentCodes(clock, known);
        const result = job(codes);
        return { text: codes.text, result };
      }),
  };
}

const unavailabilities = {
  auditUnavailable: {
    status: 503,
    message: 'the audit log cannot be written, and nothing is done that cannot be audited',
  },
  dataUnavailable: { status: 503, message: 'the database cannot be used now: try again later' },
  outcomeUnknown: {
    status: 500,
    message: 'the consent may have been given: look at the permissions of the application before you try again',
  },
} as const satisfies Record<Unavailability, Omit<Problem, 'code'>>;

async function answer(services: Services, asked: Asked): Promise<HttpResponse> {
  const { http, address } = asked;
  if (http.method !== 'GET' && http.method !== 'POST') {
    throw new TokenRefusal('wrongVerb', ['GET/POST', http.method], { headers: { Allow: 'GET, POST' } });
  }
  const snapshot = services.directory.current;
  const parameters = parseParameters(snapshot, address); // 900144, 9002313, 700016, 50011
  if (isShared(address)) return chooseTenant(services, asked, parameters); // 50194
  const request = toConsentRequest(snapshot, address, parameters); // 90002, 900023, 50059, 50194
  const { clientId } = request.application;
  Object.assign(asked.notes, { tenantId: request.tenant.id, clientId, table: 'servicePrincipals' });
  return http.method === 'GET' ? ask(services, asked, request) : decide(services, asked, request);
}

/** Shows the question, and writes a code to the log unless one that can still be used stands there. */
async function ask(services: Services, asked: Asked, request: ConsentRequest): Promise<HttpResponse> {
  const issued = await services.withCodes((codes) => codes.issue(purposeOf(request)));
  if (issued.kind === 'tooMany') {
    throw new FormRefusal(request, 'tooManyCodes', issued.retryAfterSeconds);
  }
  if (issued.code !== undefined) announce(services.log, request, issued.code);
  return showForm(services, asked, request);
}

/**
 * The code goes to whoever may read the server's log: that is the proof of an administrator until there is a sign-in.
 * As a warning, so that it is written at all levels but `error`.
 */
function announce(log: Log, { application, tenant, redirect }: ConsentRequest, code: string): void {
  log.warn('an application asks to be admitted: type this one-time code on the consent page only if you mean it', {
    code,
    application: application.displayName,
    clientId: application.clientId,
    tenant: tenant.displayName,
    tenantId: tenant.id,
    leadsTo: redirect?.origin,
  });
}

/** Carries out what was chosen in the form. */
async function decide(services: Services, asked: Asked, request: ConsentRequest): Promise<HttpResponse> {
  const form: FormParameters = parseForm(asked.http); // 9002313
  if (!services.forms.isValid(request, asked.http.headers['cookie'], form.get('form') ?? '')) {
    throw new FormRefusal(request, 'staleForm');
  }
  if (form.get('decision') !== 'accept') return refuse(services, asked, request);
  const code = form.get('code') ?? '';
  const redeemed = await services.withCodes((codes) => codes.redeem(purposeOf(request), code));
  if (redeemed !== 'right') throw new FormRefusal(request, redeemed === 'wrong' ? 'wrongCode' : 'voidCode');
  const principal = await admit(services.directory, request);
  asked.notes.targetId = principal.id;
  noteOutcome(services, asked, request, 'consent given');
  return accepted(asked, request);
}

/** Makes the service principal. One that is there stays as it is: a disabled one is not enabled by asking again. */
async function admit(directory: Directory, { tenant, application }: ConsentRequest): Promise<ServicePrincipal> {
  const order = { tenantId: tenant.id, clientId: application.clientId };
  const find = () => directory.current.findServicePrincipal(tenant.id, application.clientId);
  return (
    find() ??
    directory.createServicePrincipal(order).catch((error: unknown) => {
      // Admitted in the meantime, by another tab or through the API.
      const found = find();
      if (found === undefined) throw error;
      return found;
    })
  );
}

function accepted({ language }: Asked, request: ConsentRequest): HttpResponse {
  const { redirect, tenant, application, state, scope } = request;
  const { doneTitle, done } = texts[language];
  if (redirect === undefined) {
    return renderPage(doneTitle, paragraph(done, application.displayName, tenant.displayName), {
      status: 200,
      language,
    });
  }
  return seeOther(redirectTo(redirect, { admin_consent: 'True', tenant: tenant.id, state, scope }));
}

function refuse(services: Services, asked: Asked, request: ConsentRequest): HttpResponse {
  noteOutcome(services, asked, request, 'consent refused');
  const { language } = asked;
  const { redirect, tenant, application, state } = request;
  const { refusedTitle, refused } = texts[language];
  if (redirect === undefined) {
    const content = paragraph(refused, application.displayName, tenant.displayName);
    return renderPage(refusedTitle, content, { status: 200, language });
  }
  const description = 'The administrator refused to admit the application.';
  return seeOther(redirectTo(redirect, { error: 'permission_denied', error_description: description, state }));
}

function noteOutcome({ log }: Services, { notes }: Asked, request: ConsentRequest, outcome: string): void {
  notes.message = outcome;
  log.info(outcome, { tenantId: request.tenant.id, clientId: request.application.clientId });
}

const purposeOf = ({ tenant, application, redirect }: ConsentRequest): ConsentPurpose => ({
  tenantId: tenant.id,
  clientId: application.clientId,
  redirectUri: redirect?.href ?? '',
});

/** RFC 9110 section 15.4.4: the browser goes on with GET, and does not send the code along. */
const seeOther = (location: string): HttpResponse => ({
  status: 303,
  headers: { Location: location, 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' },
  body: '',
});

/** The question is asked again, with what is wrong. */
function showForm(
  services: Services,
  { http, language }: Asked,
  request: ConsentRequest,
  refusal?: FormRefusal,
): HttpResponse {
  const { token, cookie } = services.forms.issue(request, http.headers['cookie']);
  const home = services.directory.current.findTenant(request.application.tenantId);
  const publisher = [home?.displayName ?? '', ...(home?.domains.slice(0, 1) ?? [])].join(', ');
  const content = consentContent({ request, publisher, token, problem: refusal?.formProblem }, language);
  return renderPage(texts[language].title, content, {
    status: refusal?.problem.status ?? 200,
    language,
    headers: { ...refusal?.headers, 'Set-Cookie': cookie },
    leadsTo: request.redirect,
  });
}

/** `common` and `organizations` name nobody's tenant: the administrator says which, and goes on at its own address. */
function chooseTenant(services: Services, asked: Asked, { application }: ConsentParameters): HttpResponse {
  requireUsable(application, undefined);
  const { address, language } = asked;
  const sent = new URLSearchParams(address.query);
  const name = sent.get('tenant');
  const tenant = name === null ? undefined : services.directory.current.findTenant(name.trim());
  if (tenant !== undefined) {
    sent.delete('tenant');
    return seeOther(`/${tenant.id}/${address.version === 'v2' ? 'v2.0/' : ''}adminconsent?${sent}`);
  }
  const refusal = name === null ? undefined : new TokenRefusal('tenantNotFound', [name]);
  const problem = refusal && `AADSTS${refusal.number}: ${refusal.problem.message}`;
  const content = tenantContent(sent, problem, language);
  return renderPage(texts[language].title, content, { status: refusal === undefined ? 200 : 400, language });
}

function renderRefusal(services: Services, asked: Asked, refusal: Refusal): HttpResponse {
  const { log, clock } = services;
  const { traceId, correlationId } = asked.trace;
  const { status, code, message } = refusal.problem;
  log.info('consent page refused', { code, traceId, reason: parseRequestText(refusal.reason, asked.http) });
  if (refusal instanceof FormRefusal) return showForm(services, asked, refusal.request, refusal);
  const ids = `Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${clock().toISOString()}`;
  const prefix = refusal instanceof TokenRefusal ? 'AADSTS' : '';
  const content = paragraph(`${prefix}${code}: {0}`, message) + paragraph(ids);
  const { language } = asked;
  return renderPage(texts[language].errorTitle, content, { status, language, headers: refusal.headers });
}
