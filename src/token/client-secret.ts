import { checkSecret } from '../directory/secret.ts';
import type { ClientAuthentication } from './client-authentication.ts';
import { TokenRefusal } from './problems.ts';
import type { Client, TokenRequest } from './token-request.ts';

/** `client_id` and `client_secret` in the body. */
export const clientSecretPost: ClientAuthentication = {
  name: 'client_secret_post',
  isUsed: ({ parameters }) => parameters.has('client_secret'),
  findClientId: ({ parameters }) => parameters.get('client_id'),
  verify: (request, client) => verifySecret(request, client, request.parameters.get('client_secret')),
};

/** HTTP Basic. */
export const clientSecretBasic: ClientAuthentication = {
  name: 'client_secret_basic',
  isUsed: ({ basic }) => basic !== undefined,
  findClientId: ({ basic }) => basic?.clientId,
  verify: (request, client) => verifySecret(request, client, request.basic?.secret),
};

function verifySecret({ now }: TokenRequest, { application }: Client, secret: string | undefined): '1' {
  const check = secret === undefined ? 'invalid' : checkSecret(application.secrets, secret, now);
  if (check === 'expired') throw new TokenRefusal('secretExpired', [application.clientId]);
  if (check !== 'valid') throw new TokenRefusal('secretInvalid', [application.clientId]);
  return '1';
}
