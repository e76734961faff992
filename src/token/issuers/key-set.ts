import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { IssuerError } from './issuer-error.ts';

/** Asymmetric signatures only (RFC 7518 section 3.1): what an issuer publishes is no secret to verify by. */
export const signatureAlgorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
] as const;
export type SignatureAlgorithm = (typeof signatureAlgorithms)[number];

/** One public key that signs tokens. */
interface IssuerKey {
  readonly kid: string | undefined;
  readonly key: KeyObject;
  readonly algorithms: readonly SignatureAlgorithm[];
}

/** The usable keys of an issuer. */
export type IssuerKeys = readonly IssuerKey[];

/** Keys that are looked at; a set with more is refused whole. Entra ID publishes about ten. */
const mostKeys = 100;
/** Keys with one `kid` that are tried. A `kid` should be unique; two providers behind one address get by with this. */
const mostTries = 3;
const rsaBits = { min: 2048, max: 8192 };
const curves: Readonly<Record<string, SignatureAlgorithm>> = { 'P-256': 'ES256', 'P-384': 'ES384', 'P-521': 'ES512' };
/** Members that only a private or a secret key has. Who publishes one cannot vouch for anything with it. */
const secretMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/**
 * A JSON Web Key Set (RFC 7517 section 5) to the keys in it that are public, strong enough and for signatures; others are
 * left out, as the section asks.
 * @param issuer leaves out keys that name another tenant's issuer, as Entra ID's documents may
 * @throws IssuerError `keys` when it is none, or holds too many
 */
export function parseKeySet(value: unknown, issuer: string): IssuerKeys {
  const list = isObject(value) ? value['keys'] : undefined;
  if (!Array.isArray(list)) throw new IssuerError('keys', 'the key set has no list of keys');
  if (list.length > mostKeys) throw new IssuerError('keys', `the key set holds more than ${mostKeys} keys`);
  return list.flatMap((each: unknown) => (isObject(each) ? (parseKey(each, issuer) ?? []) : []));
}

/** Keys that may have signed a token with this header. Without a `kid` there must be one candidate only. */
export function candidates(keys: IssuerKeys, kid: string | undefined, algorithm: SignatureAlgorithm): KeyObject[] {
  const fitting = keys.filter((each) => each.algorithms.includes(algorithm));
  if (kid === undefined) return fitting.length === 1 ? fitting.map(({ key }) => key) : [];
  return fitting
    .filter((each) => each.kid === kid)
    .slice(0, mostTries)
    .map(({ key }) => key);
}

function parseKey(jwk: Record<string, unknown>, issuer: string): IssuerKey | undefined {
  const { kty, kid, use, alg, key_ops: operations } = jwk;
  if (secretMembers.some((name) => name in jwk)) return undefined;
  if (use !== undefined && use !== 'sig') return undefined;
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes('verify'))) return undefined;
  if ((kid !== undefined && typeof kid !== 'string') || !isOfIssuer(jwk['issuer'], issuer)) return undefined;
  const found = kty === 'RSA' ? parseRsa(jwk) : kty === 'EC' ? parseEc(jwk) : undefined;
  const algorithms = found?.algorithms.filter((each) => alg === undefined || alg === each) ?? [];
  return found === undefined || algorithms.length === 0 ? undefined : { kid, key: found.key, algorithms };
}

type FoundKey = Pick<IssuerKey, 'key' | 'algorithms'>;

function parseRsa({ n, e }: Record<string, unknown>): FoundKey | undefined {
  if (typeof n !== 'string' || typeof e !== 'string' || n.length > 2 * rsaBits.max || e.length > 8) return undefined;
  const key = importKey({ kty: 'RSA', n, e });
  const { modulusLength = 0, publicExponent = 0n } = key?.asymmetricKeyDetails ?? {};
  const isStrong = modulusLength >= rsaBits.min && modulusLength <= rsaBits.max;
  if (key === undefined || !isStrong || publicExponent < 3n || publicExponent % 2n === 0n) return undefined;
  return { key, algorithms: signatureAlgorithms.filter((name) => name.startsWith('RS') || name.startsWith('PS')) };
}

function parseEc({ crv, x, y }: Record<string, unknown>): FoundKey | undefined {
  const algorithm = typeof crv === 'string' && Object.hasOwn(curves, crv) ? curves[crv] : undefined;
  if (algorithm === undefined || typeof crv !== 'string' || typeof x !== 'string' || typeof y !== 'string')
    return undefined;
  const key = importKey({ kty: 'EC', crv, x, y });
  return key && { key, algorithms: [algorithm] };
}

/** Only the members that are given: nothing else of what was published is looked at. */
function importKey(jwk: JsonWebKey): KeyObject | undefined {
  try {
    return createPublicKey({ key: jwk, format: 'jwk' });
  } catch {
    return undefined;
  }
}

const guid = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/i;

/** Entra ID's sets name an issuer beside a key: a template for all tenants, or the one tenant whose tokens it may sign. */
function isOfIssuer(named: unknown, issuer: string): boolean {
  const tenant = typeof named === 'string' ? guid.exec(named)?.[0] : undefined;
  return tenant === undefined || tenant.toLowerCase() === guid.exec(issuer)?.[0].toLowerCase();
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
