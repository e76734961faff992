import type { TenantId } from '../kernel/ids.ts';
import type { OperatorRole } from '../kernel/operator.ts';

/** The environment at whose host the web app is used. */
export interface WebAppPlace {
  readonly name: string;
  readonly uniqueName: string;
  /** Origin without a trailing slash. */
  readonly url: string;
  readonly tenantId: TenantId;
  /** Is it of the installation's own tenant? The web app is served nowhere else. */
  readonly isHome: boolean;
  /** Sees to it that the application of this role is there, with its rights in this environment and in the directory. */
  admit(role: OperatorRole): Promise<void>;
}

/** `undefined`: no environment is served under this host. */
export type FindPlace = (host: string) => WebAppPlace | undefined;
