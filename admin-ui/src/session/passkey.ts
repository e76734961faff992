import type { PasskeyAnswer, PasskeyOptions, Session } from '../../../src/admin/contract.ts';
import type { ApiClient } from '../api/api-client.ts';

const base = '/portvakt/v1/session/passkey';

/** Throws `ApiError`, or a `DOMException` when the person chose none. */
export async function signInWithPasskey(api: ApiClient): Promise<Session> {
  const { challengeId, options } = await api.change<PasskeyOptions>('POST', `${base}/options`);
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options as PublicKeyCredentialRequestOptionsJSON);
  return answer(api, 'verify', challengeId, await navigator.credentials.get({ publicKey }));
}

/** Makes a passkey for whoever is signed in. @param name what it is called in the list of passkeys */
export async function registerPasskey(api: ApiClient, name: string): Promise<Session> {
  const { challengeId, options } = await api.change<PasskeyOptions>('POST', `${base}/register-options`);
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options as PublicKeyCredentialCreationOptionsJSON);
  return answer(api, 'register', challengeId, await navigator.credentials.create({ publicKey }), name);
}

function answer(
  api: ApiClient,
  step: 'verify' | 'register',
  challengeId: string,
  credential: Credential | null,
  name?: string,
): Promise<Session> {
  if (!(credential instanceof PublicKeyCredential)) throw new DOMException('no passkey', 'NotAllowedError');
  const body: PasskeyAnswer = { challengeId, response: credential.toJSON(), ...(name === undefined ? {} : { name }) };
  return api.change<Session>('POST', `${base}/${step}`, { body });
}
