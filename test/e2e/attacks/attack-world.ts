import { join } from 'node:path';
import { silentLog } from '../../../src/kernel/log.ts';
import { fileKeyStore } from '../../../src/token/file-key-store.ts';
import type { SigningKey } from '../../../src/token/signing-key.ts';
import { makeTenant } from '../../support/administration.ts';
import { type Answer, ask } from '../../support/client.ts';
import { type Credentials, credentialsOf, requestToken } from '../../support/connection.ts';
import type { Engine } from '../../support/database.ts';
import { bodyOf } from '../../support/odata.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { makeCertificate, type TestCertificate } from '../../token/assertions.ts';
import { makeKey } from '../../token/world.ts';

const graphScope = 'https://graph.microsoft.com/.default';
const day = 86_400_000;

/** An application that was registered for an attack. */
export interface Registered extends Credentials {
  /** Object id of the app registration, and of the service principal. */
  readonly objectId: string;
  readonly principalId: string;
  readonly keyId: string;
}

/** A whole server, what an attacker may have got hold of, and what an administrator has done about it. */
export interface AttackWorld {
  readonly server: TestServer;
  /** The authority's own key: what the worst thief would have. */
  readonly key: SigningKey;
  /** A key of the attacker. */
  readonly foreignKey: SigningKey;
  /** A good token of the demo ATS for the Web API. */
  readonly good: string;
  readonly tokens: Readonly<
    Record<'deleted' | 'withoutPrincipal' | 'disabled' | 'renewed' | 'otherTenant' | 'forGraph' | 'forFinops', string>
  >;
  readonly app: Registered;
  readonly guessed: Registered;
  readonly disabled: Registered;
  readonly deleted: Registered;
  readonly expiredSecret: string;
  readonly removedSecret: string;
  readonly certificates: Readonly<Record<'valid' | 'expired' | 'future' | 'removed' | 'foreign', TestCertificate>>;
  readonly otherAuthority: string;
  close(): Promise<void>;
}

export async function makeAttackWorld(engine: Engine): Promise<AttackWorld> {
  // The server begins two days ago: what expires cannot be registered when it has expired already.
  let offset = -2 * day;
  const settings = {
    PORTVAKT_ASSERTION_REPLAY: 'refuse',
    // So that the tests can come from many addresses.
    PORTVAKT_TRUSTED_PROXIES: '127.0.0.1',
  };
  const server = await startTestServer(engine, settings, silentLog, () => new Date(Date.now() + offset));
  const before = new Administrator(server);
  const app = await before.register('Attacked');
  const old = { ...(await before.addOldSecrets(app)), certificates: await before.addCertificates(app) };
  offset = 0;
  const admin = new Administrator(server);
  const authority = server.env.AUTHORITY_URL;
  const tokenOf = (credentials: Credentials): Promise<string> =>
    requestToken(server.ca, authority, credentials, `${server.url}/.default`);
  const names = ['deleted', 'withoutPrincipal', 'disabled', 'renewed'] as const;
  const victims = await Promise.all(names.map((name) => admin.register(name)));
  const [deletedToken = '', withoutPrincipal = '', disabledToken = '', renewed = ''] = await Promise.all(
    victims.map(tokenOf),
  );
  const [deleted, gone, disabled, again] = victims as [Registered, Registered, Registered, Registered];
  await admin.graph('DELETE', `applications/${deleted.objectId}`);
  await admin.graph('DELETE', `servicePrincipals/${gone.principalId}`);
  await admin.graph('PATCH', `servicePrincipals/${disabled.principalId}`, { accountEnabled: false });
  await admin.graph('DELETE', `servicePrincipals/${again.principalId}`);
  await admin.graph('POST', 'servicePrincipals', { appId: again.id });
  const tenant = await makeTenant(server, 'Nordlys');
  const { current } = (await fileKeyStore(join(server.dataFolder, 'keys')).load()) ?? {};
  if (current === undefined) throw new Error('the server has no keys');
  return {
    server,
    key: current.key,
    foreignKey: makeKey(),
    good: await tokenOf(credentialsOf(server.env, 'ats')),
    tokens: {
      deleted: deletedToken,
      withoutPrincipal,
      disabled: disabledToken,
      renewed,
      otherTenant: await requestToken(server.ca, tenant.authority, tenant.administrator, graphScope),
      forGraph: await server.token('ats', graphScope),
      forFinops: await server.token('ats', `${server.url}/data/.default`),
    },
    app,
    guessed: await admin.register('Guessed'),
    disabled,
    deleted,
    ...old,
    otherAuthority: tenant.authority,
    close: () => server.close(),
  };
}

