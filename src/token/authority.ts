import type { Directory } from '../directory/directory.ts';
import { type Audit, type AuditNotes, beginNotes, silentAudit } from '../kernel/audit.ts';
import { parseAuditText } from '../kernel/audit-text.ts';
import { answerAudited } from '../kernel/audited.ts';
import { type Clock, systemClock } from '../kernel/clock.ts';
import type { HttpRequest, HttpResponse } from '../kernel/http.ts';
import { type ClientId, parseGuid } from '../kernel/ids.ts';
import { type Log, silentLog } from '../kernel/log.ts';
import type { Peers } from '../kernel/peers.ts';
import { unreachable } from '../kernel/unreachable.ts';
import { type Addresses, baseUrl } from './addresses.ts';
import { type AssertionReplay, PresentedAssertions } from './assertion-replay.ts';
import { CertificateKeys } from './certificate-assertion.ts';
import { instanceMetadata, keySet, openIdConfiguration, parseAuthorizationEndpoint } from './discovery.ts';
import { renderErrorPage } from './error-page.ts';
import { createFederatedAssertions } from './federated-assertion.ts';
import { grants } from './grants/all-grants.ts';
import { GuessThrottle } from './guess-throttle.ts';
import { createAddressRules } from './issuers/address-rules.ts';
import { createFetchJson } from './issuers/fetch-json.ts';
import { IssuerKeySource, type KeyFinder } from './issuers/issuer-keys.ts';
import { TokenRefusal } from './problems.ts';
import { renderDocument, renderPrivate, renderRefusal, traceOf } from './render.ts';
import { parseRequestedResource } from './requested-resource.ts';
import type { ResourceDirectory } from './resources.ts';
import { type DocumentEndpoint, findRoute, isErrorPage } from './routes.ts';
import type { SigningKeys } from './signing-key.ts';
import { getDocumentTenant } from './tenant-segment.ts';
import type { TokenAttempt } from './token-attempt.ts';
import { issueToken, type TokenEndpoint, type TokenServices, tokenBody } from './token-endpoint.ts';
import { auditIds, startTrace } from './trace.ts';

export interface TokenAuthorityOptions {
  readonly directory: Directory;
  readonly resources: ResourceDirectory;
  readonly keys: SigningKeys;
  /** Origin without a trailing slash: base of issuers and of the documents' URLs. */
  readonly publicUrl: string;
  /** Further `host[:port]` values under which clients reach this server. */
  readonly aliases?: readonly string[];
  readonly clock?: Clock;
  readonly log?: Log;
  readonly audit?: Audit;
  /** Life of an access token; default 3599, which is what clients of the real product usually see. */
  readonly lifetimeSeconds?: number;
  /** Keys of the identity providers of federated credentials; default: of those that have a public address. */
  readonly issuerKeys?: KeyFinder;
  /** Default `accept`, as the real product does: real clients send one assertion several times. */
  readonly assertionReplay?: AssertionReplay;
  /** Default: this process serves alone. */
  readonly peers?: Peers;
}

/** The token authority: token endpoints, discovery, keys. One `handle` for all of its paths (`isAuthorityUrl`). */
export class TokenAuthority {
  readonly #services: TokenServices;
  readonly #addresses: Addresses;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #throttle: GuessThrottle;
  readonly #audit: Audit;

