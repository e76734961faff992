import { type AppRegistration, isUsableIn, type ServicePrincipal, type Tenant } from '../directory/entities.ts';
import type { DirectorySnapshot } from '../directory/snapshot.ts';
import { type ClientId, parseGuid } from '../kernel/ids.ts';
import { TokenRefusal } from '../token/problems.ts';
import { getTenant } from '../token/tenant-segment.ts';
import type { ConsentAddress, ConsentVersion } from './address.ts';
import { findRedirect } from './redirect-uri.ts';

/** A request to admit an application to a tenant, checked: it may be put before the tenant's administrator. */
export interface ConsentRequest {
  readonly version: ConsentVersion;
  readonly tenant: Tenant;
  readonly application: AppRegistration;
  /** The application in the tenant, where it was admitted before. */
  readonly principal: ServicePrincipal | undefined;
  /** Where the answer goes; `undefined`: the application has registered nothing, and the answer is a page. */
  readonly redirect: URL | undefined;
  readonly state: string | undefined;
  readonly scope: string | undefined;
}

/** What a request says before the tenant is known. */
export interface ConsentParameters {
  readonly application: AppRegistration;
  readonly redirect: URL | undefined;
  readonly state: string | undefined;
  readonly scope: string | undefined;
}

/** Names under which an application's users have no tenant in common (dataverse-web-api 1.4). */
const sharedNames: ReadonlySet<string> = new Set(['common', 'organizations']);

/** Does the URL leave open which tenant it is about? */
export const isShared = ({ tenantSegment }: ConsentAddress): boolean => sharedNames.has(tenantSegment.toLowerCase());

const textLimit = 2048;

/** Application, redirect URI and the rest. @throws TokenRefusal 900144, 9002313, 700016, 50011 */
export function parseParameters(snapshot: DirectorySnapshot, { version, query }: ConsentAddress): ConsentParameters {
  const sent = parseQuery(query);
  const text = sent.get('client_id');
  if (text === undefined) throw new TokenRefusal('missingParameter', ['client_id']);
  const clientId = parseGuid<ClientId>(text);
  const application = clientId === undefined ? undefined : snapshot.findApplication(clientId);
  if (application === undefined) throw new TokenRefusal('applicationNotFound', [text, 'this service']);
  const redirect = chooseRedirect(application, sent.get('redirect_uri'));
  if (version === 'v2' && !sent.has('scope')) throw new TokenRefusal('missingParameter', ['scope']);
  return { application, redirect, state: sent.get('state'), scope: version === 'v2' ? sent.get('scope') : undefined };
}

/** @throws TokenRefusal 90002, 900023, 50059, 50194 */
export function toConsentRequest(
  snapshot: DirectorySnapshot,
  { tenantSegment, version }: ConsentAddress,
  parameters: ConsentParameters,
): ConsentRequest {
  const tenant = getTenant(snapshot, tenantSegment);
  const { application } = parameters;
  requireUsable(application, tenant);
  const principal = snapshot.findServicePrincipal(tenant.id, application.clientId);
  return { ...parameters, version, tenant, principal };
}

/** An application for one tenant can be admitted there only; `tenant` is `undefined` while it is left open. */
export function requireUsable(application: AppRegistration, tenant: Tenant | undefined): void {
  if (isUsableIn(application, tenant?.id)) return;
  throw new TokenRefusal('notMultiTenant', [application.clientId, application.displayName]);
}

/** @throws TokenRefusal 50011: there is no other way than to a registered address */
function chooseRedirect({ clientId, redirectUris }: AppRegistration, asked: string | undefined): URL | undefined {
  const wanted = asked ?? redirectUris[0];
  if (wanted === undefined) return undefined;
  const redirect = findRedirect(redirectUris, wanted);
  if (redirect === undefined) throw new TokenRefusal('redirectUriMismatch', [wanted, clientId]);
  return redirect;
}

/** Parameters by name; one without a value counts as not sent, one that comes twice is refused (RFC 6749 section 3.1). */
function parseQuery(query: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    if (values.has(name)) throw new TokenRefusal('malformed', [`the parameter '${name}' is there twice`]);
    if (value.length > textLimit) throw new TokenRefusal('malformed', [`the parameter '${name}' is too long`]);
    values.set(name, value);
  }
  return new Map([...values].filter(([, value]) => value !== ''));
}
