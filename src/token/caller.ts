import type { ClientId, ServicePrincipalId, TenantId } from '../kernel/ids.ts';
import type { OutsideVoucher } from './issuers/outside-issuers.ts';

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
  /** When the token ends, or must be verified again. */
  readonly expiresAt: Date;
  /** `uti`: names the token in logs without being it. */
  readonly tokenId: string;
  /** Absent for tokens of our own authority. */
  readonly outside?: OutsideVoucher;
}

const issuerWord = 'issuer ';

/** How the audit log says that an outside issuer vouched for the application, which the directory need not know. */
export const issuerCredential = (name: string): string => `${issuerWord}${name}`;

export const isIssuerCredential = (credential: string | undefined): boolean =>
  credential?.startsWith(issuerWord) === true;
