import type { AppRegistration, ServicePrincipal, Tenant } from '../directory/entities.ts';
import type { BasicCredentials } from './basic.ts';
import type { FormParameters } from './form.ts';
import type { TokenAttempt } from './token-attempt.ts';

/** The two token endpoints: v2.0 takes `scope`, v1 takes `resource`. */
export type EndpointVersion = 'v1' | 'v2';

/** A request for a token, decoded, before anybody has looked at who asks. */
export interface TokenRequest {
  readonly version: EndpointVersion;
  readonly tenant: Tenant;
  readonly parameters: FormParameters;
  /** From the `Authorization` header, when the client used that. */
  readonly basic: BasicCredentials | undefined;
  readonly now: Date;
  /** Where stages write what they have found out, for the log and the audit. */
  readonly attempt: TokenAttempt;
}

/** The application that asks, inside the tenant that it asks. */
export interface Client {
  readonly application: AppRegistration;
  readonly principal: ServicePrincipal;
}
