import type { ConditionId, RefusalCause } from '../kernel/cause.ts';
import { Refusal } from '../kernel/refusal.ts';

interface TokenProblem {
  readonly status: 400 | 401 | 404 | 405 | 413 | 429 | 501 | 503;
  /** OAuth error code (RFC 6749 section 5.2 and the vendor's additions). */
  readonly error: string;
  /** The number after `AADSTS`. */
  readonly code: number;
  /** `{0}`, `{1}` are filled in. */
  readonly text: string;
  /** What somebody meets who tries out clients or credentials: counted, and throttled when there are too many. */
  readonly guess?: boolean;
  /** The condition of the chain that was not met; absent where the request itself is wrong. */
  readonly condition?: ConditionId;
}

const keyHint =
  "Thumbprint of key used by client: '{0}', Please use Microsoft Graph to see configured keys for the application.]";

const notFoundHint =
  'This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.';

const federatedHint =
  'Check your federated identity credential Subject, Audience and Issuer against the presented assertion.';

/** Every error of the authority (dataverse-web-api 1.11). Texts marked there as guesses are corrected here. */
export const tokenProblems = {
  missingParameter: {
    status: 400,
    error: 'invalid_request',
    code: 900144,
    text: "The request body must contain the following parameter: '{0}'.",
  },
  unsupportedGrant: {
    status: 400,
    error: 'unsupported_grant_type',
    code: 70003,
    text: "The app requested an unsupported grant type '{0}'.",
  },
  resourceNotSupported: {
    status: 400,
    error: 'invalid_request',
    code: 901002,
    text: "The 'resource' request parameter is not supported.",
    condition: 'resource',
  },
  malformed: {
    status: 400,
    error: 'invalid_request',
    code: 9002313,
    text: 'Invalid request. Request is malformed or invalid: {0}.',
  },
  bodyTooLarge: {
    status: 413,
    error: 'invalid_request',
    code: 9002313,
    text: 'Invalid request. The request body is larger than {0} bytes.',
  },
  wrongVerb: {
    status: 405,
    error: 'invalid_request',
    code: 900561,
    text: 'The endpoint only accepts {0} requests. Received a {1} request.',
  },
  unknownEndpoint: {
    status: 404,
    error: 'invalid_request',
    code: 9002313,
    text: 'Invalid request. There is no such endpoint.',
  },
  unavailable: {
    status: 503,
    error: 'temporarily_unavailable',
    code: 90033,
    text: 'A transient error has occurred. Please try again.',
  },
  notImplemented: {
    status: 501,
    error: 'invalid_request',
    code: 9002313,
    text: '{0} is not implemented in this version of Portvakt.',
  },
  tenantNotFound: {
    status: 400,
    error: 'invalid_request',
    code: 90002,
    text: "Tenant '{0}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.",
    condition: 'tenant',
  },
  tenantUnusable: {
    status: 400,
    error: 'invalid_request',
    code: 900023,
    text: "Specified tenant identifier '{0}' is neither a valid DNS name, nor a valid external domain.",
    condition: 'tenant',
  },
  noTenantInformation: {
    status: 400,
    error: 'invalid_request',
    code: 50059,
    text: 'No tenant-identifying information found in either the request or implied by any provided credentials.',
    condition: 'tenant',
  },
  grantNotOnCommon: {
    status: 400,
    error: 'invalid_request',
    code: 9001023,
    text: 'The grant type is not supported over the /common or /consumers endpoints. Please use the tenant-specific endpoint.',
    condition: 'tenant',
  },
  unknownInstance: {
    status: 400,
    error: 'invalid_instance',
    code: 50049,
    text: 'Unknown or invalid instance.',
  },
  applicationNotFound: {
    status: 400,
    error: 'unauthorized_client',
    code: 700016,
    text: `Application with identifier '{0}' was not found in the directory '{1}'. ${notFoundHint}`,
    guess: true,
    condition: 'application',
  },
  servicePrincipalMissing: {
    status: 400,
    error: 'unauthorized_client',
    code: 7000229,
    text: 'The client application {0} is missing service principal in the tenant {1}.',
    condition: 'consent',
  },
  applicationDisabled: {
    status: 400,
    error: 'unauthorized_client',
    code: 7000112,
    text: "Application '{0}'({1}) is disabled.",
    condition: 'application-enabled',
  },
  notMultiTenant: {
    status: 400,
    error: 'invalid_request',
    code: 50194,
    text: "Application '{0}'({1}) is not configured as a multi-tenant application.",
    condition: 'tenant',
  },
  redirectUriMismatch: {
    status: 400,
    error: 'invalid_request',
    code: 50011,
    text: "The redirect URI '{0}' specified in the request does not match the redirect URIs configured for the application '{1}'. Make sure the redirect URI sent in the request matches one added to the application.",
  },
  credentialMissing: {
    status: 401,
    error: 'invalid_client',
    code: 7000216,
    text: "'client_assertion', 'client_secret' or 'request' is required for the '{0}' grant type.",
    condition: 'credential',
  },
  secretInvalid: {
    status: 401,
    error: 'invalid_client',
    code: 7000215,
    text: "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '{0}'.",
    guess: true,
    condition: 'credential',
  },
  secretExpired: {
    status: 401,
    error: 'invalid_client',
    code: 7000222,
    text: "The provided client secret keys for app '{0}' are expired. Create new keys for your app, or consider using certificate credentials for added security.",
    condition: 'credential',
  },
  assertionTypeUnsupported: {
    status: 400,
    error: 'invalid_request',
    code: 90023,
    text: "Invalid request. The 'client_assertion_type' {0} is not supported.",
    condition: 'credential',
  },
  assertionMalformed: {
    status: 401,
    error: 'invalid_client',
    code: 50027,
    text: 'JWT token is invalid or malformed.',
    condition: 'credential',
  },
  // Seen on the wire as `invalid_request`, unlike its neighbours.
  assertionAlgorithm: {
    status: 400,
    error: 'invalid_request',
    code: 5002730,
    text: 'Invalid JWT token. Unsupported key for the signing algorithm.',
    condition: 'credential',
  },
  assertionIssuer: {
    status: 401,
    error: 'invalid_client',
    code: 700021,
    text: "Client assertion application identifier '{0}' doesn't match 'client_id' parameter '{1}'.",
    guess: true,
    condition: 'credential',
  },
  assertionSubject: {
    status: 401,
    error: 'invalid_client',
    code: 50048,
    text: 'Subject mismatches Issuer claim in the client assertion.',
    condition: 'credential',
  },
  certificateNotFound: {
    status: 401,
    error: 'invalid_client',
    code: 700027,
    text: `The certificate with identifier used to sign the client assertion is not registered on application. [Reason - The key was not found., ${keyHint}`,
    guess: true,
    condition: 'credential',
  },
  certificateExpired: {
    status: 401,
    error: 'invalid_client',
    code: 700027,
    text: `Client assertion contains an invalid signature. [Reason - The key used is expired., ${keyHint}`,
    condition: 'credential',
  },
  certificateNotYetValid: {
    status: 401,
    error: 'invalid_client',
    code: 700027,
    text: `Client assertion contains an invalid signature. [Reason - The key used is not valid yet., ${keyHint}`,
    condition: 'credential',
  },
  assertionSignature: {
    status: 401,
    error: 'invalid_client',
    code: 700027,
    text: `Client assertion failed signature validation. [Reason - Key was found, but use of the key to verify the signature failed., ${keyHint}`,
    guess: true,
    condition: 'credential',
  },
  assertionTime: {
    status: 401,
    error: 'invalid_client',
    code: 700024,
    text: 'Client assertion is not within its valid time range. Current time: {0}, assertion valid from {1} (seconds since 1970). Review the clock of the client.',
    condition: 'credential',
  },
  assertionAudience: {
    status: 401,
    error: 'invalid_client',
    code: 700023,
    text: 'Client assertion audience claim does not match Realm issuer.',
    condition: 'credential',
  },
  assertionReplayed: {
    status: 401,
    error: 'invalid_client',
    code: 50013,
    text: 'Assertion is invalid: it was presented before, or it lives too long to be remembered.',
    guess: true,
    condition: 'credential',
  },
  tooManyFailures: {
    status: 429,
    error: 'temporarily_unavailable',
    code: 90055,
    text: 'There are too many failed requests. Try again in {0} seconds.',
    condition: 'service-limits',
  },
  federatedNone: {
    status: 401,
    error: 'invalid_client',
    code: 70025,
    text: "The client '{0}'({1}) has no configured federated identity credentials.",
    condition: 'credential',
  },
  federatedIssuer: {
    status: 401,
    error: 'invalid_client',
    code: 700211,
    text: `No matching federated identity record found for presented assertion issuer '{0}'. ${federatedHint}`,
    condition: 'credential',
  },
  federatedAudience: {
    status: 401,
    error: 'invalid_client',
    code: 700212,
    text: `No matching federated identity record found for presented assertion audience '{0}'. ${federatedHint}`,
    condition: 'credential',
  },
  federatedSubject: {
    status: 401,
    error: 'invalid_client',
    code: 700213,
    text: `No matching federated identity record found for presented assertion subject '{0}'. ${federatedHint}`,
    condition: 'credential',
  },
  // Seen on the wire as `invalid_request`: the client can do nothing about it.
  issuerUnreachable: {
    status: 400,
    error: 'invalid_request',
    code: 50166,
    text: 'Request to External OIDC endpoint failed.',
    condition: 'credential',
  },
  scopeMalformed: {
    status: 400,
    error: 'invalid_scope',
    code: 70011,
    text: "The provided value for the input parameter 'scope' is not valid. The scope {0} is not valid.",
    condition: 'resource',
  },
  scopeWithoutDefault: {
    status: 400,
    error: 'invalid_scope',
    code: 1002012,
    text: 'The provided value for scope {0} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).',
    condition: 'resource',
  },
  scopeResourceless: {
    status: 400,
    error: 'invalid_scope',
    code: 700023,
    text: 'The scope {0} names no resource.',
    condition: 'resource',
  },
  severalResources: {
    status: 400,
    error: 'invalid_scope',
    code: 28000,
    text: "Provided value for the input parameter scope is not valid because it contains more than one resource. Scope '{0}' is not valid.",
    condition: 'resource',
  },
  resourceDisabled: {
    status: 400,
    error: 'invalid_resource',
    code: 500014,
    text: "The service principal for resource '{0}' is disabled. The administrator of the tenant has disabled the application.",
    condition: 'resource',
  },
  resourceNotFound: {
    status: 400,
    error: 'invalid_resource',
    code: 500011,
    text: `The resource principal named {0} was not found in the tenant named {1}. ${notFoundHint}`,
    condition: 'resource',
  },
} as const satisfies Record<string, TokenProblem>;

