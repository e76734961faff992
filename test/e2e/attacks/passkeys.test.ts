import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { Authenticator, type Wrong } from '../../support/authenticator.ts';
import type { Answer } from '../../support/client.ts';
import { engines, makeDatabase, type TestDatabase } from '../../support/database.ts';
import { bodyOf, errorOf, rowsOf } from '../../support/odata.ts';
import { addPasskey as givePasskey, signInByPasskey as signIn } from '../../support/passkeys.ts';
import { recordingLog } from '../../support/recording-log.ts';
import { startServerOn, type TestServer } from '../../support/server-on.ts';
import { Browser, lastLink } from '../../support/web-app-browser.ts';

const root = '/portvakt/v1/session';
const password = 'blåbær på fjellet 1928';

interface Options {
  readonly challengeId: string;
  readonly options: object;
}

describe.each(engines)('passkeys on %s', (engine) => {
  let server: TestServer;
  let database: TestDatabase | undefined;
  const log = recordingLog();
  let kari: Browser;
  let kariKey: Authenticator;
  let firstLink: string;

  beforeAll(async () => {
    if (engine === 'postgres') database = await makeDatabase(inject('postgresUrl'));
    server = await startServerOn(database?.url, {}, log);
    kari = new Browser(server);
    kariKey = new Authenticator(server.url);
    firstLink = lastLink(log);
  });
  afterAll(async () => {
    await server.close();
    await database?.drop();
  });

  const post = (browser: Browser, path: string, body?: object): Promise<Answer> =>
    browser.ask(`${root}${path}`, { method: 'POST', ...(body === undefined ? {} : { body }) });
  const begin = async (browser: Browser, path: string, body?: object): Promise<Options> =>
    bodyOf(await post(browser, path, body)) as unknown as Options;
  const codeOf = (answer: Answer) => ({ status: answer.status, code: errorOf(answer).code });
  /** Takes over what the page takes over of an answer. */
  const takeOver = (browser: Browser, answer: Answer): Answer => {
    if (answer.status === 200) browser.csrfToken = String(bodyOf(answer)['csrfToken']);
    return answer;
  };
  const setUp = async (browser: Browser, link: string, key: Authenticator, wrong?: Wrong): Promise<Answer> => {
    const token = link.split('#token=')[1];
    const asked = { token, name: 'Kari' };
    const { challengeId, options } = await begin(browser, '/setup/passkey-options', asked);
    const passkey = { challengeId, response: key.create(options, wrong), name: 'Telefon' };
    return takeOver(browser, await post(browser, '/setup', { ...asked, passkey }));
  };
  /** Who was invited with a password, signed in. */
  const invite = async (name: string): Promise<Browser> => {
    const made = await kari.ask('/portvakt/v1/operators', { method: 'POST', body: { name, role: 'readOnly' } });
    const { invitation } = bodyOf(made, 201) as unknown as { invitation: { link: string } };
    const browser = new Browser(server);
    bodyOf(await browser.setUp(invitation.link, undefined, password));
    return browser;
  };
  const addPasskey = (browser: Browser, key: Authenticator, wrong?: Wrong): Promise<Answer> =>
    givePasskey(browser, key, { current: password, name: 'Nøkkel', wrong });

  test('the first operator is made by a passkey alone, once, and nobody without one', async () => {
    const stranger = new Browser(server);
    const refused = await setUp(stranger, firstLink, new Authenticator(server.url), { isVerified: false });
    expect(codeOf(refused)).toEqual({ status: 401, code: 'wrongPasskey' });
    expect(bodyOf(await kari.ask(root), 401)).toMatchObject({
      error: { code: 'setupNeeded' },
      signIn: { passkey: true },
    });
    const answer = await setUp(kari, firstLink, kariKey);
    expect(bodyOf(answer)).toMatchObject({
      user: { name: 'Kari', role: 'full', hasPasskey: true, hasPassword: false },
    });
    expect(bodyOf(await stranger.ask(root), 401)).toMatchObject({ error: { code: 'signedOut' } });
    const again = await post(stranger, '/setup/passkey-options', { token: firstLink.split('#token=')[1], name: 'Eve' });
    expect(codeOf(again)).toEqual({ status: 403, code: 'linkInvalid' });
  });

  test('a passkey signs in, begins a session of its own, and the audit log says so', async () => {
    const browser = new Browser(server);
    const answer = await signIn(browser, kariKey);
    expect(bodyOf(answer)).toMatchObject({ user: { name: 'Kari' } });
    expect(browser.cookie).not.toBe(kari.cookie);
    const [entry] = rowsOf(await kari.ask(`/portvakt/v1/audit?correlationId=${answer.headers['request-id']}`));
    expect(entry).toMatchObject({ message: 'signIn', outcome: 'allowed', operator: 'Kari' });
    expect(rowsOf(await browser.ask(`${root}/passkey`))).toMatchObject([
      { name: 'Telefon', lastUsedAt: expect.any(String) },
    ]);
  });

  describe('is refused', () => {
    const evil = { userHandle: Buffer.from('somebody else').toString('base64url') };
    const cases: readonly { name: string; wrong: Wrong; reason: RegExp }[] = [
      { name: 'a tampered signature', wrong: { isTampered: true }, reason: /signature/ },
      { name: 'another origin', wrong: { origin: 'https://evil.example' }, reason: /origin/ },
      { name: 'another relying party', wrong: { rpId: 'evil.example' }, reason: /RP ID/i },
      { name: 'a challenge of its own', wrong: { challenge: 'bm90IG91cnM' }, reason: /challenge/ },
      { name: 'the credential of somebody else', wrong: evil, reason: /somebody else/ },
      { name: 'nobody who was verified', wrong: { isVerified: false }, reason: /verif/i },
      { name: 'nobody who was present', wrong: { isPresent: false }, reason: /present/i },
      { name: 'a counter that went back', wrong: { counter: 0 }, reason: /counter/ },
      { name: 'an answer to another question', wrong: { type: 'webauthn.create' }, reason: /type/ },
    ];
    test.each(cases)('$name', async ({ wrong, reason }) => {
      const browser = new Browser(server);
      const answer = await signIn(browser, kariKey, wrong);
      expect(codeOf(answer)).toEqual({ status: 401, code: 'wrongPasskey' });
      expect(browser.cookie).toBeUndefined();
      // The caller is not told what was wrong with it; the audit log is.
      expect(errorOf(answer).message).toBe('the passkey is not accepted');
      const [entry] = rowsOf(await kari.ask(`/portvakt/v1/audit?correlationId=${answer.headers['request-id']}`));
      expect(entry).toMatchObject({ outcome: 'denied', reason: expect.stringMatching(reason) });
    });

    test('an unknown passkey, and what is none at all', async () => {
      const browser = new Browser(server);
      expect(codeOf(await signIn(browser, new Authenticator(server.url)))).toEqual({
        status: 401,
        code: 'wrongPasskey',
      });
      for (const response of [{ id: kariKey.id }, { id: kariKey.id, response: { userHandle: kariKey.userHandle } }]) {
        const { challengeId } = await begin(browser, '/passkey/options');
        expect((await post(browser, '/passkey/verify', { challengeId, response })).status).toBe(401);
      }
      expect((await post(browser, '/passkey/verify', { challengeId: 'x', response: 'y' })).status).toBe(400);
    });

    test('an answer that is sent again, with the challenge that it was for and with another one', async () => {
      const browser = new Browser(server);
      const { challengeId, options } = await begin(browser, '/passkey/options');
      const response = kariKey.get(options);
      expect((await post(browser, '/passkey/verify', { challengeId, response })).status).toBe(200);
      const replayed = await post(new Browser(server), '/passkey/verify', { challengeId, response });
      expect(codeOf(replayed)).toEqual({ status: 401, code: 'wrongPasskey' });
      const other = await begin(browser, '/passkey/options');
      const moved = await post(new Browser(server), '/passkey/verify', { challengeId: other.challengeId, response });
      expect(codeOf(moved)).toEqual({ status: 401, code: 'wrongPasskey' });
    });

    test('two answers to one challenge at a time: one counts', async () => {
      const { challengeId, options } = await begin(new Browser(server), '/passkey/options');
      const response = kariKey.get(options);
      const both = await Promise.all(
        [1, 2].map(() => post(new Browser(server), '/passkey/verify', { challengeId, response })),
      );
      expect(both.map(({ status }) => status).sort()).toEqual([200, 401]);
    });
  });

  test('is added with the password, for one’s own session alone, and not twice', async () => {
    const [ola, siri] = [await invite('Ola'), await invite('Siri')];
    const guess = await post(ola, '/passkey/register-options', { current: 'not the password' });
    expect(codeOf(guess)).toEqual({ status: 401, code: 'wrongPassword' });
    expect((await post(ola, '/passkey/register-options', {})).status).toBe(401);
    const key = new Authenticator(server.url);
    // The challenge of one session is worth nothing in another one.
    const { challengeId, options } = await begin(ola, '/passkey/register-options', { current: password });
    const response = key.create(options);
    const stolen = await post(siri, '/passkey/register', { challengeId, response, name: 'Mine' });
    expect(codeOf(stolen)).toEqual({ status: 401, code: 'wrongPasskey' });
    const wrong = await addPasskey(ola, key, { origin: 'https://evil.example' });
    expect(codeOf(wrong)).toEqual({ status: 401, code: 'wrongPasskey' });
    expect(bodyOf(await addPasskey(ola, key))).toMatchObject({ user: { name: 'Ola', hasPasskey: true } });
    const taken = await addPasskey(siri, new Authenticator(server.url, key.id));
    expect(codeOf(taken)).toEqual({ status: 409, code: 'passkeyKnown' });

    const [passkey] = rowsOf(await ola.ask(`${root}/passkey`));
    const others = await siri.ask(`${root}/passkey/${passkey?.['id']}`, { method: 'DELETE' });
    expect(codeOf(others)).toEqual({ status: 404, code: 'notFound' });
    const forged = await ola.ask(`${root}/passkey/${passkey?.['id']}`, {
      ...{ method: 'DELETE', headers: { 'x-portvakt-csrf': '' } },
    });
    expect(codeOf(forged)).toEqual({ status: 403, code: 'csrf' });
    expect((await signIn(new Browser(server), key)).status).toBe(200);
    expect((await ola.ask(`${root}/passkey/${passkey?.['id']}`, { method: 'DELETE' })).status).toBe(204);
    expect((await signIn(new Browser(server), key)).status).toBe(401);
  });

  test('the only way in is not removed, and a disabled operator’s passkey is worth nothing', async () => {
    const [mine] = rowsOf(await kari.ask(`${root}/passkey`));
    const last = await kari.ask(`${root}/passkey/${mine?.['id']}`, { method: 'DELETE' });
    expect(codeOf(last)).toEqual({ status: 409, code: 'lastPasskey' });
    const liv = await invite('Liv');
    const key = new Authenticator(server.url);
    await addPasskey(liv, key);
    const operators = rowsOf(await kari.ask('/portvakt/v1/operators'));
    const { id, passkeys } = operators.find(({ name }) => name === 'Liv') ?? {};
    expect(passkeys).toBe(1);
    await kari.ask(`/portvakt/v1/operators/${id}`, { method: 'PATCH', body: { isEnabled: false } });
    expect((await signIn(new Browser(server), key)).status).toBe(401);
    await kari.ask(`/portvakt/v1/operators/${id}`, { method: 'PATCH', body: { isEnabled: true } });
    expect((await signIn(new Browser(server), key)).status).toBe(200);
    // A link begins anew: what was lost does not open the door any more.
    const { link } = bodyOf(await kari.ask(`/portvakt/v1/operators/${id}/invite`, { method: 'POST' })) as unknown as {
      link: string;
    };
    bodyOf(await new Browser(server).setUp(link, undefined, password));
    expect((await signIn(new Browser(server), key)).status).toBe(401);
  });

  test('strangers can have challenges made only so often', async () => {
    const stranger = new Browser(server);
    const answers: number[] = [];
    for (let asked = 0; asked < 60; asked++) answers.push((await post(stranger, '/passkey/options')).status);
    expect(answers.at(-1)).toBe(429);
    expect(answers.filter((status) => status === 200).length).toBeLessThanOrEqual(50);
  });
});
