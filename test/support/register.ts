import { ask } from './client.ts';
import type { Credentials } from './connection.ts';
import { bodyOf } from './odata.ts';

/** Step 1 of the source document, which is Entra ID's: registration, service principal, secret. `token`: for Microsoft Graph. */
export async function register(
  server: { readonly ca: string; readonly url: string },
  token: string,
  displayName: string,
): Promise<Credentials & { readonly objectId: string }> {
  const post = async (path: string, body: unknown, status: number) =>
    bodyOf(await ask(server.ca, `${server.url}/v1.0/${path}`, { method: 'POST', body, token }), status);
  const { id, appId } = await post('applications', { displayName, signInAudience: 'AzureADMyOrg' }, 201);
  const principal = await post('servicePrincipals', { appId }, 201);
  const added = await post(`applications/${String(id)}/addPassword`, { passwordCredential: { displayName } }, 200);
  return { id: String(appId), secret: String(added['secretText']), objectId: String(principal['id']) };
}