/** What an administrator does through Microsoft Graph. */
class Administrator {
  readonly #server: TestServer;
  readonly #token: Promise<string>;

  constructor(server: TestServer) {
    this.#server = server;
    this.#token = requestToken(server.ca, server.env.AUTHORITY_URL, credentialsOf(server.env, 'admin'), graphScope);
  }

  async graph(method: string, path: string, body?: unknown): Promise<Answer> {
    const token = await this.#token;
    const answer = await this.#server.ask(`/v1.0/${path}`, {
      method,
      body,
      headers: { authorization: `Bearer ${token}` },
    });
    if (answer.status >= 400) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
    return answer;
  }

  async register(displayName: string): Promise<Registered> {
    const made = bodyOf(await this.graph('POST', 'applications', { displayName }), 201);
    const objectId = String(made['id']);
    const id = String(made['appId']);
    const principal = bodyOf(await this.graph('POST', 'servicePrincipals', { appId: id }), 201);
    const password = bodyOf(await this.graph('POST', `applications/${objectId}/addPassword`, {}), 200);
    const [secret, keyId] = [String(password['secretText']), String(password['keyId'])];
    return { id, secret, keyId, objectId, principalId: String(principal['id']) };
  }

  async addOldSecrets({ objectId }: Registered): Promise<Record<'expiredSecret' | 'removedSecret', string>> {
    const path = `applications/${objectId}/addPassword`;
    const ended = { endDateTime: new Date(Date.now() - day).toISOString() };
    const expired = bodyOf(await this.graph('POST', path, { passwordCredential: ended }), 200);
    const removed = bodyOf(await this.graph('POST', path, {}), 200);
    await this.graph('POST', `applications/${objectId}/removePassword`, { keyId: removed['keyId'] });
    return { expiredSecret: String(expired['secretText']), removedSecret: String(removed['secretText']) };
  }

  async addCertificates({ objectId }: Registered): Promise<AttackWorld['certificates']> {
    const at = (days: number): Date => new Date(Date.now() + days * day);
    const [valid, expired, future, removed, foreign] = await Promise.all([
      makeCertificate({ notBefore: at(-30), notAfter: at(300) }),
      makeCertificate({ notBefore: at(-30), notAfter: at(-1) }),
      makeCertificate({ notBefore: at(1), notAfter: at(300) }),
      makeCertificate({ notBefore: at(-30), notAfter: at(300) }),
      makeCertificate({ notBefore: at(-30), notAfter: at(300) }),
    ]);
    const registered = [valid, expired, future, removed];
    const credential = ({ pem }: TestCertificate): object => ({
      type: 'AsymmetricX509Cert',
      usage: 'Verify',
      key: pem.replace(/-----[^-]+-----|\s/g, ''),
    });
    await this.graph('PATCH', `applications/${objectId}`, { keyCredentials: registered.map(credential) });
    const kept = registered.filter((each) => each !== removed);
    await this.graph('PATCH', `applications/${objectId}`, { keyCredentials: kept.map(credential) });
    return { valid, expired, future, removed, foreign };
  }
}

const formType = { 'content-type': 'application/x-www-form-urlencoded' };

/** One request to a token endpoint, as any HTTP client would send it. `undefined` leaves a parameter out. */
export function askToken(
  { server }: AttackWorld,
  parameters: Readonly<Record<string, string | undefined>>,
  options: { readonly authority?: string; readonly headers?: Record<string, string> } = {},
): Promise<Answer> {
  const { authority = server.env.AUTHORITY_URL, headers = {} } = options;
  const given = { grant_type: 'client_credentials', scope: `${server.url}/.default`, ...parameters };
  const form = Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return ask(server.ca, `${authority}/oauth2/v2.0/token`, {
    method: 'POST',
    headers: { ...formType, ...headers },
    body: new URLSearchParams(form).toString(),
  });
}
