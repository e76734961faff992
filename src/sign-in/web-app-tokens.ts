import type { Directory } from '../directory/directory.ts';
import { webAppClientId } from '../directory/web-app-applications.ts';
import type { Audit } from '../kernel/audit.ts';
import type { Clock } from '../kernel/clock.ts';
import { newRequestId, type TenantId } from '../kernel/ids.ts';
import type { OperatorRole } from '../kernel/operator.ts';
import { makeAccessToken } from '../token/access-token.ts';
import type { Api } from '../token/resources.ts';
import type { SigningKeys } from '../token/signing-key.ts';

export interface WebAppTokensDeps {
  readonly directory: Directory;
  readonly keys: SigningKeys;
  /** Base of the issuer. */
  readonly publicUrl: string;
  readonly lifetimeSeconds: number;
  readonly clock: Clock;
  readonly audit: Audit;
}

interface Kept {
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly until: number;
  readonly kid: string;
  readonly principal: object;
}

/** Milliseconds before its end in which a token is not used any more. */
const margin = 60_000;

/**
 * Access tokens of the web app's own applications, one for each role and address, in the memory of this process. They are
 * ordinary ones, so that the surfaces need not know of operators; they are in no answer.
 */
export class WebAppTokens {
  readonly #deps: WebAppTokensDeps;
  readonly #kept = new Map<string, Promise<Kept>>();

  constructor(deps: WebAppTokensDeps) {
    this.#deps = deps;
  }

  /** `undefined`: the application is not there, or disabled. */
  async get(role: OperatorRole, tenantId: TenantId, api: Api, audience: string): Promise<string | undefined> {
    const { directory, keys, clock } = this.#deps;
    const principal = directory.current.findServicePrincipal(tenantId, webAppClientId(role));
    if (principal?.accountEnabled !== true) return undefined;
    const name = `${role} ${tenantId} ${audience}`;
    const known = await this.#kept.get(name);
    const isGood =
      known !== undefined &&
      known.until > clock().getTime() &&
      known.kid === keys.current.kid &&
      // Its permissions are in it.
      known.principal === principal;
    if (isGood) return known.text;
    const made = this.#make(role, tenantId, api, audience);
    this.#kept.set(name, made);
    made.catch(() => this.#kept.delete(name));
    return (await made).text;
  }

  async #make(role: OperatorRole, tenantId: TenantId, api: Api, audience: string): Promise<Kept> {
    const { directory, keys, publicUrl, lifetimeSeconds, clock, audit } = this.#deps;
    const clientId = webAppClientId(role);
    const application = directory.current.findApplication(clientId);
    const principal = directory.current.findServicePrincipal(tenantId, clientId);
    if (application === undefined || principal === undefined) throw new TypeError('the web app has no application');
    const now = clock();
    const key = keys.current;
    const token = await makeAccessToken(
      { key, issuerBase: publicUrl, lifetimeSeconds, now },
      { client: { application, principal }, resource: { api }, audience, proof: { kind: '2', credential: 'web app' } },
    );
    await audit.write({
      kind: 'token',
      outcome: 'allowed',
      surface: 'server',
      message: 'webApp',
      requestId: newRequestId(),
      tenantId,
      clientId,
      objectId: principal.id,
      tokenId: token.tokenId,
      resource: audience,
    });
    return { text: token.text, until: now.getTime() + lifetimeSeconds * 1000 - margin, kid: key.kid, principal };
  }
}
