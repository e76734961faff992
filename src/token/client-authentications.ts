import { clientAssertion } from './client-assertion.ts';
import type { ClientAuthentication } from './client-authentication.ts';
import { clientSecretBasic, clientSecretPost } from './client-secret.ts';

/** Every way in which a client may authenticate. Adding one is adding a file and a line here. */
export const clientAuthentications: readonly ClientAuthentication[] = [
  clientSecretPost,
  clientAssertion,
  clientSecretBasic,
];

export const supportedAuthenticationNames: readonly string[] = clientAuthentications.map(({ name }) => name);
