import { parseBase64url } from './base64url.ts';
import { TokenRefusal } from './problems.ts';

/** A client assertion taken apart. Nothing in it is true before its signature has been verified. */
export interface Assertion {
  readonly header: AssertionHeader;
  readonly claims: AssertionClaims;
  /** The two segments that the signature is over, ASCII. */
  readonly signed: string;
  readonly signature: Buffer;
}

/** Members of the JOSE header that are looked at. `jku`, `jwk`, `x5u` and `x5c` are not: nobody names his own judge. */
export interface AssertionHeader {
  readonly algorithm: string;
  readonly keyId: string | undefined;
  /** `x5t`, as sent. */
  readonly thumbprint: string | undefined;
  /** `x5t#S256`, as sent. */
  readonly thumbprintSha256: string | undefined;
}

/** Registered claims (RFC 7519 section 4.1). Times are seconds, fractions allowed. */
export interface AssertionClaims {
  readonly issuer: string;
  readonly subject: string;
  readonly audiences: readonly string[];
  readonly expiresAt: number;
  readonly notBefore: number | undefined;
  readonly issuedAt: number | undefined;
  readonly tokenId: string | undefined;
}

/** Characters. One with a certificate chain has some 10,000. */
const assertionLimit = 32 * 1024;

/**
 * Text to assertion (RFC 7515 section 7.1, RFC 7523 section 3).
 * @throws TokenRefusal 50027 when it is no such JWT
 */
export function parseAssertion(text: string): Assertion {
  if (text.length > assertionLimit) throw malformed(`it has more than ${assertionLimit} characters`);
  const [head = '', payload = '', signature = '', ...more] = text.split('.');
  if (more.length > 0) throw malformed('it has more than three segments');
  const header = parseHeader(parseSegment(head, 'header'));
  const claims = parseClaims(parseSegment(payload, 'payload'));
  const bytes = parseBase64url(signature);
  if (bytes === undefined) throw malformed('its signature is missing or no base64url');
  return { header, claims, signed: `${head}.${payload}`, signature: bytes };
}

function parseHeader(header: Members): AssertionHeader {
  // RFC 7515 section 4.1.11: who does not understand what is critical must refuse.
  if (header['crit'] !== undefined) throw malformed('its header has critical extensions');
  const algorithm = textOf(header, 'alg');
  if (algorithm === undefined) throw malformed('its header names no `alg`');
  return {
    algorithm,
    keyId: textOf(header, 'kid'),
    thumbprint: textOf(header, 'x5t'),
    thumbprintSha256: textOf(header, 'x5t#S256'),
  };
}

function parseClaims(claims: Members): AssertionClaims {
  const issuer = textOf(claims, 'iss');
  const subject = textOf(claims, 'sub');
  const expiresAt = timeOf(claims, 'exp');
  if (issuer === undefined || subject === undefined) throw malformed('it has no `iss` or no `sub`');
  if (expiresAt === undefined) throw malformed('it has no `exp`');
  return {
    issuer,
    subject,
    audiences: audiencesOf(claims),
    expiresAt,
    notBefore: timeOf(claims, 'nbf'),
    issuedAt: timeOf(claims, 'iat'),
    tokenId: textOf(claims, 'jti'),
  };
}

type Members = Readonly<Record<string, unknown>>;

function parseSegment(segment: string, name: string): Members {
  const bytes = parseBase64url(segment);
  if (bytes === undefined) throw malformed(`its ${name} is missing or no base64url`);
  try {
    const value: unknown = JSON.parse(utf8.decode(bytes));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Falls through: no UTF-8, or no JSON.
  }
  throw malformed(`its ${name} is no JSON object`);
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Absent is `undefined`; of another type is refused. */
function textOf(members: Members, name: string): string | undefined {
  const value = members[name];
  if (value === undefined || typeof value === 'string') return value;
  throw malformed(`\`${name}\` is no text`);
}

function timeOf(members: Members, name: string): number | undefined {
  const value = members[name];
  if (value === undefined || (typeof value === 'number' && Number.isFinite(value))) return value;
  throw malformed(`\`${name}\` is no number`);
}

/** RFC 7519 section 4.1.3: one text, or a list of them. */
function audiencesOf(members: Members): readonly string[] {
  const value = members['aud'];
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (list.length === 0 || !list.every((each) => typeof each === 'string'))
    throw malformed('`aud` is missing or no text');
  return list;
}

const malformed = (why: string): TokenRefusal =>
  new TokenRefusal('assertionMalformed', [], { reason: `the client assertion is malformed: ${why}` });
