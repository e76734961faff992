import { beforeEach, describe, expect, test } from 'vitest';
import { isConsentUrl } from '../../src/consent/address.ts';
import { createConsentSurface } from '../../src/consent/surface.ts';
import { Directory } from '../../src/directory/directory.ts';
import type { AppRegistration, Tenant } from '../../src/directory/entities.ts';
import type { AuditEntry } from '../../src/kernel/audit.ts';
import type { Surface } from '../../src/kernel/http.ts';
import { noPeers } from '../../src/kernel/peers.ts';
import { ConsentBrowser, type SendPage, type ShownPage } from '../support/consent-browser.ts';
import { MemoryStore } from '../support/memory-store.ts';
import { lastCode, type RecordingLog, recordingLog } from '../support/recording-log.ts';

let now: Date;
let directory: Directory;
let partner: Tenant;
let customer: Tenant;
let ats: AppRegistration;
let log: RecordingLog;
let audited: AuditEntry[];
let auditWorks: boolean;
let browser: ConsentBrowser;
let surface: Surface;

const redirectUri = 'https://ats.example/admitted';

beforeEach(async () => {
  now = new Date('2026-03-01T12:00:00Z');
  directory = await Directory.open(new MemoryStore(), () => now);
  partner = await directory.createTenant({ displayName: 'Partner <b>&"', domains: ['partner.example'] });
  customer = await directory.createTenant({ displayName: 'Kunde', domains: ['kunde.example'] });
  ats = await directory.createApplication({
    tenantId: partner.id,
    displayName: 'ATS <script>alert(1)</script>',
    signInAudience: 'AzureADMultipleOrgs',
    redirectUris: [redirectUri],
  });
  log = recordingLog();
  audited = [];
  auditWorks = true;
  surface = createConsentSurface({
    directory,
    publicUrl: 'https://hr.example',
    clock: () => now,
    log,
    peers: noPeers(),
    audit: {
      get isWorking() {
        return auditWorks;
      },
      write: async (entry) => void audited.push(entry),
      note: (entry) => void audited.push(entry),
    },
  });
  browser = new ConsentBrowser(send);
});

const send: SendPage = async (url, { method, headers, body = '' }) => {
  const answer = await surface({ method, url, host: 'hr.example', headers, body: Buffer.from(body) });
  const lower = Object.fromEntries(Object.entries(answer.headers).map(([name, value]) => [name.toLowerCase(), value]));
  return { status: answer.status, headers: lower, text: answer.body.toString() };
};

/** The page's address for these parameters; `undefined` leaves one out. */
function pageUrl(changes: Readonly<Record<string, string | undefined>> = {}, path = `/${customer.id}/adminconsent`) {
  const all = { client_id: ats.clientId, redirect_uri: redirectUri, state: 'a&b "c"', ...changes };
  const sent = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return `${path}?${new URLSearchParams(sent)}`;
}

const codeFor = (tenant = customer): string => lastCode(log, tenant.id, ats.clientId) ?? '';
const admitted = (tenant = customer) => directory.current.findServicePrincipal(tenant.id, ats.clientId);
const errorOn = ({ text }: ShownPage): string | undefined => /AADSTS\d+/.exec(text)?.[0];
const alertOn = ({ text }: ShownPage): string | undefined => /role="alert">([^<]*)/.exec(text)?.[1];

async function accept(url = pageUrl(), code?: string): Promise<ShownPage> {
  const page = await browser.open(url);
  return browser.submit(url, page, { code: code ?? codeFor(), decision: 'accept' });
}

