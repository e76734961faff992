import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { promisify } from 'node:util';

/** A public RS256 key of the authority (RFC 7518 section 3.3): clients find it in the key set, and it verifies. */
export interface PublishedKey {
  /** RFC 7638 thumbprint: the same key has the same id everywhere. */
  readonly kid: string;
  /** First segment of every token that this key signs. Tokens of one key differ only after it. */
  readonly header: string;
  readonly publicKey: KeyObject;
  /** Modulus and exponent, base64url, as the key set shows them. */
  readonly n: string;
  readonly e: string;
}

/** One with its private half. */
export interface SigningKey extends PublishedKey {
  readonly privateKey: KeyObject;
}

/** The keys in force, whenever it is asked. */
export interface SigningKeys {
  /** Signs. */
  readonly current: SigningKey;
  /** Verify, and are in the key set: the current one first. */
  readonly published: readonly PublishedKey[];
  /** Seconds for which clients may keep the key set: no key signs in its turn before it was in there for so long. */
  readonly keptFor: number;
  /** The published key whose tokens begin with this segment. */
  find(header: string): PublishedKey | undefined;
  /** `listener` is called when a key has been removed: its tokens are refused from now on. */
  onRemoved(listener: () => void): void;
}

/** Smallest RSA key that RS256 allows (RFC 7518 section 3.3). */
const modulusLength = 2048;

/** PEM text of a private key (PKCS #8) to a signing key. Throws when it is not an RSA key of 2048 bits or more. */
export function parseSigningKey(pem: string): SigningKey {
  const privateKey = createPrivateKey(pem);
  return { ...publishedKey(createPublicKey(privateKey)), privateKey };
}

/** PEM text of a public key (SPKI). Throws when it is not an RSA key of 2048 bits or more. */
export const parsePublishedKey = (pem: string): PublishedKey => publishedKey(createPublicKey(pem));

/** A new key. Takes a tenth of a second and more, on a thread that holds up nobody. */
export async function makeSigningKey(): Promise<SigningKey> {
  const { privateKey, publicKey } = await promisify(generateKeyPair)('rsa', { modulusLength });
  return { ...publishedKey(publicKey), privateKey };
}

function publishedKey(publicKey: KeyObject): PublishedKey {
  if (publicKey.asymmetricKeyType !== 'rsa' || (publicKey.asymmetricKeyDetails?.modulusLength ?? 0) < modulusLength) {
    throw new TypeError(`not an RSA key of at least ${modulusLength} bits`);
  }
  const { n, e } = publicKey.export({ format: 'jwk' });
  if (n === undefined || e === undefined) throw new TypeError('not an RSA key');
  const kid = createHash('sha256')
    .update(JSON.stringify({ e, kty: 'RSA', n }))
    .digest('base64url');
  // `x5t` repeats `kid` in v1.0 tokens (dataverse-web-api 1.6).
  const header = encode(JSON.stringify({ typ: 'JWT', alg: 'RS256', kid, x5t: kid }));
  return { kid, header, publicKey, n, e };
}

/**
 * A JWT in compact form (RFC 7515 section 7.1) over `payload`, the JSON text of its claims.
 * Signs on the thread pool, so that other requests go on meanwhile (decision 13).
 */
export function signToken(key: SigningKey, payload: string, header = key.header): Promise<string> {
  const content = `${header}.${encode(payload)}`;
  return new Promise((resolve, reject) => {
    sign('sha256', Buffer.from(content, 'latin1'), key.privateKey, (error, signature) => {
      if (error === null) resolve(`${content}.${signature.toString('base64url')}`);
      else reject(error);
    });
  });
}

/** Header of a v2.0 token, without `x5t`. No surface of ours takes one, so nothing looks it up again. */
export const headerV2 = ({ kid }: PublishedKey): string => encode(JSON.stringify({ typ: 'JWT', alg: 'RS256', kid }));

/** Did this key sign these first two segments? */
export function isSignedBy(key: PublishedKey, content: string, signature: Buffer): boolean {
  return verify('sha256', Buffer.from(content, 'latin1'), key.publicKey, signature);
}

const encode = (text: string): string => Buffer.from(text, 'utf8').toString('base64url');
