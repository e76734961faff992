import { type AppRegistration, isUsableIn, type Tenant } from '../directory/entities.ts';
import type { DirectorySnapshot } from '../directory/snapshot.ts';
import { type ClientId, parseGuid, type TenantId } from '../kernel/ids.ts';
import { TokenRefusal } from './problems.ts';

/** The application programming interfaces that tokens are issued for. */
export type Api = 'dataverse' | 'finops' | 'graph';

/** A resource that a tenant knows: one of ours, or somebody's application that takes tokens itself. */
export type Resource = { readonly api: Api } | { readonly api: 'application'; readonly application: AppRegistration };

/** Which resource identifiers a tenant knows. `identifier` is as the client sent it, without `/.default`. */
export interface ResourceDirectory {
  find(tenantId: TenantId, identifier: string): Resource | undefined;
}

/** An environment as the authority sees it. `url` is its origin, without a trailing slash. */
export interface EnvironmentAddress {
  readonly url: string;
  readonly tenantId: TenantId;
}

/** The vendor's own application ids (dataverse-web-api 1.3). */
export const firstPartyIds = {
  dataverse: '00000007-0000-0000-c000-000000000000',
  finops: '00000015-0000-0000-c000-000000000000',
  graph: '00000003-0000-0000-c000-000000000000',
} as const satisfies Record<Api, string>;

const graphUrl = 'https://graph.microsoft.com';

/** Lower case, without one trailing slash: the form in which identifiers are compared (dataverse-web-api 1.3). */
const normalise = (identifier: string): string => {
  const lower = identifier.toLowerCase();
  return lower.endsWith('/') ? lower.slice(0, -1) : lower;
};

/** `https://org.crm.example.com` is also `https://org.api.crm.example.com`. */
function withApiLabel(url: string): string {
  const match = /^(https?:\/\/[^./:]+)(\.[^./:]+\..+)$/.exec(url);
  return match === null ? url : `${match[1]}.api${match[2]}`;
}

/** The hosts that tokens for an environment at this origin may name. */
export const dataverseHosts = (url: string): readonly string[] => [
  ...new Set([url, withApiLabel(url)].map((name) => new URL(name).host)),
];

const dataverseNames = (url: string): string[] => [url, withApiLabel(url), firstPartyIds.dataverse].map(normalise);
const finopsNames = (url: string): string[] => [`${url}/data`, firstPartyIds.finops].map(normalise);
const graphNames = [graphUrl, firstPartyIds.graph];

/** Resources of the tenants that have these environments. Every tenant has Microsoft Graph. */
export function createResourceDirectory(environments: readonly EnvironmentAddress[]): ResourceDirectory {
  const apis = new Map<string, Map<TenantId, Api>>();
  const add = (api: Api, names: readonly string[], tenantId: TenantId): void => {
    for (const name of names) apis.set(name, (apis.get(name) ?? new Map<TenantId, Api>()).set(tenantId, api));
  };
  for (const { url, tenantId } of environments) {
    add('dataverse', dataverseNames(url), tenantId);
    add('finops', finopsNames(url), tenantId);
  }
  return {
    find(tenantId, identifier) {
      const name = normalise(identifier);
      const api = graphNames.includes(name) ? 'graph' : apis.get(name)?.get(tenantId);
      return api === undefined ? undefined : { api };
    },
  };
}

/**
 * The application that `identifier` names, by client id or application ID URI, where the tenant has a service principal
 * of it. Asked after our own resources, so that none can take the name of one.
 * @throws TokenRefusal 500014 when that service principal is disabled
 */
export function findRegisteredResource(
  directory: DirectorySnapshot,
  tenant: Tenant,
  identifier: string,
): Resource | undefined {
  const clientId = parseGuid<ClientId>(identifier);
  const application =
    clientId === undefined
      ? (directory.findApplicationByUri(identifier) ?? directory.findApplicationByUri(normalise(identifier)))
      : directory.findApplication(clientId);
  if (application === undefined || !isUsableIn(application, tenant.id)) return undefined;
  const principal = directory.findServicePrincipal(tenant.id, application.clientId);
  if (principal === undefined) return undefined;
  if (!principal.accountEnabled) throw new TokenRefusal('resourceDisabled', [identifier]);
  return { api: 'application', application };
}

/** Which values of `aud` one surface accepts. */
export type AudienceTest = (audience: string) => boolean;

const oneOf = (names: readonly string[]): AudienceTest => {
  const known = new Set(names);
  return (audience) => known.has(normalise(audience));
};

/**
 * The environment's own URLs without the vendor's ids, which name every environment in the world: what an outside issuer
 * must write. Our authority knows only our own environments, so that for it the ids do no harm.
 */
export const outsideDataverseAudience = (url: string): AudienceTest => oneOf([url, withApiLabel(url)].map(normalise));
/** The same for `/data`. */
export const outsideFinopsAudience = (url: string): AudienceTest => oneOf([normalise(`${url}/data`)]);

/** For the Web API (and `/portvakt/v1`) of the environment with this origin. */
export const dataverseAudience = (url: string): AudienceTest => oneOf(dataverseNames(url));
/** For `/data` of the environment with this origin. */
export const finopsAudience = (url: string): AudienceTest => oneOf(finopsNames(url));
/** For `/v1.0`. */
export const graphAudience: AudienceTest = oneOf(graphNames);
