import type { Grant } from '../grant.ts';
import { clientCredentials } from './client-credentials.ts';

/** Every grant type that is served, by its name in `grant_type`. Adding one is adding a file and a line here. */
export const grants: ReadonlyMap<string, Grant> = new Map(
  [clientCredentials].map((grant) => [grant.grantType, grant] as const),
);