  constructor(options: TokenAuthorityOptions) {
    const aliases = (options.aliases ?? []).map((alias) => alias.toLowerCase());
    this.#addresses = { publicUrl: options.publicUrl, aliases };
    this.#services = {
      directory: options.directory,
      resources: options.resources,
      keys: options.keys,
      authentication: {
        addresses: this.#addresses,
        certificateKeys: new CertificateKeys(),
        federated: createFederatedAssertions(options.issuerKeys ?? publicIssuerKeys(options.clock)),
        presented: options.assertionReplay === 'refuse' ? new PresentedAssertions(options.peers) : undefined,
      },
      lifetimeSeconds: options.lifetimeSeconds ?? 3599,
    };
    this.#throttle = new GuessThrottle(options.peers?.count);
    this.#clock = options.clock ?? systemClock;
    this.#log = options.log ?? silentLog;
    this.#audit = options.audit ?? silentAudit;
  }

  /** Answers one request. Refusals are answers too; it rejects only for a fault of ours. */
  async handle(request: HttpRequest): Promise<HttpResponse> {
    if (isErrorPage(request.url)) return renderErrorPage(request);
    const route = findRoute(request.url);
    if (route?.endpoint.kind === 'token') {
      const { tenantSegment, endpoint } = route;
      return this.#token({ version: endpoint.version, tenantSegment }, { request, now: this.#clock() });
    }
    try {
      if (route === undefined) throw new TokenRefusal('unknownEndpoint');
      if (route.endpoint.kind === 'later') throw new TokenRefusal('notImplemented', [route.endpoint.what]);
      requireMethod(request, ['GET', 'HEAD'], 'GET, HEAD');
      const document = this.#document(route.endpoint, route.tenantSegment, request);
      return route.endpoint.kind === 'keys'
        ? renderDocument(document, this.#services.keys.keptFor)
        : renderDocument(document);
    } catch (error) {
      return this.#refuse(error, request);
    }
  }

  /** One request for a token, issued or refused: either is in the audit log before it is answered. */
  async #token(endpoint: TokenEndpoint, attempt: TokenAttempt): Promise<HttpResponse> {
    const { request } = attempt;
    if (request.method === 'OPTIONS') return allowOnly('POST, OPTIONS');
    const notes = beginNotes('token', 'token', request);
    return answerAudited({
      audit: this.#audit,
      notes,
      answer: async () => {
        try {
          requireMethod(request, ['POST'], 'POST, OPTIONS');
          const token = await issueToken(this.#services, endpoint, attempt);
          notes.tokenId = token.tokenId;
          notes.resource = token.audience;
          return renderPrivate(200, tokenBody(endpoint.version, token), startTrace(request, attempt.parameters));
        } catch (error) {
          const resource = this.#findAsked(endpoint, attempt);
          if (resource !== undefined) notes.resource = resource;
          throw this.#throttled(error, attempt);
        } finally {
          noteAttempt(notes, attempt);
        }
      },
      refuse: (refusal) => this.#refuse(refusal, request, attempt, sentBy(endpoint, attempt)),
      // Whoever gets no token has lost nothing by asking again, whatever failed.
      unavailable: (_why, reason) => new TokenRefusal('unavailable', [], { reason }),
      idsOf: (answer) => auditIds(traceOf(answer)),
      reasonOf: ({ reason }) => parseAuditText(reason, isAlgorithm, sentBy(endpoint, attempt)),
    });
  }

  /** What a refused request wanted a token for, where that is something that is there: whose administrator may ask why. */
  #findAsked({ version }: TokenEndpoint, { tenant, parameters }: TokenAttempt): string | undefined {
    if (tenant === undefined || parameters === undefined) return undefined;
    try {
      const audience = parseRequestedResource({ version, parameters });
      return this.#services.resources.find(tenant.id, audience) === undefined ? undefined : audience;
    } catch (error) {
      if (error instanceof TokenRefusal) return undefined;
      throw error;
    }
  }

  /** The refusal, or 429 where too many like it came before. What the server asks of itself is not counted. */
  #throttled(error: unknown, { request, client, now }: TokenAttempt): unknown {
    if (!(error instanceof TokenRefusal) || !error.isGuess || request.remoteAddress === undefined) return error;
    const wait = this.#throttle.countFailure(client?.application.clientId, request.remoteAddress, now);
    if (wait === undefined) return error;
    const reason = `too many failures, the last one: ${error.reason}`;
    return new TokenRefusal('tooManyFailures', [String(wait)], {
      reason,
      headers: { 'Retry-After': String(wait) },
      cause: { data: { waitSeconds: String(wait) } },
    });
  }

  #document(endpoint: DocumentEndpoint, segment: string, request: HttpRequest): object {
    const base = baseUrl(this.#addresses, request.host);
    const directory = this.#services.directory.current;
    switch (endpoint.kind) {
      case 'configuration':
        return openIdConfiguration(endpoint.version, base, getDocumentTenant(directory, segment));
      case 'keys':
        return keySet(this.#services.keys, base, getDocumentTenant(directory, segment));
      case 'instance': {
        const query = new URLSearchParams(request.url.split('?')[1] ?? '');
        const tenant = getDocumentTenant(directory, parseAuthorizationEndpoint(this.#addresses, query));
        return instanceMetadata(this.#addresses, base, query.get('api-version') ?? '1.1', tenant.segment);
      }
      default:
        return unreachable(endpoint);
    }
  }

  /** `sent`: what the log must not repeat, since clients mix up their fields and send a secret as something else. */
  #refuse(error: unknown, request: HttpRequest, attempt?: TokenAttempt, sent: readonly string[] = []): HttpResponse {
    if (!(error instanceof TokenRefusal)) throw error;
    const trace = startTrace(request, attempt?.parameters);
    this.#log.info('token request refused', {
      code: error.number,
      reason: parseAuditText(error.reason, isAlgorithm, sent),
      tenant: attempt?.tenant?.id,
      client: attempt?.client?.application.clientId,
      address: request.remoteAddress,
      ...trace,
    });
    const answer = renderRefusal(error, trace, this.#clock(), baseUrl(this.#addresses, request.host));
    const challenge = `Basic realm="${this.#addresses.publicUrl}"`;
    // RFC 6749 section 5.2: a client that used the Authorization header gets a challenge of that scheme.
    return answer.status === 401 && request.headers['authorization'] !== undefined
      ? { ...answer, headers: { ...answer.headers, 'WWW-Authenticate': challenge } }
      : answer;
  }
}

const publicIssuerKeys = (clock: Clock = systemClock): KeyFinder =>
  new IssuerKeySource({ fetchJson: createFetchJson({ rules: createAddressRules() }), clock });

/** Who asked, as far as it got. A client id that nothing proves is noted too: it says who was tried. */
function noteAttempt(
  notes: AuditNotes,
  { tenant, client, proof, parameters, claimedClientId = '' }: TokenAttempt,
): void {
  const clientId = client?.application.clientId ?? parseGuid<ClientId>(claimedClientId);
  if (tenant !== undefined) notes.tenantId = tenant.id;
  if (clientId !== undefined) notes.clientId = clientId;
  if (client !== undefined) notes.objectId = client.principal.id;
  if (proof !== undefined) notes.credential = proof.credential;
  const grantType = parameters?.get('grant_type');
  if (grantType !== undefined && grants.has(grantType)) notes.message = grantType;
}

/** Names of RFC 7518 section 3.1: what an assertion was signed with is worth telling. */
const isAlgorithm = (word: string): boolean => /^(?:[HREP]S(?:256|384|512)|EdDSA)$/.test(word);

/** What the client sent and a reason may repeat. */
const sentBy = ({ tenantSegment }: TokenEndpoint, { parameters, claimedClientId }: TokenAttempt): readonly string[] => [
  tenantSegment,
  ...(claimedClientId === undefined ? [] : [claimedClientId]),
  ...(parameters?.values() ?? []),
];

function requireMethod(request: HttpRequest, allowed: readonly string[], header: string): void {
  if (allowed.includes(request.method)) return;
  throw new TokenRefusal('wrongVerb', [header.split(', ').join('/'), request.method], { headers: { Allow: header } });
}

const allowOnly = (methods: string): HttpResponse => ({ status: 200, headers: { Allow: methods }, body: '' });
