import { type ClientId, type Guid, parseGuid, type ServicePrincipalId, type TenantId } from '../kernel/ids.ts';

/** The claims of one of our access tokens that matter when it comes back. */
export interface Claims {
  readonly audience: string;
  readonly issuer: string;
  readonly notBefore: number;
  readonly expiresAt: number;
  readonly clientId: ClientId;
  readonly objectId: ServicePrincipalId;
  readonly tenantId: TenantId;
  readonly roles: readonly string[];
  readonly tokenId: string;
}

/** JSON text of claims, whose signature was verified, to claims. `undefined` when it is no application's v1.0 token. */
export function parseClaims(text: string): Claims | undefined {
  const source = parseObject(text);
  if (source === undefined) return undefined;
  const { aud, iss, nbf, exp, uti, ver, idtyp, roles } = source;
  const clientId = parseId<ClientId>(source['appid']);
  const objectId = parseId<ServicePrincipalId>(source['oid']);
  const tenantId = parseId<TenantId>(source['tid']);
  if (ver !== '1.0' || idtyp !== 'app' || source['sub'] !== source['oid']) return undefined;
  if (typeof aud !== 'string' || typeof iss !== 'string' || typeof uti !== 'string') return undefined;
  if (!isTime(nbf) || !isTime(exp)) return undefined;
  if (clientId === undefined || objectId === undefined || tenantId === undefined) return undefined;
  const parsedRoles = parseRoles(roles);
  if (parsedRoles === undefined) return undefined;
  const ids = { clientId, objectId, tenantId, tokenId: uti };
  return { audience: aud, issuer: iss, notBefore: nbf, expiresAt: exp, roles: parsedRoles, ...ids };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

const isTime = (value: unknown): value is number => Number.isSafeInteger(value);

const parseId = <T extends Guid>(value: unknown): T | undefined =>
  typeof value === 'string' ? parseGuid<T>(value) : undefined;

/** Absent means none. */
function parseRoles(value: unknown): readonly string[] | undefined {
  if (value === undefined) return [];
  const roles: unknown[] = Array.isArray(value) ? value : [undefined];
  return roles.every((role) => typeof role === 'string') ? roles : undefined;
}
