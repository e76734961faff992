import { isUsableIn } from '../directory/entities.ts';
import type { DirectorySnapshot } from '../directory/snapshot.ts';
import { isWebApp } from '../directory/web-app-applications.ts';
import { type ClientId, parseGuid } from '../kernel/ids.ts';
import type { ClientAuthentication } from './client-authentication.ts';
import { TokenRefusal } from './problems.ts';
import type { Client, TokenRequest } from './token-request.ts';

/** The client id that the request carries, wherever it stands; two that differ are refused. */
export function getClientId(request: TokenRequest, authentication: ClientAuthentication | undefined): string {
  const inBody = request.parameters.get('client_id');
  const clientId = authentication?.findClientId(request) ?? inBody;
  if (clientId === undefined) throw new TokenRefusal('missingParameter', ['client_id']);
  if (inBody !== undefined && inBody.toLowerCase() !== clientId.toLowerCase()) {
    throw new TokenRefusal('malformed', ['the request names two different clients']);
  }
  return clientId;
}

/** As `findClientOf`; a refusal takes as long as that of a wrong credential. */
export function findClient(
  snapshot: DirectorySnapshot,
  request: TokenRequest,
  text: string,
  authentication: ClientAuthentication | undefined,
): Client {
  try {
    return findClientOf(snapshot, request, text);
  } catch (error) {
    authentication?.pretend(request);
    throw error;
  }
}

/** The application inside the tenant: it exists, may be used there, has a service principal, and that is enabled. */
function findClientOf(snapshot: DirectorySnapshot, { tenant }: Pick<TokenRequest, 'tenant'>, text: string): Client {
  const clientId = parseGuid<ClientId>(text);
  const isOurs = clientId !== undefined && isWebApp(clientId);
  const application = clientId === undefined || isOurs ? undefined : snapshot.findApplication(clientId);
  if (application === undefined) {
    const reason = isOurs ? "the web app's own application" : `no application has the client id '${text}'`;
    throw new TokenRefusal('applicationNotFound', [text, tenant.displayName], { reason });
  }
  const isHome = application.tenantId === tenant.id;
  const names = [application.clientId, application.displayName];
  if (!isUsableIn(application, tenant.id)) {
    const reason = `the application is of tenant ${application.tenantId}, and for that one only`;
    throw new TokenRefusal('notMultiTenant', names, { reason });
  }
  const principal = snapshot.findServicePrincipal(tenant.id, application.clientId);
  if (principal === undefined) {
    if (isHome) throw new TokenRefusal('servicePrincipalMissing', [application.clientId, tenant.id]);
    // The client is told what it is told of an application that is nowhere.
    const reason = `the application of tenant ${application.tenantId} has no service principal here: nobody has consented`;
    throw new TokenRefusal('applicationNotFound', [text, tenant.displayName], {
      reason,
      cause: { condition: 'consent' },
    });
  }
  if (!principal.accountEnabled) {
    throw new TokenRefusal('applicationDisabled', names, {
      reason: `the service principal ${principal.id} is disabled`,
    });
  }
  return { application, principal };
}
