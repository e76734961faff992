import { TokenRefusal } from './problems.ts';
import type { Client, TokenRequest } from './token-request.ts';

/** One way in which a client proves who it is. */
export interface ClientAuthentication {
  /** In `token_endpoint_auth_methods_supported`; `undefined` while it is not implemented. */
  readonly name: string | undefined;
  isUsed(request: TokenRequest): boolean;
  /** The client id that this way of asking carries. */
  findClientId(request: TokenRequest): string | undefined;
  /** Throws a refusal (401) unless the proof is good. Gives the token's `appidacr`: `1` secret, `2` certificate. */
  verify(request: TokenRequest, client: Client): '1' | '2';
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
