import type { HttpResponse, Surface } from '../kernel/http.ts';
import type { Answer, Method, SeedClient } from './seed-client.ts';

/** Credentials of the administrator on whose behalf the demo is set up. */
export interface LocalCredentials {
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/**
 * A client of this very process: real tokens, real requests, no socket. What works here can be replayed over the wire,
 * because the surfaces cannot tell the difference.
 */
export class LocalClient implements SeedClient {
  readonly #surface: Surface;
  readonly #publicUrl: string;
  readonly #credentials: LocalCredentials;
  readonly #tokens = new Map<string, Promise<string>>();

  constructor(surface: Surface, publicUrl: string, credentials: LocalCredentials) {
    this.#surface = surface;
    this.#publicUrl = publicUrl;
    this.#credentials = credentials;
  }

  async graph(method: Method, path: string, body?: unknown): Promise<unknown> {
    return (await this.#send('https://graph.microsoft.com', `/v1.0/${path}`, method, body)).body;
  }

  webapi(
    method: Method,
    path: string,
    body?: unknown,
    options: { readonly representation?: boolean } = {},
  ): Promise<Answer> {
    const prefer: Record<string, string> = options.representation === true ? { prefer: 'return=representation' } : {};
    return this.#send(this.#publicUrl, `/api/data/v9.2/${path}`, method, body, prefer);
  }

  async data(method: Method, path: string, body?: unknown): Promise<unknown> {
    return (await this.#send(`${this.#publicUrl}/data`, `/data/${path}`, method, body)).body;
  }

  async #send(
    resource: string,
    url: string,
    method: Method,
    body: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const response = await this.#surface({
      method,
      url,
      host: new URL(this.#publicUrl).host,
      headers: {
        authorization: `Bearer ${await this.#token(resource)}`,
        'content-type': 'application/json',
        ...headers,
      },
      body: Buffer.from(body === undefined ? '' : JSON.stringify(body)),
    });
    if (response.status >= 400) {
      throw new Error(`${method} ${url} was refused: ${response.status} ${response.body.toString()}`);
    }
    const text = response.body.toString();
    return {
      body: text === '' ? undefined : (JSON.parse(text) as unknown),
      entityId: response.headers['OData-EntityId'],
    };
  }

  #token(resource: string): Promise<string> {
    const known = this.#tokens.get(resource);
    if (known !== undefined) return known;
    const token = this.#requestToken(resource);
    this.#tokens.set(resource, token);
    return token;
  }

  async #requestToken(resource: string): Promise<string> {
    const { tenantId, clientId, clientSecret } = this.#credentials;
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
      scope: `${resource}/.default`,
    });
    const response: HttpResponse = await this.#surface({
      method: 'POST',
      url: `/${tenantId}/oauth2/v2.0/token`,
      host: new URL(this.#publicUrl).host,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: Buffer.from(form.toString()),
    });
    const body: unknown = JSON.parse(response.body.toString());
    if (response.status !== 200 || typeof body !== 'object' || body === null || !('access_token' in body)) {
      throw new Error(`no token for ${resource}: ${response.status} ${response.body.toString()}`);
    }
    return String(body.access_token);
  }
}