export type TokenProblemName = keyof typeof tokenProblems;

/** What goes with a refusal besides the text of its problem. */
interface RefusalDetails {
  /** The condition that was not met, where it is not that of the problem; and the names that it rests on. */
  readonly cause?: Partial<RefusalCause>;
  /** The true reason, for log and audit alone; absent where the message says all. Never a secret or an assertion. */
  readonly reason?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The authority refuses a request. `error` is the OAuth error, `problem.code` the AADSTS number as text. */
export class TokenRefusal extends Refusal {
  readonly error: string;
  readonly number: number;
  readonly kind: TokenProblemName;
  readonly isGuess: boolean;

  constructor(name: TokenProblemName, values: readonly string[] = [], { reason, headers, cause }: RefusalDetails = {}) {
    const { status, code, error, text, guess = false, condition }: TokenProblem = tokenProblems[name];
    const message = text.replace(/\{(\d)\}/g, (_, index: string) => quotable(values[Number(index)] ?? ''));
    super('token', { status, code: String(code), message }, reason && quotable(reason), headers);
    this.name = 'TokenRefusal';
    this.kind = name;
    this.isGuess = guess;
    this.error = error;
    this.number = code;
    const unmet = cause?.condition ?? condition;
    if (unmet !== undefined) this.because({ condition: unmet, data: { problem: name, ...cause?.data } });
  }
}

/** What a client sent, fit to be repeated to it: RFC 6749 section 5.2 allows printable ASCII only. */
const quotable = (text: string): string => text.slice(0, 300).replace(/[^\x20-\x7e]/g, '?');
