import type { Tenant } from '../directory/entities.ts';
import type { HttpRequest } from '../kernel/http.ts';
import type { ClientProof } from './client-authentication.ts';
import type { FormParameters } from './form.ts';
import type { Client } from './token-request.ts';

/**
 * What has become known of one request for a token, whether it ends well or not: for the log and the audit. Stages fill
 * it in as they learn it.
 */
export interface TokenAttempt {
  readonly request: HttpRequest;
  readonly now: Date;
  parameters?: FormParameters;
  tenant?: Tenant;
  /** As the client wrote it; nothing says that it is true before `client` is there, and nothing proves it before `proof`. */
  claimedClientId?: string;
  client?: Client;
  proof?: ClientProof;
}
