import type { MaybePromise } from '../kernel/maybe-promise.ts';
import type { Addresses } from './addresses.ts';
import type { PresentedAssertions } from './assertion-replay.ts';
import type { CertificateKeys } from './certificate-assertion.ts';
import type { FederatedAssertions } from './federated-assertion.ts';
import { TokenRefusal } from './problems.ts';
import type { Client, TokenRequest } from './token-request.ts';

/** A client has proved who it is. */
export interface ClientProof {
  /** The token's `appidacr`: `1` secret, `2` certificate or assertion of another issuer. */
  readonly kind: '1' | '2';
  /** Which credential it was, in an administrator's words: for the log and the audit. Never the credential itself. */
  readonly credential: string;
}

/** What ways of authenticating may ask of the authority. */
export interface AuthenticationServices {
  readonly addresses: Addresses;
  readonly certificateKeys: CertificateKeys;
  readonly federated: FederatedAssertions;
  /** `undefined`: an assertion may be presented again, as at the real product. */
  readonly presented: PresentedAssertions | undefined;
}

/** One way in which a client proves who it is. */
export interface ClientAuthentication {
  /** In `token_endpoint_auth_methods_supported`. */
  readonly name: string;
  isUsed(request: TokenRequest): boolean;
  /** The client id that this way of asking carries; the body may name one too. */
  findClientId(request: TokenRequest): string | undefined;
  /** Does what `verify` costs, for a client that is not there: time shall not tell what the answer does not. */
  pretend(request: TokenRequest): void;
  /** Throws, or rejects with, a refusal (401) unless the proof is good. Answers at once unless keys must be fetched. */
  verify(request: TokenRequest, client: Client, services: AuthenticationServices): MaybePromise<ClientProof>;
}

/** The way that this request uses, out of `methods`. A request uses one at most (RFC 6749 section 2.3). */
export function findAuthentication(
  methods: readonly ClientAuthentication[],
  request: TokenRequest,
): ClientAuthentication | undefined {
  const [used, ...others] = methods.filter((method) => method.isUsed(request));
  if (others.length > 0) throw new TokenRefusal('malformed', ['the request carries more than one client credential']);
  return used;
}
