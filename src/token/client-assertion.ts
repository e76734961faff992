import type { ClientAuthentication } from './client-authentication.ts';
import { TokenRefusal } from './problems.ts';

function refuse(): never {
  throw new TokenRefusal('assertionNotImplemented');
}

/** A JWT signed with the key of a registered certificate or by another identity provider. Refused, loudly, for now. */
export const clientAssertion: ClientAuthentication = {
  name: undefined,
  isUsed: ({ parameters }) => parameters.has('client_assertion') || parameters.has('client_assertion_type'),
  findClientId: ({ parameters }) => parameters.get('client_id') ?? refuse(),
  verify: refuse,
};
