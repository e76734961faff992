import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { Directory } from '../../src/directory/directory.ts';
import type { AppRegistration, ServicePrincipal, SignInAudience, Tenant } from '../../src/directory/entities.ts';
import { generateSecret, type SecretText } from '../../src/directory/secret.ts';
import type { HttpRequest, HttpResponse } from '../../src/kernel/http.ts';
import { getGuid } from '../../src/kernel/ids.ts';
import { type LogFields, silentLog } from '../../src/kernel/log.ts';
import { TokenAuthority, type TokenAuthorityOptions } from '../../src/token/authority.ts';
import type { Caller } from '../../src/token/caller.ts';
import { createResourceDirectory } from '../../src/token/resources.ts';
import { parseSigningKey, type SigningKey, type SigningKeys } from '../../src/token/signing-key.ts';
import type { TokenVerifier } from '../../src/token/verify.ts';
import { MemoryStore } from '../support/memory-store.ts';
import { RecordingAudit } from '../support/recording-audit.ts';

export const publicUrl = 'https://hr.portvakt.test:8443';
/** The moment at which the tests' clock begins. */
export const start = new Date('2026-03-01T12:00:00Z');

export function makeKey(): SigningKey {
  return parseSigningKey(
    generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    }).privateKey,
  );
}

/** Two keys that stay. */
export interface TestKeys extends SigningKeys {
  readonly next: SigningKey;
}

export function makeKeys(): TestKeys {
  const [current, next] = [makeKey(), makeKey()];
  const published = [current, next];
  return {
    current,
    next,
    published,
    keptFor: 86_400,
    find: (header) => published.find((key) => key.header === header),
    onRemoved: () => undefined,
  };
}

export interface TestApplication {
  readonly application: AppRegistration;
  readonly principal: ServicePrincipal;
  readonly secret: SecretText;
}

type WorldOptions = Pick<TokenAuthorityOptions, 'assertionReplay' | 'issuerKeys'>;

/** A directory with two tenants, an authority over it, and a clock that the test sets. */
export class World {
  now = start;
  /** What the log says about each refusal. */
  readonly refusals: LogFields[] = [];
  readonly audit = new RecordingAudit();
  readonly keys: TestKeys = makeKeys();
  readonly directory: Directory;
  readonly tenant: Tenant;
  readonly otherTenant: Tenant;
  readonly authority: TokenAuthority;
  readonly clock = (): Date => this.now;

  private constructor(directory: Directory, tenant: Tenant, otherTenant: Tenant, options: WorldOptions) {
    this.directory = directory;
    this.tenant = tenant;
    this.otherTenant = otherTenant;
    this.authority = new TokenAuthority({
      directory,
      resources: createResourceDirectory([{ url: publicUrl, tenantId: tenant.id }]),
      keys: this.keys,
      publicUrl,
      aliases: ['127.0.0.1:8443'],
      clock: this.clock,
      ...options,
      audit: this.audit,
      log: { ...silentLog, info: (_, fields = {}) => this.refusals.push(fields) },
    });
  }

  static async make(options: WorldOptions = {}): Promise<World> {
    const directory = await Directory.open(new MemoryStore(), () => start);
    const tenant = await directory.createTenant({
      id: getGuid('11111111-1111-4111-8111-111111111111'),
      displayName: 'Fjordheim',
      domains: ['fjordheim.example', 'fjordheim.onmicrosoft.example'],
    });
    const other = await directory.createTenant({ displayName: 'Nordlys', domains: ['nordlys.example'] });
    return new World(directory, tenant, other, options);
  }

  async addApplication(
    displayName: string,
    options: { readonly signInAudience?: SignInAudience; readonly reservedCharacters?: boolean } = {},
  ): Promise<TestApplication> {
    const tenantId = this.tenant.id;
    const { signInAudience = 'AzureADMyOrg', reservedCharacters = true } = options;
    const created = await this.directory.createApplication({ tenantId, displayName, signInAudience });
    const principal = await this.directory.createServicePrincipal({ tenantId, clientId: created.clientId });
    const { text } = await this.directory.addPassword(created.id, { text: generateSecret({ reservedCharacters }) });
    return { application: this.directory.getApplication(created.id), principal, secret: text };
  }

  /** A complete, right form for `app`, v2.0. */
  form(app: TestApplication, changes: Readonly<Record<string, string | undefined>> = {}): Record<string, string> {
    const all = {
      grant_type: 'client_credentials',
      client_id: app.application.clientId as string,
      client_secret: app.secret as string,
      scope: `${publicUrl}/.default`,
      ...changes,
    };
    return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined));
  }

  ask(request: Partial<Omit<HttpRequest, 'body'>> & { readonly body?: string | Buffer }): Promise<HttpResponse> {
    return this.authority.handle({
      method: 'POST',
      url: `/${this.tenant.id}/oauth2/v2.0/token`,
      host: 'hr.portvakt.test:8443',
      ...request,
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...request.headers },
      body: Buffer.from(request.body ?? ''),
    });
  }

  /** Sends a form. `undefined` in `changes` leaves a parameter out. */
  askForm(app: TestApplication, changes: Readonly<Record<string, string | undefined>> = {}): Promise<HttpResponse> {
    return this.ask({ body: new URLSearchParams(this.form(app, changes)).toString() });
  }

  async token(app: TestApplication, scope = `${publicUrl}/.default`): Promise<string> {
    return String(jsonOf(await this.askForm(app, { scope }))['access_token']);
  }
}

/** Who sent a token of our own: such callers are there at once, without a turn of waiting. */
export function authenticateNow(
  verifier: TokenVerifier,
  ...question: Parameters<TokenVerifier['authenticate']>
): Caller {
  const caller = verifier.authenticate(...question);
  if (caller instanceof Promise) throw new TypeError('the caller of a token of our own is waited for');
  return caller;
}

export const jsonOf = (response: HttpResponse): Record<string, unknown> =>
  JSON.parse(response.body.toString()) as Record<string, unknown>;

/** The JSON in one segment of a token. */
export const segmentOf = (token: string, index: 0 | 1): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[index] ?? '', 'base64url').toString()) as Record<string, unknown>;

export const guidPattern = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;
export const unknownGuid = (): string => randomUUID();
