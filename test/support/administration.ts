import { type Answer, type Ask, ask } from './client.ts';
import { type Credentials, requestToken } from './connection.ts';
import { bodyOf, errorOf, type WireRow } from './odata.ts';

/** A server whose administrator can be called as: `TestServer`, `EmptyServer`. */
interface Installation {
  readonly url: string;
  readonly ca: string;
  token(who: 'admin'): Promise<string>;
}

/** A tenant with its first administrator, as the answer that made it says. */
export interface MadeTenant {
  readonly id: string;
  readonly authority: string;
  readonly administrator: Credentials;
}

export interface MadeEnvironment {
  readonly id: string;
  readonly url: string;
  readonly tenant: MadeTenant;
}

/** A call of `/portvakt/v1` as the installation's administrator. */
export async function administer(server: Installation, path: string, options: Ask = {}): Promise<Answer> {
  return ask(server.ca, `${server.url}/portvakt/v1/${path}`, { ...options, token: await server.token('admin') });
}

/** Status, code and message of a refusal, and that it says what to do. */
export function adminErrorOf(answer: Answer) {
  const error = bodyOf(answer, answer.status)['error'] as WireRow;
  const details = error['details'] as WireRow;
  if (typeof details['fix'] !== 'string') throw new Error(`no fix in ${answer.text}`);
  return { ...errorOf(answer), details };
}

export async function makeTenant(server: Installation, name: string): Promise<MadeTenant> {
  const body = { displayName: name, domains: [`${name.toLowerCase()}.example`] };
  const made = bodyOf(await administer(server, 'tenants', { method: 'POST', body }), 201);
  const administrator = made['administrator'] as { clientId: string; clientSecret: string };
  return {
    id: String(made['id']),
    authority: String(made['authorityUrl']),
    administrator: { id: administrator.clientId, secret: administrator.clientSecret },
  };
}

export async function makeEnvironment(
  server: Installation,
  tenant: MadeTenant,
  uniqueName: string,
  more: Readonly<Record<string, string>> = {},
): Promise<MadeEnvironment> {
  const order = { tenantId: tenant.id, administratorClientId: tenant.administrator.id };
  const body = { ...order, uniqueName, name: uniqueName, ...more };
  const made = bodyOf(await administer(server, 'environments', { method: 'POST', body }), 201);
  return { id: String(made['id']), url: String(made['url']), tenant };
}

/** A token of a tenant's first administrator. */
export const administratorToken = (server: Installation, { authority, administrator }: MadeTenant, scope: string) =>
  requestToken(server.ca, authority, administrator, scope);

/** A call of one environment's Web API as its first administrator. */
export async function callEnvironment(
  server: Installation,
  { url, tenant }: MadeEnvironment,
  path: string,
  options: Ask = {},
): Promise<Answer> {
  const token = options.token ?? (await administratorToken(server, tenant, `${url}/.default`));
  return ask(server.ca, `${url}/api/data/v9.2/${path}`, { ...options, token });
}

/** The same for its Human Resources administration. */
export async function callHumanResources(
  server: Installation,
  { url, tenant }: MadeEnvironment,
  path: string,
  options: Ask = {},
): Promise<Answer> {
  const token = options.token ?? (await administratorToken(server, tenant, `${url}/data/.default`));
  return ask(server.ca, `${url}/data/${path}`, { ...options, token });
}
