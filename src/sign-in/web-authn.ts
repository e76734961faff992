import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import type { Guid } from '../kernel/ids.ts';
import { messageOf } from '../kernel/message-of.ts';
import type { NewPasskey, Passkey } from './passkeys.ts';
import { SignInRefusal } from './problems.ts';
import type { WebAppPlace } from './web-app-place.ts';

/** Loaded when somebody uses a passkey: it brings a reader of certificates along. */
const library = () => import('@simplewebauthn/server');

/** Who signs in at a place: passkeys are bound to its host name, answers to its origin. */
const relyingPartyOf = ({ url }: WebAppPlace) => ({ rpID: new URL(url).hostname, origin: new URL(url).origin });

/** Opaque for authenticators; an id, and no name (WebAuthn section 14.6.1). */
const handleOf = (operatorId: Guid): string => Buffer.from(operatorId.replaceAll('-', ''), 'hex').toString('base64url');

/** Browsers make passkeys for names, not for addresses (WebAuthn section 5.1.2). */
export const canHavePasskeys = (host: string): boolean => !/^(?:\d+\.){3}\d+(?::|$)|^\[/.test(host);

interface Registering {
  readonly place: WebAppPlace;
  readonly operatorId: Guid;
  readonly name: string;
  readonly held: readonly Passkey[];
}

/** What `navigator.credentials.create` takes. */
export async function optionsToRegister({ place, operatorId, name, held }: Registering) {
  const { generateRegistrationOptions } = await library();
  return generateRegistrationOptions({
    ...{ rpName: 'Portvakt', rpID: relyingPartyOf(place).rpID, userName: name, userDisplayName: name },
    userID: new Uint8Array(Buffer.from(handleOf(operatorId), 'base64url')),
    attestationType: 'none',
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    excludeCredentials: held.map(({ credentialId }) => ({ id: credentialId })),
  });
}

/** What `navigator.credentials.get` takes: whose passkey it is, the authenticator says. */
export async function optionsToSignIn(place: WebAppPlace) {
  const { generateAuthenticationOptions } = await library();
  return generateAuthenticationOptions({ rpID: relyingPartyOf(place).rpID, userVerification: 'required' });
}

/** @throws SignInRefusal 401, with the reason in the audit log */
export async function verifyRegistration(
  place: WebAppPlace,
  challenge: string,
  response: object,
  name: string,
): Promise<NewPasskey> {
  const { verifyRegistrationResponse } = await library();
  const { rpID, origin } = relyingPartyOf(place);
  const { verified, registrationInfo } = await orRefused(
    verifyRegistrationResponse({
      response: response as RegistrationResponseJSON,
      ...{ expectedChallenge: challenge, expectedOrigin: origin, expectedRPID: rpID, requireUserVerification: true },
    }),
  );
  if (!verified || registrationInfo === undefined) throw new SignInRefusal('wrongPasskey', 'it was not verified');
  const { id, publicKey, counter, transports = [] } = registrationInfo.credential;
  return { credentialId: id, publicKey: Buffer.from(publicKey).toString('base64url'), counter, transports, name };
}

/** @returns the authenticator's counter. @throws SignInRefusal 401, with the reason in the audit log */
export async function verifySignIn(
  place: WebAppPlace,
  challenge: string,
  response: object,
  { operatorId, credentialId, publicKey, counter }: Passkey,
): Promise<number> {
  const { verifyAuthenticationResponse } = await library();
  const { rpID, origin } = relyingPartyOf(place);
  const answer = response as AuthenticationResponseJSON;
  // The authenticator found the passkey by itself, so it must say whose it is (WebAuthn section 7.2 step 6).
  if (answer.response?.userHandle !== handleOf(operatorId)) {
    throw new SignInRefusal('wrongPasskey', 'it is the passkey of somebody else');
  }
  const { verified, authenticationInfo } = await orRefused(
    verifyAuthenticationResponse({
      response: answer,
      ...{ expectedChallenge: challenge, expectedOrigin: origin, expectedRPID: rpID, requireUserVerification: true },
      credential: { id: credentialId, publicKey: new Uint8Array(Buffer.from(publicKey, 'base64url')), counter },
    }),
  );
  if (!verified) throw new SignInRefusal('wrongPasskey', 'its signature is wrong');
  return authenticationInfo.newCounter;
}

/** The library throws for whatever is wrong with an answer, the shape of it included. */
const orRefused = <T>(verifying: Promise<T>): Promise<T> =>
  verifying.catch((error: unknown) => {
    throw new SignInRefusal('wrongPasskey', messageOf(error));
  });
