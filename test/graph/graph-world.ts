import { createGraphSurface } from '../../src/graph/surface.ts';
import type { HttpResponse, Surface } from '../../src/kernel/http.ts';
import { TokenVerifier } from '../../src/token/verify.ts';
import { jsonOf, publicUrl, type TestApplication, World } from '../token/world.ts';

export const graphScope = 'https://graph.microsoft.com/.default';

export interface Sent {
  readonly body?: unknown;
  readonly token?: string;
  readonly headers?: Record<string, string>;
}

/** Names of the tokens of a `GraphWorld`, by what their holders may do. */
type TokenName = 'all' | 'write' | 'read' | 'none' | 'dataverse' | 'elsewhere';

/** A token authority's world with the Graph surface over it, and callers with every amount of permission. */
export class GraphWorld {
  readonly world: World;
  readonly surface: Surface;
  readonly admin: TestApplication;
  readonly tokens: Readonly<Record<TokenName, string>>;

  private constructor(world: World, surface: Surface, admin: TestApplication, tokens: Record<TokenName, string>) {
    this.world = world;
    this.surface = surface;
    this.admin = admin;
    this.tokens = tokens;
  }

  static async make(): Promise<GraphWorld> {
    const world = await World.make();
    const { directory, keys, clock } = world;
    const verifier = new TokenVerifier({ directory, keys, publicUrl });
    const authorizationUri = `${publicUrl}/common/oauth2/authorize`;
    const surface = createGraphSurface({ directory, verifier, publicUrl, clock, authorizationUri });
    const holder = async (name: string, ...roles: string[]): Promise<TestApplication> => {
      const made = await world.addApplication(name, { signInAudience: 'AzureADMultipleOrgs' });
      for (const role of roles) await directory.grantAppRole(made.principal.id, role);
      return made;
    };
    const admin = await holder('Administrator', 'Application.ReadWrite.All', 'AppRoleAssignment.ReadWrite.All');
    const writer = await holder('Writer', 'Application.ReadWrite.All');
    const reader = await holder('Reader', 'Application.Read.All');
    const nobody = await holder('Nobody');
    const there = await directory.createServicePrincipal({
      tenantId: world.otherTenant.id,
      clientId: admin.application.clientId,
    });
    for (const role of admin.principal.appRoles.concat([
      'Application.ReadWrite.All',
      'AppRoleAssignment.ReadWrite.All',
    ])) {
      await directory.grantAppRole(there.id, role);
    }
    const form = new URLSearchParams(world.form(admin, { scope: graphScope })).toString();
    const elsewhere = await world.ask({ url: '/nordlys.example/oauth2/v2.0/token', body: form });
    return new GraphWorld(world, surface, admin, {
      all: await world.token(admin, graphScope),
      write: await world.token(writer, graphScope),
      read: await world.token(reader, graphScope),
      none: await world.token(nobody, graphScope),
      dataverse: await world.token(admin),
      elsewhere: String(jsonOf(elsewhere)['access_token']),
    });
  }

  /** One request to a path under `/v1.0/`, by default with every permission. */
  ask(method: string, path: string, { body, token = this.tokens.all, headers = {} }: Sent = {}): Promise<HttpResponse> {
    const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
    const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
    return this.surface({
      method,
      url: `/v1.0/${path}`,
      host: 'hr.portvakt.test:8443',
      headers: { authorization: `Bearer ${token}`, ...type, ...headers },
      body: Buffer.from(text),
    });
  }

  async get(path: string, sent: Sent = {}): Promise<Record<string, unknown>> {
    return jsonOf(await this.ask('GET', path, sent));
  }

  /** Creates an application and gives it as the answer shows it. */
  async create(displayName: string, properties: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
    return jsonOf(await this.ask('POST', 'applications', { body: { displayName, ...properties } }));
  }
}

export const valuesOf = (response: HttpResponse): Record<string, unknown>[] =>
  jsonOf(response)['value'] as Record<string, unknown>[];

/** Status and code of a refusal. */
export function refusedAs(response: HttpResponse): { status: number; code: unknown } {
  const error = jsonOf(response)['error'] as { code?: unknown } | undefined;
  return { status: response.status, code: error?.code };
}
