import { parseAssertion } from './assertion.ts';
import { verifyCertificateAssertion } from './certificate-assertion.ts';
import type { ClientAuthentication } from './client-authentication.ts';
import { TokenRefusal } from './problems.ts';
import type { TokenRequest } from './token-request.ts';

/** RFC 7523 section 2.2. */
const jwtBearer = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/**
 * `client_assertion`: a JWT that the client has signed with the key of a registered certificate, or that another
 * identity provider has issued to it. The issuer tells which: the client itself, or a URL.
 */
export const clientAssertion: ClientAuthentication = {
  name: 'private_key_jwt',
  isUsed: ({ parameters }) => parameters.has('client_assertion') || parameters.has('client_assertion_type'),
  // `client_id` may be left out (RFC 7521 section 4.2).
  findClientId: (request) => request.parameters.get('client_id') ?? parseAssertion(textOf(request)).claims.subject,
  async verify(request, client, services) {
    const assertion = parseAssertion(textOf(request));
    const proof = await (/^https?:\/\//i.test(assertion.claims.issuer)
      ? services.federated.verify(assertion, request, client)
      : verifyCertificateAssertion(assertion, request, client, services));
    await services.presented?.present(client.application.clientId, assertion, request.now);
    return proof;
  },
  // Nothing is guessed here, and whether a client is there is what the answer's code tells.
  pretend: () => undefined,
};

function textOf({ parameters }: TokenRequest): string {
  const type = parameters.get('client_assertion_type');
  if (type === undefined) throw new TokenRefusal('missingParameter', ['client_assertion_type']);
  if (type !== jwtBearer) throw new TokenRefusal('assertionTypeUnsupported', [type]);
  const text = parameters.get('client_assertion');
  if (text === undefined) throw new TokenRefusal('missingParameter', ['client_assertion']);
  return text;
}