describe('consent', () => {
  test('with the code: the application is admitted and the answer goes where it belongs', async () => {
    const answer = await accept();
    expect(answer.status).toBe(303);
    expect(answer.headers['location']).toBe(
      `${redirectUri}?admin_consent=True&tenant=${customer.id}&state=a%26b+%22c%22`,
    );
    expect(admitted()).toMatchObject({ tenantId: customer.id, accountEnabled: true, appRoles: [] });
    expect(admitted()?.id).not.toBe(admitted(partner)?.id);
    expect(audited.at(-1)).toMatchObject({
      kind: 'consent',
      outcome: 'allowed',
      message: 'consent given',
      tenantId: customer.id,
      clientId: ats.clientId,
      targetId: admitted()?.id,
    });
  });

  test('the v2.0 form gives the scope back', async () => {
    const url = pageUrl({ scope: 'https://hr.example/.default' }, '/kunde.example/v2.0/adminconsent');
    const answer = await accept(url);
    const to = new URL(answer.headers['location'] ?? '');
    expect(Object.fromEntries(to.searchParams)).toEqual({
      admin_consent: 'True',
      tenant: customer.id,
      state: 'a&b "c"',
      scope: 'https://hr.example/.default',
    });
  });

  test('without a redirect URI the first registered one is meant; without a registered one it ends on a page', async () => {
    expect((await accept(pageUrl({ redirect_uri: undefined }))).headers['location']).toMatch(`${redirectUri}?`);
    await directory.updateApplication(ats.id, { redirectUris: [] });
    const url = pageUrl({ redirect_uri: undefined });
    const answer = await accept(url);
    expect(answer.status).toBe(200);
    expect(answer.text).toContain('<h1>Admitted</h1>');
  });

  test('given again changes nothing, and asks for a code again', async () => {
    await accept();
    const first = admitted();
    const page = await browser.open(pageUrl());
    expect(page.text).toContain('It has been admitted before.');
    expect((await browser.submit(pageUrl(), page, { code: 'WRONG', decision: 'accept' })).status).toBe(403);
    expect((await accept()).status).toBe(303);
    expect(admitted()).toEqual(first);
  });

  test('does not enable what an administrator has disabled', async () => {
    await accept();
    const principal = admitted();
    if (principal !== undefined) await directory.setServicePrincipalEnabled(principal.id, false);
    expect((await accept()).status).toBe(303);
    expect(admitted()?.accountEnabled).toBe(false);
  });

  test('after it was withdrawn makes another service principal', async () => {
    await accept();
    const before = admitted();
    if (before !== undefined) await directory.deleteServicePrincipal(before.id);
    await accept();
    expect(admitted()?.id).not.toBe(before?.id);
  });

  test('refused: no code is needed, nothing is admitted, and the application is told', async () => {
    const page = await browser.open(pageUrl());
    const answer = await browser.submit(pageUrl(), page, { decision: 'refuse' });
    const to = new URL(answer.headers['location'] ?? '');
    expect(to.origin + to.pathname).toBe(redirectUri);
    expect(Object.fromEntries(to.searchParams)).toMatchObject({ error: 'permission_denied', state: 'a&b "c"' });
    expect(admitted()).toBeUndefined();
    expect(audited.at(-1)).toMatchObject({ kind: 'consent', message: 'consent refused' });
  });

  test('a form without a decision refuses', async () => {
    const page = await browser.open(pageUrl());
    await browser.submit(pageUrl(), page, { code: codeFor() });
    expect(admitted()).toBeUndefined();
  });
});

test('while the audit log cannot be written nothing is consented to', async () => {
  const page = await browser.open(pageUrl());
  auditWorks = false;
  const answer = await browser.submit(pageUrl(), page, { code: codeFor(), decision: 'accept' });
  expect(answer.status).toBe(503);
  expect(admitted()).toBeUndefined();
});

