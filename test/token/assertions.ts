import 'reflect-metadata';
import { constants, createHash, KeyObject, randomUUID, sign, webcrypto } from 'node:crypto';
import { X509CertificateGenerator } from '@peculiar/x509';
import { start } from './world.ts';

/** A client's certificate with its private key. */
export interface TestCertificate {
  readonly pem: string;
  readonly privateKey: KeyObject;
  /** PKCS #8, for client libraries. */
  readonly privatePem: string;
  /** Thumbprints, upper-case hex. */
  readonly sha1: string;
  readonly sha256: string;
}

const day = 86_400_000;
const rsa = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  publicExponent: new Uint8Array([1, 0, 1]),
};

/** A new self-signed certificate, by default valid for a year around the tests' `start`. */
export async function makeCertificate(
  options: { readonly notBefore?: Date; readonly notAfter?: Date; readonly modulusLength?: number } = {},
): Promise<TestCertificate> {
  const { modulusLength = 2048 } = options;
  const keys = await webcrypto.subtle.generateKey({ ...rsa, modulusLength }, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: randomUUID().replaceAll('-', ''),
    name: 'CN=Test client',
    notBefore: options.notBefore ?? new Date(start.getTime() - 30 * day),
    notAfter: options.notAfter ?? new Date(start.getTime() + 335 * day),
    keys,
    signingAlgorithm: rsa,
  });
  const der = Buffer.from(certificate.rawData);
  const privateKey = KeyObject.from(keys.privateKey);
  return {
    pem: certificate.toString('pem'),
    privateKey,
    privatePem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    sha1: createHash('sha1').update(der).digest('hex').toUpperCase(),
    sha256: createHash('sha256').update(der).digest('hex').toUpperCase(),
  };
}

/** PEM text of a certificate with a P-256 key. */
export async function makeEcCertificate(): Promise<string> {
  const keys = await webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  const signingAlgorithm = { name: 'ECDSA', hash: 'SHA-256' };
  return (await X509CertificateGenerator.createSelfSigned({ name: 'CN=EC', keys, signingAlgorithm })).toString('pem');
}

export const base64url = (hex: string): string => Buffer.from(hex, 'hex').toString('base64url');
export const segment = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

type Members = Readonly<Record<string, unknown>>;

/** A JWT over any header and claims, signed as its header says, or with `RS256` when it names another algorithm. */
export function signJwt(key: KeyObject, header: Members, claims: Members): string {
  const content = `${segment(header)}.${segment(claims)}`;
  const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
  const signature = sign('sha256', Buffer.from(content), header['alg'] === 'PS256' ? { key, ...pss } : key);
  return `${content}.${signature.toString('base64url')}`;
}

/** Claims of a right assertion of `clientId` for `audience`, ten minutes long; `changes` to `undefined` leave one out. */
export function claimsFor(clientId: string, audience: string, now = start, changes: Members = {}): Members {
  const seconds = Math.floor(now.getTime() / 1000);
  const [nbf, exp] = [seconds, seconds + 600];
  return { aud: audience, iss: clientId, sub: clientId, jti: randomUUID(), nbf, exp, ...changes };
}
