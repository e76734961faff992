import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type Answer, ask } from '../../support/client.ts';
import { anyEngine, engines, makeDatabase, type TestDatabase } from '../../support/database.ts';
import { bodyOf, rowsOf } from '../../support/odata.ts';
import { type Misdeed, OpenIdIssuer, openIdClient } from '../../support/openid-issuer.ts';
import { recordingLog } from '../../support/recording-log.ts';
import { startEmptyServer } from '../../support/server.ts';
import { startServerOn, type TestServer } from '../../support/server-on.ts';
import { Browser, inviteOperator, lastLink } from '../../support/web-app-browser.ts';
import { makeCa, type TestCa } from '../../token/issuers/https-issuer.ts';

const root = '/portvakt/v1/session';
const password = 'blåbær på fjellet 1928';
const kari = { sub: 'kari-1814' };

describe.each(engines)('signing in with an outside issuer on %s', (engine) => {
  let ca: TestCa;
  let issuer: OpenIdIssuer;
  let server: TestServer;
  let database: TestDatabase | undefined;
  let admin: Browser;
  const log = recordingLog();

  beforeAll(async () => {
    if (engine === 'postgres') database = await makeDatabase(inject('postgresUrl'));
    ca = await makeCa();
    issuer = await new OpenIdIssuer(ca).start();
    const people = ['sub:kari-1814=Kari', 'email:ola@nordlys.example=Ola', 'sub:nobody=Nobody', 'sub:liv=Liv'];
    const settings = {
      PORTVAKT_OPENID_ISSUER: issuer.url,
      PORTVAKT_OPENID_CLIENT_ID: openIdClient.id,
      PORTVAKT_OPENID_CLIENT_SECRET: openIdClient.secret,
      PORTVAKT_OPENID_NAME: 'Nordlys',
      PORTVAKT_OPENID_OPERATORS: people.join('; '),
      PORTVAKT_ISSUER_NETWORKS: '127.0.0.0/8,::1',
      PORTVAKT_ISSUER_CA: ca.caFile,
    };
    server = await startServerOn(database?.url, settings, log);
    admin = new Browser(server);
    bodyOf(await admin.setUp(lastLink(log), 'Kari', password));
    await inviteOperator(admin, 'Ola', 'readOnly', password);
    const { id } = await inviteOperator(admin, 'Liv', 'readOnly', password);
    await admin.ask(`/portvakt/v1/operators/${id}`, { method: 'PATCH', body: { isEnabled: false } });
  });
  afterAll(async () => {
    await server?.close();
    await issuer?.stop();
    await ca?.remove();
    await database?.drop();
  });

  /** Whole page loads: browsers send no token then, and where they come from. */
  const load = (browser: Browser, path: string, site: string): Promise<Answer> =>
    browser.ask(path, { headers: { origin: '', 'x-portvakt-csrf': '', 'sec-fetch-site': site } });
  const begin = async (browser: Browser, returnTo = '/app/audit'): Promise<string> => {
    const path = `${root}/openid?issuer=openid&returnTo=${encodeURIComponent(returnTo)}`;
    const answer = await load(browser, path, 'same-origin');
    expect(answer.status).toBe(303);
    return String(answer.headers['location']);
  };
  const comeBack = (browser: Browser, back: URL): Promise<Answer> =>
    load(browser, `${back.pathname}${back.search}`, 'cross-site');
  const signIn = async (browser: Browser, claims: object, misdeed?: Misdeed): Promise<Answer> =>
    comeBack(browser, issuer.signIn(await begin(browser), { ...claims }, misdeed));
  const reasonOf = async (answer: Answer): Promise<Readonly<Record<string, unknown>> | undefined> =>
    rowsOf(await admin.ask(`/portvakt/v1/audit?correlationId=${answer.headers['request-id']}`))[0];

  test('it is offered at the door, leads to the issuer with PKCE, state and nonce, and back to where the person was', async () => {
    const browser = new Browser(server);
    expect(bodyOf(await browser.ask(root), 401)).toMatchObject({
      signIn: { openId: [{ id: 'openid', name: 'Nordlys' }] },
    });
    const location = new URL(await begin(browser));
    expect(`${location.origin}${location.pathname}`).toBe(`${issuer.url}/authorize`);
    expect(Object.fromEntries(location.searchParams)).toMatchObject({
      ...{ client_id: openIdClient.id, response_type: 'code', code_challenge_method: 'S256' },
      ...{ state: expect.stringMatching(/^[\w-]{43}$/), nonce: expect.stringMatching(/^[\w-]{43}$/) },
    });
    const answer = await comeBack(browser, issuer.signIn(location.href, kari));
    expect({ status: answer.status, location: answer.headers['location'] }).toEqual({
      ...{ status: 303, location: '/app/audit' },
    });
    expect(browser.cookie).toMatch(/^__Host-portvakt=/);
    expect(bodyOf(await browser.ask(root))).toMatchObject({ user: { name: 'Kari', role: 'full' } });
    expect(await reasonOf(answer)).toMatchObject({ message: 'signIn', outcome: 'allowed', operator: 'Kari' });
  });

  test('an address that the issuer has verified is an operator, in whatever case; nobody is led elsewhere', async () => {
    const browser = new Browser(server);
    const claims = { sub: 'x', email: 'Ola@Nordlys.example', email_verified: true };
    expect((await signIn(browser, claims)).headers['location']).toBe('/app/audit');
    expect(bodyOf(await browser.ask(root))).toMatchObject({ user: { name: 'Ola', role: 'readOnly' } });
    for (const returnTo of ['https://evil.example/', '//evil.example', '/portvakt/v1/operators', '/app/\\evil']) {
      const other = new Browser(server);
      const back = issuer.signIn(await begin(other, returnTo), kari);
      expect((await comeBack(other, back)).headers['location']).toBe('/app/');
    }
  });

  test.each<{ name: string; claims: object }>([
    { name: 'nobody has mapped', claims: { sub: 'mallory' } },
    { name: 'has an address that is not verified', claims: { sub: 'x', email: 'ola@nordlys.example' } },
    { name: 'is mapped to an operator who is not there', claims: { sub: 'nobody' } },
    { name: 'is mapped to an operator who is disabled', claims: { sub: 'liv' } },
  ])('who $name is nobody here, and is not made', async ({ claims }) => {
    const browser = new Browser(server);
    const answer = await signIn(browser, claims);
    expect(answer.headers['location']).toBe('/app/?problem=noOperator');
    expect(browser.cookie).not.toMatch(/^__Host-portvakt=/);
    expect(await reasonOf(answer)).toMatchObject({ outcome: 'denied', code: 'noOperator' });
    expect(rowsOf(await admin.ask('/portvakt/v1/operators'))).toHaveLength(3);
  });

  const soon = Math.floor(Date.now() / 1000);
  test.each<{ name: string; misdeed: Misdeed; reason: RegExp }>([
    { name: 'another nonce', misdeed: { claims: { nonce: 'not the one' } }, reason: /nonce/ },
    { name: 'no nonce', misdeed: { claims: { nonce: undefined } }, reason: /nonce/ },
    { name: 'another issuer', misdeed: { claims: { iss: 'https://evil.example' } }, reason: /issuer/ },
    { name: 'another audience', misdeed: { claims: { aud: 'another client' } }, reason: /audience/ },
    { name: 'an end that is past', misdeed: { claims: { iat: soon - 7200, exp: soon - 3600 } }, reason: /expiration/ },
    { name: 'no signature', misdeed: { isUnsigned: true }, reason: /alg/ },
    { name: 'the signature of another key', misdeed: { isForged: true }, reason: /signature verification failed/ },
    { name: 'no subject', misdeed: { claims: { sub: undefined } }, reason: /subject/ },
    { name: 'no ID token', misdeed: { hasNoIdToken: true }, reason: /id_token/ },
  ])('an ID token with $name is refused', async ({ misdeed, reason }) => {
    const browser = new Browser(server);
    const answer = await signIn(browser, kari, misdeed);
    expect(answer.headers['location']).toBe('/app/?problem=openIdRefused');
    expect(browser.cookie).not.toMatch(/^__Host-portvakt=/);
    expect(await reasonOf(answer)).toMatchObject({
      outcome: 'denied',
      code: 'openIdRefused',
      reason: expect.stringMatching(reason),
    });
  });

  test('an answer counts once, in the browser that has asked for it, with its own state', async () => {
    const [mine, theirs] = [new Browser(server), new Browser(server)];
    const refused = { location: '/app/?problem=openIdRefused' };
    const back = issuer.signIn(await begin(theirs), kari);
    // Login forgery: the attacker leads a victim to an answer of their own.
    expect((await comeBack(mine, back)).headers).toMatchObject(refused);
    await begin(mine);
    expect((await comeBack(mine, back)).headers).toMatchObject(refused);
    const wrongState = new URL(back);
    wrongState.searchParams.set('state', 'not the one');
    expect((await comeBack(theirs, wrongState)).headers).toMatchObject(refused);
    const kept = theirs.cookie;
    expect((await comeBack(theirs, back)).headers['location']).toBe('/app/audit');
    theirs.cookie = kept;
    expect((await comeBack(theirs, back)).headers).toMatchObject(refused);
    const denied = new URL(back);
    denied.search = `?error=access_denied&state=${back.searchParams.get('state')}`;
    expect((await comeBack(theirs, denied)).headers).toMatchObject(refused);
  });

  test('another site cannot begin it', async () => {
    expect((await load(new Browser(server), `${root}/openid`, 'cross-site')).status).toBe(403);
  });
});

test('without a setting it is not built, and an issuer at an address that is closed is not asked', async () => {
  const settings = { PORTVAKT_OPENID_ISSUER: 'https://127.0.0.1:9443', PORTVAKT_OPENID_CLIENT_ID: 'x' };
  const statusWith = async (more: Readonly<Record<string, string>>): Promise<number> => {
    const { ca, url, close } = await startEmptyServer(anyEngine, more);
    const browser = new Browser({ url, ask: (path, options) => ask(ca, `${url}${path}`, options) });
    const { status } = await browser.ask(`${root}/openid`, { headers: { origin: '' } });
    await close();
    return status;
  };
  expect([await statusWith({}), await statusWith(settings)]).toEqual([501, 503]);
});