describe('without the proof there is no consent', () => {
  test('a wrong code: 403 and the form again; five of them, and the right one is void', async () => {
    const page = await browser.open(pageUrl());
    const code = codeFor();
    for (let wrong = 1; wrong < 5; wrong++) {
      const answer = await browser.submit(pageUrl(), page, { code: '00000-00000', decision: 'accept' });
      expect(answer.status).toBe(403);
      expect(alertOn(answer)).toMatch(/^That is not the code/);
    }
    const last = await browser.submit(pageUrl(), page, { code: '00000-00000', decision: 'accept' });
    expect(alertOn(last)).toMatch(/cannot be used any more/);
    expect((await browser.submit(pageUrl(), page, { code, decision: 'accept' })).status).toBe(403);
    expect(admitted()).toBeUndefined();
    expect(audited.filter(({ outcome }) => outcome === 'denied')).toHaveLength(6);
    expect(audited.at(-1)).toMatchObject({ kind: 'consent', stage: 'user', code: 'voidCode', clientId: ats.clientId });
  });

  test('too many: 429 tells when to come back', async () => {
    const page = await browser.open(pageUrl());
    for (let wrong = 0; wrong < 5; wrong++) await browser.submit(pageUrl(), page, { code: 'X', decision: 'accept' });
    const answer = await browser.open(pageUrl());
    expect({ status: answer.status, after: answer.headers['retry-after'] }).toEqual({ status: 429, after: '60' });
    expect(alertOn(answer)).toMatch(/^Too many codes/);
  });

  test('a code for another tenant is none here', async () => {
    const other = await directory.createTenant({ displayName: 'Annen', domains: ['annen.example'] });
    await browser.open(pageUrl({}, '/annen.example/adminconsent'));
    const answer = await accept(pageUrl(), codeFor(other));
    expect(answer.status).toBe(403);
    expect(admitted()).toBeUndefined();
  });

  test('a code of ten minutes ago is none', async () => {
    const page = await browser.open(pageUrl());
    now = new Date(now.getTime() + 600_000);
    const answer = await browser.submit(pageUrl(), page, { code: codeFor(), decision: 'accept' });
    expect(alertOn(answer)).toMatch(/cannot be used any more/);
  });

  test.each([
    {
      name: 'no cookie',
      submit: (page: ShownPage) =>
        new ConsentBrowser(send).submit(pageUrl(), page, { code: codeFor(), decision: 'accept' }),
    },
    {
      name: 'the form of another browser',
      submit: async (page: ShownPage) => {
        const other = new ConsentBrowser(send);
        await other.open(pageUrl());
        return other.submit(pageUrl(), page, { code: codeFor(), decision: 'accept' });
      },
    },
    {
      name: 'the form for another state',
      submit: (page: ShownPage) =>
        browser.submit(pageUrl({ state: 'x' }), page, { code: codeFor(), decision: 'accept' }),
    },
    {
      name: 'the form for another tenant',
      submit: (page: ShownPage) =>
        browser.submit(pageUrl({}, `/${partner.id}/adminconsent`), page, { code: codeFor(), decision: 'accept' }),
    },
    {
      name: 'no form token',
      submit: (page: ShownPage) => browser.submit(pageUrl(), page, { code: codeFor(), decision: 'accept', form: '' }),
    },
    {
      name: 'a form token that is none',
      submit: (page: ShownPage) =>
        browser.submit(pageUrl(), page, { code: codeFor(), decision: 'accept', form: 'A'.repeat(43) }),
    },
    {
      name: 'a refusal from elsewhere',
      submit: (page: ShownPage) => new ConsentBrowser(send).submit(pageUrl(), page, { decision: 'refuse' }),
    },
  ])('$name: 403, and the code is still good', async ({ submit }) => {
    const page = await browser.open(pageUrl());
    const answer = await submit(page);
    expect(answer.status).toBe(403);
    expect(alertOn(answer)).toMatch(/out of date/);
    expect(admitted()).toBeUndefined();
    expect((await browser.submit(pageUrl(), page, { code: codeFor(), decision: 'accept' })).status).toBe(303);
  });

  test('the code is in the log as a warning, never on the page', async () => {
    const page = await browser.open(pageUrl());
    expect(codeFor()).toMatch(/^\w{5}-\w{5}$/);
    expect(page.text).not.toContain(codeFor());
    expect(log.lines.find(({ fields }) => 'code' in fields)?.level).toBe('warn');
    await browser.open(pageUrl());
    expect(log.lines.filter(({ fields }) => 'tenantId' in fields && 'code' in fields)).toHaveLength(1);
  });
});

