import type { Authenticator, Wrong } from './authenticator.ts';
import type { Answer } from './client.ts';
import { bodyOf } from './odata.ts';
import type { Browser } from './web-app-browser.ts';

const root = '/portvakt/v1/session/passkey';

interface Options {
  readonly challengeId: string;
  readonly options: object;
}

const begin = async (browser: Browser, path: string, body?: object): Promise<Options> =>
  bodyOf(
    await browser.ask(`${root}/${path}`, { method: 'POST', ...(body === undefined ? {} : { body }) }),
  ) as unknown as Options;

/** What the page does with a passkey: each session has a token against forged requests, which it takes over. */
async function finish(browser: Browser, path: string, body: object): Promise<Answer> {
  const answer = await browser.ask(`${root}/${path}`, { method: 'POST', body });
  if (answer.status === 200) browser.csrfToken = String(bodyOf(answer)['csrfToken']);
  return answer;
}

/** Gives a passkey to who is signed in. @param current the password of that person */
export async function addPasskey(
  browser: Browser,
  key: Authenticator,
  { current, name, wrong }: { readonly current: string; readonly name: string; readonly wrong?: Wrong | undefined },
): Promise<Answer> {
  const { challengeId, options } = await begin(browser, 'register-options', { current });
  return finish(browser, 'register', { challengeId, response: key.create(options, wrong), name });
}

export async function signInByPasskey(browser: Browser, key: Authenticator, wrong?: Wrong): Promise<Answer> {
  const { challengeId, options } = await begin(browser, 'options');
  return finish(browser, 'verify', { challengeId, response: key.get(options, wrong) });
}
