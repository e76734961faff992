import type { FederatedCredential } from '../directory/entities.ts';
import type { MaybePromise } from '../kernel/maybe-promise.ts';
import { unreachable } from '../kernel/unreachable.ts';
import type { Assertion, AssertionClaims } from './assertion.ts';
import { clockSkew } from './certificate-assertion.ts';
import type { ClientProof } from './client-authentication.ts';
import { checkForeignToken, type ForeignFault, isFault, parseForeignToken } from './issuers/foreign-token.ts';
import type { KeyFinder } from './issuers/issuer-keys.ts';
import { signatureAlgorithms } from './issuers/key-set.ts';
import { TokenRefusal } from './problems.ts';
import type { Client, TokenRequest } from './token-request.ts';

/** Client assertions that another identity provider has issued (dataverse-web-api 1.8). */
export interface FederatedAssertions {
  /** Throws, or rejects with, a refusal unless the assertion matches a federated credential of the application. */
  verify(assertion: Assertion, request: TokenRequest, client: Client): MaybePromise<ClientProof>;
}

/** Verifies them by the keys that `keys` fetches: of issuers that the application itself has registered, and no others. */
export function createFederatedAssertions(keys: KeyFinder): FederatedAssertions {
  return {
    async verify(assertion, { now }, { application }) {
      const credential = findCredential(assertion.claims, application.federatedCredentials, application);
      const token = parseForeignToken(`${assertion.signed}.${assertion.signature.toString('base64url')}`);
      const leeway = { expired: clockSkew, early: clockSkew };
      const fault = isFault(token)
        ? token
        : await checkForeignToken(token, { keys, algorithms: signatureAlgorithms, leeway, now });
      if (fault !== undefined) throw refusalOf(fault, assertion, credential, now);
      return { kind: '2', credential: `federated credential ${credential.name}` };
    },
  };
}

/** All three are compared exactly. The message says which one fits none; the order is that of the real product's codes. */
function findCredential(
  claims: AssertionClaims,
  credentials: readonly FederatedCredential[],
  { clientId, displayName }: Client['application'],
): FederatedCredential {
  const { issuer, subject, audiences } = claims;
  if (credentials.length === 0) throw new TokenRefusal('federatedNone', [clientId, displayName]);
  const ofIssuer = credentials.filter((each) => each.issuer === issuer);
  if (ofIssuer.length === 0) throw mismatch('federatedIssuer', issuer, credentials, 'issuer');
  const ofSubject = ofIssuer.filter((each) => each.subject === subject);
  if (ofSubject.length === 0) throw mismatch('federatedSubject', subject, ofIssuer, 'subject');
  const found = ofSubject.find((each) => each.audiences.some((audience) => audiences.includes(audience)));
  if (found !== undefined) return found;
  const registered = ofSubject.flatMap((each) => each.audiences).join(', ');
  const reason = `the assertion is for '${audiences.join(', ')}', registered: ${registered}`;
  throw new TokenRefusal('federatedAudience', [audiences.join(', ')], { reason });
}

function mismatch(
  problem: 'federatedIssuer' | 'federatedSubject',
  presented: string,
  credentials: readonly FederatedCredential[],
  member: 'issuer' | 'subject',
): TokenRefusal {
  const registered = credentials.map((each) => each[member]);
  const near = registered.find((each) => simple(each) === simple(presented));
  const hint = near === undefined ? '' : `; '${near}' differs only in case or in a slash at the end`;
  const reason = `the assertion's ${member} is '${presented}', registered: ${registered.join(', ')}${hint}`;
  return new TokenRefusal(problem, [presented], { reason });
}

const simple = (text: string): string => text.toLowerCase().replace(/\/$/, '');

/** What the client is told of a fault: never what the issuer answered, or where it is. */
function refusalOf(
  { fault, reason: why }: ForeignFault,
  { header, claims }: Assertion,
  { name }: FederatedCredential,
  now: Date,
): TokenRefusal {
  const reason = `federated credential ${name}: ${why}`;
  switch (fault) {
    case 'malformed':
      return new TokenRefusal('assertionMalformed', [], { reason });
    case 'algorithm':
      return new TokenRefusal('assertionAlgorithm', [], { reason });
    case 'expired':
    case 'notYetValid': {
      const span = `'${claims.notBefore ?? '-'}' to '${claims.expiresAt}'`;
      return new TokenRefusal('assertionTime', [now.toISOString(), span], { reason });
    }
    case 'unreachable':
      return new TokenRefusal('issuerUnreachable', [], { reason });
    case 'unknownKey':
      return new TokenRefusal('certificateNotFound', [header.keyId ?? ''], { reason });
    case 'signature':
      return new TokenRefusal('assertionSignature', [header.keyId ?? ''], { reason });
    default:
      return unreachable(fault);
  }
}
