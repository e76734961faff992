import { type ClientId, parseGuid } from '../../kernel/ids.ts';
import type { Claims } from './foreign-token.ts';
import { shown } from './issuer-error.ts';
import type { ClaimRules, ListedApplication, TrustedIssuer } from './trusted-issuer.ts';

/** What a verified token of an outside issuer says. */
export interface OutsideClaims {
  readonly application: ListedApplication;
  readonly audiences: readonly string[];
  readonly roles: readonly string[];
  /** Names the token in logs. */
  readonly tokenId: string;
}

/** Why the claims are refused; names are those of `verifyProblems`. */
export interface ClaimFault {
  readonly problem: 'malformed' | 'tenant' | 'claims' | 'userToken' | 'unknownClient';
  readonly reason: string;
}

/** Where client ids stand: v2.0 of Entra ID and Keycloak, v1.0 of Entra ID, RFC 9068 section 2.2. */
const clientIdClaims = ['azp', 'appid', 'client_id'] as const;

/** Reads the claims by the rules of their issuer. The signature has been verified before. */
export function readOutsideClaims(trusted: TrustedIssuer, claims: Claims): OutsideClaims | ClaimFault {
  const { name, foreignTenants, requiredClaims } = trusted;
  const tid = claims['tid'];
  if (foreignTenants !== undefined && !(typeof tid === 'string' && foreignTenants.includes(tid.toLowerCase()))) {
    return fault('tenant', `the tenant ${show(tid)} of ${name} is not allowed`);
  }
  const missing = findBroken(requiredClaims, claims);
  if (missing !== undefined) return fault('claims', `${name}: the claim ${missing} is ${show(claims[missing])}`);
  // RFC 9449, RFC 8705: such a token is nobody's who cannot show the key, and we do not ask for it.
  if (claims['cnf'] !== undefined)
    return fault('claims', 'the token is bound to a key (cnf), which is not checked here');
  const clientId = findClientId(trusted, claims);
  if (clientId === undefined) return fault('malformed', `${name}: the token names no client, or several`);
  const user = describeUser(trusted, claims, clientId);
  if (user !== undefined) return fault('userToken', `${name}: the token is not an application's: ${user}`);
  const application = findListed(trusted, clientId);
  if (application === undefined)
    return fault('unknownClient', `${name} may not vouch for the client ${show(clientId)}`);
  const audiences = textsOf(claims['aud']);
  if (audiences.length === 0) return fault('malformed', `${name}: the token has no audience`);
  const roles = textsOf(claims['roles']).filter((role) => trusted.appRoles.includes(role));
  return { application, audiences, roles, tokenId: tokenIdOf(claims) };
}

/** The application that an issuer vouches for under this client id. */
export function findListed(trusted: TrustedIssuer, clientId: string): ListedApplication | undefined {
  const id = parseGuid<ClientId>(clientId);
  if (trusted.applications !== 'any') return trusted.applications.get(id ?? clientId);
  return id && { id, name: `${trusted.name} ${id}` };
}

/** Two claims that name different clients are as good as none. */
function findClientId({ clientIdClaim }: TrustedIssuer, claims: Claims): string | undefined {
  const names = clientIdClaim === undefined ? clientIdClaims : [clientIdClaim];
  const found = new Set(names.map((name) => claims[name]).filter((value) => value !== undefined));
  const [clientId] = found;
  return found.size === 1 && typeof clientId === 'string' ? clientId : undefined;
}

/** Claims that only a token has which a person has signed in for. */
const userClaims = ['scp', 'upn', 'unique_name', 'preferred_username', 'email', 'nonce', 'auth_time', 'sid', 'amr'];

/**
 * Why this is no token of an application alone, as far as claims can tell; `undefined` when it is one. Absence of a user is
 * not enough: something must say that it is an application's (dataverse-web-api 1.6; RFC 9068 section 5 about `sub`).
 */
function describeUser(trusted: TrustedIssuer, claims: Claims, clientId: string): string | undefined {
  const { idtyp, sub, oid } = claims;
  if (idtyp !== undefined && idtyp !== 'app') return `idtyp is ${show(idtyp)}`;
  if (trusted.applicationClaims !== undefined) {
    const broken = findBroken(trusted.applicationClaims, claims);
    return broken && `the claim ${broken} is ${show(claims[broken])}`;
  }
  const user = userClaims.find((name) => claims[name] !== undefined);
  if (user !== undefined) return `it has the claim ${user}`;
  const method = claims['azpacr'] ?? claims['appidacr'];
  const isConfidential = method === '1' || method === '2';
  const isEntra = typeof oid === 'string' && oid === sub && isConfidential;
  const isApplication = idtyp === 'app' || isEntra || sub === clientId || claims['gty'] === 'client-credentials';
  return isApplication ? undefined : 'nothing in it says that it is';
}

/** The first claim whose value is not one of those that a rule demands. */
function findBroken(rules: ClaimRules, claims: Claims): string | undefined {
  for (const [name, allowed] of rules) {
    const value = claims[name];
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    const isMet =
      allowed === 'present'
        ? typeof value === 'string' && value !== ''
        : values.some((each) => allowed.some((one) => one === each));
    if (!isMet) return name;
  }
  return undefined;
}

function textsOf(value: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.filter((each) => typeof each === 'string' && each !== '').map(String);
}

const tokenIdOf = ({ uti, jti }: Claims): string => shown([uti, jti].find((id) => typeof id === 'string') ?? '-', 80);

const fault = (problem: ClaimFault['problem'], reason: string): ClaimFault => ({ problem, reason });

const show = (value: unknown): string => (value === undefined ? 'missing' : `'${shown(JSON.stringify(value), 100)}'`);
