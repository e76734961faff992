import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { Answer } from '../../support/client.ts';
import { engines, makeDatabase, type TestDatabase } from '../../support/database.ts';
import { bodyOf, errorOf, rowsOf } from '../../support/odata.ts';
import { recordingLog } from '../../support/recording-log.ts';
import { startServerOn, type TestServer } from '../../support/server-on.ts';
import { way } from '../../support/way.ts';
import { Browser, inviteOperator, lastLink } from '../../support/web-app-browser.ts';

const password = 'blåbær på fjellet 1928';
const people = [
  { name: 'Reader', role: 'readOnly' },
  { name: 'Recruiter', role: 'recruiting' },
] as const;
/** With it the name and password would do. */
const json = { 'content-type': 'application/json' };
const table = '/api/data/v9.2/mshr_hcmskillentities?$top=1';

/** Guesses until no process of the server looks any more. @returns how many were looked at, and the last answer */
async function guessUntilRefused(guess: () => Promise<{ readonly answer: Answer }>) {
  const refusing = new Set<string | undefined>();
  let looked = 0;
  for (;;) {
    const { answer: over } = await guess();
    if (over.status === 401) looked += 1;
    else refusing.add(over.headers['x-portvakt-worker']);
    if (refusing.size === (way.workers ?? 1) || looked > 20) return { looked, over };
  }
}