describe('what is refused on a page, and leads nowhere', () => {
  interface Row {
    readonly name: string;
    readonly url: () => string;
    readonly code: string;
    readonly status?: number;
  }
  const rows: readonly Row[] = [
    { name: 'no client id', url: () => pageUrl({ client_id: undefined }), code: 'AADSTS900144' },
    {
      name: 'an unknown client id',
      url: () => pageUrl({ client_id: '00000000-0000-4000-8000-000000000001' }),
      code: 'AADSTS700016',
    },
    { name: 'a client id that is none', url: () => pageUrl({ client_id: '<script>' }), code: 'AADSTS700016' },
    {
      name: 'a redirect URI that is not registered',
      url: () => pageUrl({ redirect_uri: 'https://evil.example/' }),
      code: 'AADSTS50011',
    },
    {
      name: 'a redirect URI that is a script',
      url: () => pageUrl({ redirect_uri: 'javascript:alert(1)' }),
      code: 'AADSTS50011',
    },
    { name: 'a parameter twice', url: () => `${pageUrl()}&state=x`, code: 'AADSTS9002313' },
    { name: 'a state that is too long', url: () => pageUrl({ state: 'x'.repeat(2049) }), code: 'AADSTS9002313' },
    {
      name: 'no scope in the v2.0 form',
      url: () => pageUrl({}, `/${customer.id}/v2.0/adminconsent`),
      code: 'AADSTS900144',
    },
    { name: 'an unknown tenant', url: () => pageUrl({}, '/nobody.example/adminconsent'), code: 'AADSTS90002' },
    { name: 'a tenant that is no name', url: () => pageUrl({}, '/a_b/adminconsent'), code: 'AADSTS900023' },
    { name: 'consumers', url: () => pageUrl({}, '/consumers/adminconsent'), code: 'AADSTS9001023' },
  ];
  test.each(rows)('$name: $code', async ({ url, code, status = 400 }) => {
    const answer = await browser.open(url());
    expect(answer.status).toBe(status);
    expect(errorOn(answer)).toBe(code);
    expect(answer.headers['location']).toBeUndefined();
    expect(answer.text).not.toContain('<script');
    expect(log.lines.filter(({ fields }) => 'tenantId' in fields)).toEqual([]);
  });

  test.each(['common', 'organizations', 'kunde.example'])(
    'an application for one tenant, at %s: AADSTS50194',
    async (segment) => {
      await directory.updateApplication(ats.id, { signInAudience: 'AzureADMyOrg' });
      const answer = await browser.open(pageUrl({}, `/${segment}/adminconsent`));
      expect({ status: answer.status, code: errorOn(answer) }).toEqual({ status: 400, code: 'AADSTS50194' });
    },
  );

  test('an application for one tenant can be admitted to its own', async () => {
    await directory.updateApplication(ats.id, { signInAudience: 'AzureADMyOrg' });
    const url = pageUrl({}, `/${partner.id}/adminconsent`);
    const page = await browser.open(url);
    await browser.submit(url, page, { code: codeFor(partner), decision: 'accept' });
    expect(admitted(partner)).toBeDefined();
  });

  test.each(['HEAD', 'PUT', 'DELETE', 'OPTIONS'])('%s: 405, and no code is written', async (method) => {
    const answer = await surface({ method, url: pageUrl(), host: 'hr.example', headers: {}, body: Buffer.alloc(0) });
    expect(answer.status).toBe(405);
    expect(answer.headers['Allow']).toBe('GET, POST');
    expect(codeFor()).toBe('');
  });

  test('a body that is no form: AADSTS9002313', async () => {
    const answer = await send(pageUrl(), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    expect(errorOn(answer)).toBe('AADSTS9002313');
  });
});

describe('common and organizations', () => {
  test('ask for the tenant and go on at its own address with everything that was sent', async () => {
    const url = pageUrl({ scope: 'openid' }, '/common/v2.0/adminconsent');
    const page = await browser.open(url);
    expect(page.text).toContain('name="tenant"');
    expect(codeFor()).toBe('');
    const answer = await browser.open(`${url}&tenant=KUNDE.example`);
    expect(answer.status).toBe(303);
    expect(answer.headers['location']).toBe(pageUrl({ scope: 'openid' }, `/${customer.id}/v2.0/adminconsent`));
  });

  test.each(['nobody.example', '//evil.example', 'https://evil.example', '<b>', ''])(
    'the tenant %s is none: asked again',
    async (tenant) => {
      const answer = await browser.open(
        `${pageUrl({}, '/organizations/adminconsent')}&tenant=${encodeURIComponent(tenant)}`,
      );
      expect(answer.headers['location']).toBeUndefined();
      expect(answer.status).toBe(400);
      expect(answer.text).not.toContain('<b>');
    },
  );
});

describe('the page', () => {
  test('runs no script, is in no frame, and is kept by nobody', async () => {
    const { headers } = await browser.open(pageUrl());
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
    expect(headers['content-security-policy']).toMatch(
      /^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/=]{44}'; form-action 'self' https:\/\/ats\.example; frame-ancestors 'none'; base-uri 'none'$/,
    );
    expect(headers['set-cookie']).toMatch(
      /^__Host-portvakt-consent=[\w-]{22}; Path=\/; HttpOnly; SameSite=Lax; Secure$/,
    );
  });

  test('says who asks, for whom and what follows, every text escaped', async () => {
    const { text } = await browser.open(pageUrl());
    expect(text).not.toMatch(/<script|<b>|"c"/);
    expect(text).toContain('ATS &#60;script&#62;alert(1)&#60;/script&#62;');
    expect(text).toContain('Partner &#60;b&#62;&#38;&#34;, partner.example');
    expect(text).toContain('Kunde, kunde.example');
    expect(text).toContain(ats.clientId);
    expect(text).toContain('https://ats.example/admitted');
  });

  test('can be used without scripts and read aloud', async () => {
    const { text } = await browser.open(pageUrl());
    expect(text).toContain('<html lang="en">');
    expect(text).toMatch(/<label for="code">.*<\/label>\s*<input id="code"[^>]*aria-describedby="code-hint"/);
    expect(text.match(/<h1>/g)).toHaveLength(1);
    expect(text).toContain('formnovalidate');
    expect(text).not.toMatch(/\son\w+=|style=/);
  });

  test('speaks Norwegian to those who prefer it', async () => {
    const norwegian = new ConsentBrowser(send, 'nb-NO,nb;q=0.9,en;q=0.5');
    const page = await norwegian.open(pageUrl());
    expect(page.headers['content-language']).toBe('nb');
    expect(page.text).toContain('<html lang="nb">');
    expect(page.text).toContain('Engangskode');
    const wrong = await norwegian.submit(pageUrl(), page, { code: 'X', decision: 'accept' });
    expect(alertOn(wrong)).toMatch(/^Det er ikke koden/);
    expect((await norwegian.open(pageUrl({ client_id: undefined }))).text).toContain('Dette går ikke');
  });

  test('without TLS the cookie is an ordinary one', async () => {
    const plain = createConsentSurface({
      directory,
      publicUrl: 'http://hr.example',
      clock: () => now,
      log,
      peers: noPeers(),
      audit: { isWorking: true, write: async () => undefined, note: () => undefined },
    });
    const answer = await plain({
      method: 'GET',
      url: pageUrl(),
      host: 'hr.example',
      headers: {},
      body: Buffer.alloc(0),
    });
    expect(answer.headers['Set-Cookie']).toMatch(/^portvakt-consent=[\w-]{22}; Path=\/; HttpOnly; SameSite=Lax$/);
  });
});

test.each([
  { url: '/kunde.example/adminconsent', is: true },
  { url: '/kunde.example/adminconsent?x', is: true },
  { url: '/common/V2.0/AdminConsent/', is: true },
  { url: '/adminconsent', is: false },
  { url: '/a/b/adminconsent', is: false },
  { url: '/a/adminconsentx', is: false },
  { url: '/a/oauth2/token?/b/adminconsent', is: false },
])('$url is the consent page: $is', ({ url, is }) => {
  expect(isConsentUrl(url)).toBe(is);
});
