import { constants, type KeyObject, verify, X509Certificate } from 'node:crypto';
import type { ClientCertificate } from '../directory/entities.ts';
import { isOwnAudience } from './addresses.ts';
import type { Assertion } from './assertion.ts';
import type { AuthenticationServices, ClientProof } from './client-authentication.ts';
import { TokenRefusal } from './problems.ts';
import { findByThumbprint } from './thumbprint.ts';
import type { Client, TokenRequest } from './token-request.ts';

/** Seconds that the clocks of client and server may differ by. */
export const clockSkew = 300;

/** How a signature of these algorithms is verified (RFC 7518 sections 3.3 and 3.5: the salt is as long as the digest). */
const paddings: ReadonlyMap<string, { readonly padding: number; readonly saltLength?: number }> = new Map([
  ['RS256', { padding: constants.RSA_PKCS1_PADDING }],
  ['PS256', { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }],
]);

export const assertionAlgorithms: readonly string[] = [...paddings.keys()];

/**
 * An assertion that the client has signed with the key of a certificate of its own (dataverse-web-api 1.7). Only
 * registered certificates count, whatever `x5c` holds. The signature is checked before anything that needs a true claim.
 */
export function verifyCertificateAssertion(
  assertion: Assertion,
  request: TokenRequest,
  { application }: Client,
  { addresses, certificateKeys }: AuthenticationServices,
): ClientProof {
  checkIssuer(assertion, application.clientId);
  const certificate = getSigner(assertion, application.certificates, request.now, certificateKeys);
  checkWindow(certificate, request.now);
  checkTimes(assertion, request.now);
  if (!assertion.claims.audiences.some((audience) => isOwnAudience(addresses, request.tenant, audience))) {
    const sent = assertion.claims.audiences.join(', ');
    throw new TokenRefusal('assertionAudience', [], { reason: `the assertion is for another audience: ${sent}` });
  }
  return { kind: '2', credential: `certificate ${certificate.thumbprint}` };
}

/** RFC 7523 section 3: the client speaks about itself. */
function checkIssuer({ claims: { issuer, subject } }: Assertion, clientId: string): void {
  const reason = `the assertion has the issuer '${issuer}' and the subject '${subject}', the client is ${clientId}`;
  if (issuer.toLowerCase() !== subject.toLowerCase()) throw new TokenRefusal('assertionSubject', [], { reason });
  if (issuer.toLowerCase() !== clientId) throw new TokenRefusal('assertionIssuer', [issuer, clientId], { reason });
}

/** The registered certificate whose key signed the assertion; valid ones are preferred where the header names none. */
function getSigner(
  assertion: Assertion,
  certificates: readonly ClientCertificate[],
  now: Date,
  keys: CertificateKeys,
): ClientCertificate {
  const { header, signed, signature } = assertion;
  const padding = paddings.get(header.algorithm);
  if (padding === undefined) {
    throw new TokenRefusal('assertionAlgorithm', [], { reason: `the assertion's algorithm is '${header.algorithm}'` });
  }
  const { named, candidates } = findByThumbprint(certificates, header);
  if (candidates.length === 0) {
    const registered = certificates.map(({ thumbprint }) => thumbprint).join(', ') || 'none';
    const reason = `no certificate of the application has the thumbprint ${named ?? '(none sent)'}; registered: ${registered}`;
    throw new TokenRefusal('certificateNotFound', [named ?? ''], { reason });
  }
  // INVARIANT: at most `credentialLimit` of them, some 30 microseconds each.
  const ordered = candidates.toSorted((a, b) => Number(isCurrent(b, now)) - Number(isCurrent(a, now)));
  const content = Buffer.from(signed, 'latin1');
  const signer = ordered.find((each) => verify('sha256', content, { key: keys.get(each), ...padding }, signature));
  if (signer !== undefined) return signer;
  const tried = candidates.map(({ thumbprint }) => thumbprint).join(', ');
  // The client is told what it named, not what is registered.
  throw new TokenRefusal('assertionSignature', [named ?? ''], {
    reason: `the assertion's ${header.algorithm} signature is not of the key of certificate ${tried}`,
  });
}

const isCurrent = ({ start, end }: ClientCertificate, now: Date): boolean => start <= now && now < end;

function checkWindow({ thumbprint, start, end }: ClientCertificate, now: Date): void {
  if (now >= end) {
    const reason = `certificate ${thumbprint} expired at ${end.toISOString()}`;
    throw new TokenRefusal('certificateExpired', [thumbprint], { reason });
  }
  if (now < start) {
    const reason = `certificate ${thumbprint} is not valid before ${start.toISOString()}`;
    throw new TokenRefusal('certificateNotYetValid', [thumbprint], { reason });
  }
}

/** No limit to `exp`, as in the real product. Fractions count. */
function checkTimes({ claims: { expiresAt, notBefore } }: Assertion, now: Date): void {
  const seconds = now.getTime() / 1000;
  if (expiresAt > seconds - clockSkew && (notBefore ?? seconds) <= seconds + clockSkew) return;
  const span = `'${notBefore ?? '-'}' to '${expiresAt}'`;
  throw new TokenRefusal('assertionTime', [now.toISOString(), span], {
    reason: `the assertion is valid from ${span} (seconds), now is ${seconds}`,
  });
}

/** Public keys of certificates, each parsed once. */
export class CertificateKeys {
  readonly #keys = new WeakMap<ClientCertificate, KeyObject>();

  get(certificate: ClientCertificate): KeyObject {
    const known = this.#keys.get(certificate);
    if (known !== undefined) return known;
    const key = new X509Certificate(certificate.pem).publicKey;
    this.#keys.set(certificate, key);
    return key;
  }
}