describe.each(engines)('signing in to the web app on %s', (engine) => {
  let server: TestServer;
  let database: TestDatabase | undefined;
  const log = recordingLog();
  let admin: Browser;
  let firstLink: string;
  const operators = new Map<string, string>();

  /** An operator with a password, signed in. */
  async function invite(name: string, role: string): Promise<Browser> {
    const { id, browser } = await inviteOperator(admin, name, role, password);
    operators.set(name, id);
    return browser;
  }

  beforeAll(async () => {
    if (engine === 'postgres') database = await makeDatabase(inject('postgresUrl'));
    server = await startServerOn(database?.url, {}, log);
    admin = new Browser(server);
    firstLink = lastLink(log);
  });
  afterAll(async () => {
    await server.close();
    await database?.drop();
  });

  test('before anybody is set up it says so, and the link makes the first operator once', async () => {
    const before = await admin.ask('/portvakt/v1/session');
    expect(before.status).toBe(401);
    expect(bodyOf(before, 401)).toMatchObject({ error: { code: 'setupNeeded' }, signIn: { password: true } });
    const weak = await admin.setUp(firstLink, 'Kari', 'kari1234');
    expect({ status: weak.status, code: errorOf(weak).code }).toEqual({ status: 400, code: 'passwordTooWeak' });
    const both = await Promise.all([1, 2].map((n) => new Browser(server).setUp(firstLink, `Kari${n}`, password)));
    expect(both.map(({ status }) => status).sort()).toEqual([200, 403]);
    const name = both[0]?.status === 200 ? 'Kari1' : 'Kari2';
    const signedIn = await admin.signIn(name, password);
    expect(bodyOf(signedIn)).toMatchObject({ user: { name, role: 'full' }, environment: { url: server.url } });
    const [set = ''] = (signedIn.headers['set-cookie'] as unknown as string[] | undefined) ?? [];
    expect(set).toMatch(/^__Host-portvakt=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict$/);
    expect((await new Browser(server).setUp(firstLink, 'Mallory', password)).status).toBe(403);
  });

  test('the first operator reaches every surface, and the audit log names the person', async () => {
    const paths = [table, '/data/SystemUsers?$top=1', '/v1.0/applications?$top=1', '/portvakt/v1/environments'];
    for (const path of paths) {
      const answer = await admin.ask(path);
      expect({ path, status: answer.status, text: answer.status === 200 ? '' : answer.text }).toEqual({
        path,
        status: 200,
        text: '',
      });
      expect(answer.headers['x-content-type-options']).toBe('nosniff');
    }
    const names = { UserID: 'OPTEST', UserName: 'Op Test', Alias: 'op', Email: 'op', NetworkDomain: 'NonAAD' };
    const body = { ...names, Company: 'usmf', Enabled: true, UserInfo_language: 'nb-no', Helplanguage: 'nb-no' };
    const made = await admin.ask('/data/SystemUsers', { method: 'POST', body });
    expect(made.status).toBe(201);
    const id = made.headers['x-ms-request-id'] ?? made.headers['request-id'];
    const entries = rowsOf(await admin.ask(`/portvakt/v1/audit?correlationId=${id}`));
    expect(entries[0]).toMatchObject({ operator: expect.stringMatching(/^Kari/), surface: 'finops' });
    for (const { name, role } of people) await invite(name, role);
    expect(rowsOf(await admin.ask('/portvakt/v1/operators'))).toHaveLength(3);
  });

  test.each([
    { name: 'no token against forged requests', headers: { 'x-portvakt-csrf': '' }, code: 'csrf' },
    { name: 'a wrong one', headers: { 'x-portvakt-csrf': 'x'.repeat(43) }, code: 'csrf' },
    { name: 'another origin', headers: { origin: 'https://evil.example' }, code: 'wrongOrigin' },
    { name: 'an origin that is none', headers: { origin: 'null' }, code: 'wrongOrigin' },
    {
      name: 'a host that begins like ours',
      headers: { origin: 'https://localhost.evil.example' },
      code: 'wrongOrigin',
    },
    { name: 'a page of another site', headers: { origin: '', 'sec-fetch-site': 'cross-site' }, code: 'wrongOrigin' },
    { name: 'another host of the same site', headers: { 'sec-fetch-site': 'same-site' }, code: 'wrongOrigin' },
    {
      name: 'a form of another page',
      headers: {
        origin: 'https://evil.example',
        'sec-fetch-site': 'cross-site',
        'x-portvakt-csrf': '',
        'content-type': 'application/x-www-form-urlencoded',
      },
      code: 'wrongOrigin',
    },
  ])('a request with the cookie and $name is refused on every surface', async ({ headers, code }) => {
    for (const path of [table, '/data/SystemUsers', '/v1.0/applications', '/portvakt/v1/environments']) {
      for (const method of ['GET', 'POST', 'DELETE']) {
        const answer = await admin.ask(path, { method, headers });
        const told = { path, method, status: answer.status, code: errorOf(answer).code };
        expect(told).toEqual({ path, method, status: 403, code });
      }
    }
  });

  test.each([
    { name: 'another origin', headers: { ...json, origin: 'https://evil.example' }, status: 403 },
    { name: 'another site', headers: { ...json, origin: '', 'sec-fetch-site': 'cross-site' }, status: 403 },
    { name: 'a form', headers: { 'content-type': 'application/x-www-form-urlencoded' }, status: 400 },
    { name: 'plain text', headers: { 'content-type': 'text/plain' }, status: 400 },
  ])('nobody is signed in by $name', async ({ headers, status }) => {
    const body = JSON.stringify({ name: 'Reader', password });
    const answer = await new Browser(server).ask('/portvakt/v1/session', { method: 'POST', body, headers });
    expect(answer.status).toBe(status);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  test('a session id that was planted before is not the one after signing in, and opens nothing', async () => {
    const victim = new Browser(server);
    const planted = `__Host-portvakt=${'A'.repeat(43)}`;
    victim.cookie = planted;
    expect((await victim.signIn('Reader', password)).status).toBe(200);
    expect(victim.cookie).not.toBe(planted);
    const attacker = new Browser(server);
    attacker.cookie = planted;
    expect((await attacker.ask('/portvakt/v1/session')).status).toBe(401);
    // The session before ends when its browser signs in again.
    const earlier = victim.cookie;
    await victim.signIn('Reader', password);
    attacker.cookie = earlier;
    expect((await attacker.ask('/portvakt/v1/session')).status).toBe(401);
    attacker.cookie = `${victim.cookie}; ${planted}`;
    expect((await attacker.ask('/portvakt/v1/session')).status).toBe(401);
  });

  test('a cookie that was stolen is worth nothing after signing out, nor is one after another password', async () => {
    const victim = new Browser(server);
    await victim.signIn('Reader', password);
    const thief = new Browser(server);
    Object.assign(thief, { cookie: victim.cookie, csrfToken: victim.csrfToken });
    expect((await thief.ask(table)).status).toBe(200);
    expect((await victim.ask('/portvakt/v1/session', { method: 'DELETE' })).status).toBe(204);
    const after = await thief.ask(table);
    expect({ status: after.status, code: errorOf(after).code }).toEqual({ status: 401, code: 'signedOut' });
    await victim.signIn('Reader', password);
    Object.assign(thief, { cookie: victim.cookie, csrfToken: victim.csrfToken });
    const next = `${password} igjen`;
    const body = { password: { current: password, next } };
    expect((await victim.ask('/portvakt/v1/session', { method: 'PATCH', body })).status).toBe(200);
    expect((await thief.ask(table)).status).toBe(401);
    expect((await new Browser(server).signIn('Reader', password)).status).toBe(401);
    const again = new Browser(server);
    expect((await again.signIn('Reader', next)).status).toBe(200);
    const back = { password: { current: next, next: password } };
    expect((await again.ask('/portvakt/v1/session', { method: 'PATCH', body: back })).status).toBe(200);
  });

  test('who only reads reads everywhere, and changes nothing anywhere', async () => {
    const reader = new Browser(server);
    await reader.signIn('Reader', password);
    for (const path of [table, '/data/SystemUsers?$top=1', '/v1.0/applications?$top=1', '/portvakt/v1/environments']) {
      expect({ path, status: (await reader.ask(path)).status }).toEqual({ path, status: 200 });
    }
    for (const path of [
      '/api/data/v9.2/accounts',
      '/api/data/v9.2/$batch',
      '/data/SystemUsers',
      '/v1.0/applications',
      '/portvakt/v1/tenants',
    ]) {
      for (const method of ['POST', 'PATCH', 'DELETE']) {
        const answer = await reader.ask(path, method === 'DELETE' ? { method } : { method, body: {} });
        expect({ path, method, code: errorOf(answer).code }).toEqual({ path, method, code: 'notPermitted' });
      }
    }
    expect((await reader.ask('/portvakt/v1/operators')).status).toBe(403);
  });

  test('who recruits sees recruiting data alone', async () => {
    const recruiter = new Browser(server);
    await recruiter.signIn('Recruiter', password);
    expect((await recruiter.ask('/api/data/v9.2/mshr_hcmrecruitingrequestentities?$top=1')).status).toBe(200);
    expect((await recruiter.ask('/api/data/v9.2/systemusers?$select=fullname')).status).toBe(403);
    for (const path of ['/data/SystemUsers', '/v1.0/applications', '/portvakt/v1/operators', '/portvakt/v1/audit']) {
      expect({ path, status: (await recruiter.ask(path)).status }).toEqual({ path, status: 403 });
    }
    for (const path of ['recruiting/process', 'events', 'webhooks']) {
      expect({ path, status: (await recruiter.ask(`/portvakt/v1/${path}`)).status }).toEqual({ path, status: 200 });
    }
    const body = { name: 'Mine', url: 'https://hooks.example.com/' };
    expect((await recruiter.ask('/portvakt/v1/webhooks', { method: 'POST', body })).status).toBe(403);
  });

  test('a role that was taken away counts at once in sessions that are open', async () => {
    const second = await invite('Second', 'full');
    expect((await second.ask('/portvakt/v1/operators')).status).toBe(200);
    const path = `/portvakt/v1/operators/${operators.get('Second')}`;
    expect((await admin.ask(path, { method: 'PATCH', body: { role: 'recruiting' } })).status).toBe(200);
    expect((await second.ask('/portvakt/v1/operators')).status).toBe(401);
    await second.signIn('Second', password);
    expect((await second.ask('/portvakt/v1/operators')).status).toBe(403);
    expect((await admin.ask(path, { method: 'PATCH', body: { isEnabled: false } })).status).toBe(200);
    expect((await second.ask('/portvakt/v1/session')).status).toBe(401);
    expect((await new Browser(server).signIn('Second', password)).status).toBe(401);
    expect((await admin.ask(path, { method: 'DELETE' })).status).toBe(204);
  });

  test('the last operator with full power stays', async () => {
    const { user } = bodyOf(await admin.ask('/portvakt/v1/session')) as unknown as { user: { id: string } };
    const path = `/portvakt/v1/operators/${user.id}`;
    for (const change of [
      { method: 'DELETE' },
      { method: 'PATCH', body: { role: 'readOnly' } },
      { method: 'PATCH', body: { isEnabled: false } },
    ]) {
      const answer = await admin.ask(path, change);
      expect({ status: answer.status, code: errorOf(answer).code }).toEqual({ status: 409, code: 'lastFullOperator' });
    }
    expect((await admin.ask('/portvakt/v1/session')).status).toBe(200);
  });

  test('the applications behind the web app get no token at the endpoint, whatever secret they are given', async () => {
    const found = rowsOf(await admin.ask("/v1.0/applications?$filter=displayName eq 'Portvakt web app'"));
    const { id, appId } = found[0] as { id: string; appId: string };
    const added = await admin.ask(`/v1.0/applications/${id}/addPassword`, {
      method: 'POST',
      body: { passwordCredential: { displayName: 'mine' } },
    });
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: appId,
      client_secret: String(bodyOf(added)['secretText']),
      scope: `${server.url}/.default`,
    });
    const token = await server.ask(`${server.env.AUTHORITY_URL}/oauth2/v2.0/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: form.toString(),
    });
    expect({ status: token.status, numbers: bodyOf(token, 400)['error_codes'] }).toEqual({
      status: 400,
      numbers: [700016],
    });
  });

  test('a page whose cookie is gone is told to sign in, by every surface alike', async () => {
    const { csrfToken } = admin;
    for (const path of [table, '/data/SystemUsers', '/v1.0/applications', '/portvakt/v1/environments']) {
      const answer = await admin.another().ask(path, { headers: { 'x-portvakt-csrf': csrfToken ?? '' } });
      expect({ path, status: answer.status, code: errorOf(answer).code }).toEqual({
        path,
        status: 401,
        code: 'signedOut',
      });
    }
  });

  test('a header Authorization goes before the cookie, and no client names its operator', async () => {
    const token = await server.token('ats');
    const answer = await admin.ask('/api/data/v9.2/WhoAmI', { headers: { authorization: `Bearer ${token}` } });
    const own = await server.api('WhoAmI');
    expect(bodyOf(answer)['UserId']).toBe(bodyOf(own)['UserId']);
    const wrong = await admin.ask('/portvakt/v1/operators', { headers: { authorization: 'Bearer x' } });
    expect(wrong.status).toBe(401);
  });

  test('a script that is stored as text comes back as JSON that no browser takes for a page', async () => {
    const script = '<script>alert(1)</script><img src=x onerror=alert(2)>';
    const made = await admin.ask('/portvakt/v1/operators', {
      method: 'POST',
      body: { name: script, role: 'readOnly' },
    });
    expect(made.status).toBe(201);
    for (const path of ['/portvakt/v1/operators', `/portvakt/v1/operators/${bodyOf(made, 201)['id']}`]) {
      const shown = await admin.ask(path);
      expect(shown.headers['content-type']).toMatch(/^application\/json/);
      expect(shown.headers['x-content-type-options']).toBe('nosniff');
    }
  });

  test('nobody is led elsewhere, or framed', async () => {
    for (const path of ['/?returnTo=https://evil.example', '/app?next=//evil.example', '//evil.example/app/']) {
      const answer = await server.ask(`${server.url}${path}`);
      expect([undefined, '/app/']).toContain(answer.headers['location']);
      expect(answer.headers['x-frame-options']).toBe('DENY');
    }
  });

  test('guesses are answered alike for names that there are and are not, and then not at all', async () => {
    const guess = async (name: string) => {
      const answer = await new Browser(server).signIn(name, 'wrong password 123');
      return { status: answer.status, text: errorOf(answer).message, answer };
    };
    const known = await guess('Recruiter');
    const unknown = await guess('Nobody');
    expect({ status: known.status, text: known.text }).toEqual({ status: unknown.status, text: unknown.text });
    const { looked, over } = await guessUntilRefused(() => guess('recruiter'));
    // Each of two processes allows its share of five (docs/production.md), which is not a whole number.
    expect(1 + looked).toBe(way.workers === undefined ? 5 : 6);
    expect({ status: over.status, code: errorOf(over).code }).toEqual({ status: 429, code: 'tooManyAttempts' });
    expect(Number(over.headers['retry-after'])).toBeGreaterThan(60);
    // The right one is not looked at either, or guessing would go on.
    expect((await new Browser(server).signIn('Recruiter', password)).status).toBe(429);
    expect((await new Browser(server).signIn('Reader', password)).status).toBe(200);
  });

  test('neither passwords, cookies nor tokens are in the log', () => {
    const text = JSON.stringify(log.lines);
    expect(text.includes(password)).toBe(false);
    expect(text.includes('__Host-portvakt')).toBe(false);
    expect(text.includes(admin.cookie?.split('=')[1] ?? 'no cookie')).toBe(false);
  });
});
