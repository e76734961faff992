import type {
  PasskeyAnswer,
  PasskeyOptions,
  PasskeyRegistration,
  Session,
  SetUp,
} from '../../../src/admin/contract.ts';
import type { ApiClient } from '../api/api-client.ts';

const base = '/portvakt/v1/session';

/** Signs in with a passkey of this device or of a phone. @throws DOMException when the person closes the browser's question */
export async function signInWithPasskey(api: ApiClient): Promise<Session> {
  const { challengeId, options } = await api.change<PasskeyOptions>('POST', `${base}/passkey/options`);
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options as PublicKeyCredentialRequestOptionsJSON);
  const response = toJson(await navigator.credentials.get({ publicKey }));
  const body: PasskeyAnswer = { challengeId, response };
  return api.change<Session>('POST', `${base}/passkey/verify`, { body });
}

/**
 * Makes a passkey for whoever is signed in.
 * @param name what it is called in the list of passkeys
 * @param current the password, of who has one
 */
export async function registerPasskey(api: ApiClient, name: string, current: string): Promise<Session> {
  const order: PasskeyRegistration = current === '' ? {} : { current };
  const options = await api.change<PasskeyOptions>('POST', `${base}/passkey/register-options`, { body: order });
  return api.change<Session>('POST', `${base}/passkey/register`, { body: await make(options, name) });
}

/** Uses a one-time link up with a passkey in the place of a password. */
export async function setUpWithPasskey(api: ApiClient, link: Pick<SetUp, 'token' | 'name'>): Promise<Session> {
  const options = await api.change<PasskeyOptions>('POST', `${base}/setup/passkey-options`, { body: link });
  const body: SetUp = { ...link, passkey: await make(options, deviceName()) };
  return api.change<Session>('POST', `${base}/setup`, { body });
}

/** What a new passkey is called until the person gives it another name. */
export const deviceName = (): string => navigator.platform || 'passkey';

async function make({ challengeId, options }: PasskeyOptions, name: string): Promise<PasskeyAnswer> {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options as PublicKeyCredentialCreationOptionsJSON);
  return { challengeId, response: toJson(await navigator.credentials.create({ publicKey })), name };
}

function toJson(credential: Credential | null): object {
  if (!(credential instanceof PublicKeyCredential)) throw new DOMException('no passkey', 'NotAllowedError');
  return credential.toJSON();
}
