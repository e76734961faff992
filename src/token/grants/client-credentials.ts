import { findAuthentication } from '../client-authentication.ts';
import { clientAuthentications } from '../client-authentications.ts';
import { findClient, getClientId } from '../find-client.ts';
import type { Grant } from '../grant.ts';
import { TokenRefusal } from '../problems.ts';
import { parseRequestedResource, requireResource } from '../requested-resource.ts';
import { findRegisteredResource } from '../resources.ts';

/** An application asks for itself (RFC 6749 section 4.4). The order of checks is that of dataverse-web-api 1.11. */
export const clientCredentials: Grant = {
  grantType: 'client_credentials',
  async issue(request, { directory, resources, authentication, makeToken }) {
    const { attempt } = request;
    const method = findAuthentication(clientAuthentications, request); // 9002313, two credentials
    attempt.claimedClientId = getClientId(request, method); // 900144, 50027
    requireResource(request); // 900144, 901002
    const client = findClient(directory, request, attempt.claimedClientId, method); // 700016, 50194, 7000229, 7000112
    attempt.client = client;
    if (method === undefined) throw new TokenRefusal('credentialMissing', ['client_credentials']);
    const proof = await method.verify(request, client, authentication); // 7000215, 7000222, 700027, others of assertions
    attempt.proof = proof;
    const audience = parseRequestedResource(request); // 70011, 700023, 1002012, 28000
    const { tenant } = request;
    const resource = resources.find(tenant.id, audience) ?? findRegisteredResource(directory, tenant, audience); // 500014
    if (resource === undefined) throw new TokenRefusal('resourceNotFound', [audience, tenant.displayName]);
    return makeToken({ client, resource, audience, proof });
  },
};
