import type { ClientId, ServicePrincipalId, TenantId } from '../kernel/ids.ts';

/** Who sent a request: what a verified access token says. */
export interface Caller {
  readonly clientId: ClientId;
  readonly tenantId: TenantId;
  /** The service principal in that tenant (`oid`). */
  readonly objectId: ServicePrincipalId;
  /** As in the token, for example `https://localhost:8443`. */
  readonly audience: string;
  /** Application permissions; empty for most tokens. */
  readonly roles: readonly string[];
  readonly expiresAt: Date;
  /** `uti`: names the token in logs without being it. */
  readonly tokenId: string;
}
