import type { MaybePromise } from '../kernel/maybe-promise.ts';
import type { Assertion } from './assertion.ts';
import type { ClientProof } from './client-authentication.ts';
import { TokenRefusal } from './problems.ts';
import type { Client, TokenRequest } from './token-request.ts';

/** Client assertions that another identity provider has issued (dataverse-web-api 1.8). */
export interface FederatedAssertions {
  /** Throws, or rejects with, a refusal unless the assertion matches a federated credential of the application. */
  verify(assertion: Assertion, request: TokenRequest, client: Client): MaybePromise<ClientProof>;
}

/** Refuses all of them, loudly. */
export const noFederatedAssertions: FederatedAssertions = {
  verify({ claims }) {
    throw new TokenRefusal('federatedNotImplemented', [], {
      reason: `the assertion was issued by ${claims.issuer}; federated credentials are not built yet`,
    });
  },
};
