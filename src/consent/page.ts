import { createHash } from 'node:crypto';
import type { HttpResponse } from '../kernel/http.ts';
import type { ConsentRequest } from './consent-request.ts';
import type { FormProblem } from './form-refusal.ts';
import { type Language, type Texts, texts } from './texts.ts';

/** Text that may stand in HTML, also inside quoted attributes. */
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);

const fill = (text: string, ...values: readonly string[]): string =>
  escapeHtml(text).replace(
    /\{(\d)\}/g,
    (_, index: string) => `<strong>${escapeHtml(values[Number(index)] ?? '')}</strong>`,
  );

const style = `:root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem}
dt{font-weight:600}dd{margin:0 0 .5rem;overflow-wrap:anywhere}label{display:block;font-weight:600}
input,button{font:inherit;padding:.5rem .75rem;margin:.25rem .5rem .5rem 0}input{width:100%;box-sizing:border-box}
.problem{border-left:.25rem solid #b00020;padding-left:.75rem}`;
const styleHash = createHash('sha256').update(style).digest('base64');

export interface PageOptions {
  readonly status: number;
  readonly language: Language;
  /** What its form may lead to besides this server: browsers check redirects that follow a form too. */
  readonly leadsTo?: URL | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A whole page around escaped `content`: no script, no frame, nothing from elsewhere, kept by nobody. */
export function renderPage(title: string, content: string, options: PageOptions): HttpResponse {
  const formTargets = ["'self'", ...(options.leadsTo === undefined ? [] : [options.leadsTo.origin])].join(' ');
  return {
    status: options.status,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Language': options.language,
      'Content-Security-Policy': `default-src 'none'; style-src 'sha256-${styleHash}'; form-action ${formTargets}; frame-ancestors 'none'; base-uri 'none'`,
      'X-Frame-Options': 'DENY',
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cache-Control': 'no-store',
      Vary: 'Accept-Language, Cookie',
      ...options.headers,
    },
    body: `<!doctype html>
<html lang="${options.language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escapeHtml(title)}</title><style>${style}</style></head>
<body><main><h1>${escapeHtml(title)}</h1>
${content}</main></body>
</html>
`,
  };
}

export interface ConsentForm {
  readonly request: ConsentRequest;
  /** Name and domain of the tenant that the application comes from. */
  readonly publisher: string;
  readonly token: string;
  readonly problem?: { readonly name: FormProblem; readonly value?: string } | undefined;
}

/** The question. Its form is sent to the page's own address. */
export function consentContent(form: ConsentForm, language: Language): string {
  const { request, problem } = form;
  const say = texts[language];
  const alert =
    problem === undefined
      ? ''
      : `<p class="problem" role="alert">${fill(say[problem.name], problem.value ?? '')}</p>\n`;
  return `${alert}<p>${fill(say.asks, request.application.displayName, request.tenant.displayName)}</p>
${factsOf(form, say)}
<p>${escapeHtml(say.effect)}</p>
${request.principal === undefined ? '' : `<p>${escapeHtml(say.alreadyAdmitted)}</p>\n`}<form method="post" autocomplete="off">
<input type="hidden" name="form" value="${escapeHtml(form.token)}">
<label for="code">${escapeHtml(say.code)}</label>
<input id="code" name="code" required maxlength="40" autocomplete="one-time-code" autocapitalize="characters" spellcheck="false" aria-describedby="code-hint"${problem?.name === 'wrongCode' ? ' aria-invalid="true"' : ''}>
<p id="code-hint">${escapeHtml(say.codeHint)}</p>
<button type="submit" name="decision" value="accept">${escapeHtml(say.accept)}</button>
<button type="submit" name="decision" value="refuse" formnovalidate>${escapeHtml(say.refuse)}</button>
</form>
`;
}

function factsOf({ request, publisher }: ConsentForm, say: Texts): string {
  const { application, tenant, redirect, scope } = request;
  const facts: readonly (readonly [string, string | undefined])[] = [
    [say.application, application.displayName],
    [say.clientId, application.clientId],
    [say.publisher, publisher],
    [say.tenant, [tenant.displayName, ...tenant.domains.slice(0, 1)].join(', ')],
    [say.scope, scope],
    [say.leadsTo, redirect === undefined ? undefined : redirect.origin + redirect.pathname],
  ];
  const shown = facts.flatMap(([name, value]) =>
    value === undefined ? [] : `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`,
  );
  return `<dl>\n${shown.join('\n')}\n</dl>`;
}

/** For `common` and `organizations`: asks for the tenant, and keeps what was sent. */
export function tenantContent(sent: URLSearchParams, problem: string | undefined, language: Language): string {
  const say = texts[language];
  const kept = [...sent].filter(([name]) => name !== 'tenant');
  const hidden = kept.map(
    ([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`,
  );
  const alert = problem === undefined ? '' : `<p class="problem" role="alert">${escapeHtml(problem)}</p>\n`;
  return `${alert}<form method="get">
${hidden.join('\n')}
<label for="tenant">${escapeHtml(say.chooseTenant)}</label>
<input id="tenant" name="tenant" required maxlength="253" placeholder="${escapeHtml(say.tenantName)}" autocapitalize="none" spellcheck="false">
<button type="submit">${escapeHtml(say.goOn)}</button>
</form>
`;
}

/** One paragraph, names in it emphasised. */
export const paragraph = (text: string, ...values: readonly string[]): string => `<p>${fill(text, ...values)}</p>\n`;
