import { createPrivateKey, KeyObject, randomBytes, type webcrypto } from 'node:crypto';
import { isIP } from 'node:net';

/** A certificate and its private key, PEM texts. */
export interface KeyAndCertificate {
  readonly certificate: string;
  readonly key: string;
}

/** Days that certificates are valid. Apple's and Google's clients refuse server certificates of 398 days or more. */
export const validDays = { authority: 3650, server: 397, client: 730 } as const;

const day = 86_400_000;
/** Clocks of containers lag behind. */
const backdating = 3_600_000;
const ecdsa = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const rsa = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
} as const;

/** Loaded only when something is issued: a start that finds its certificates does without 60 ms and 15 MB. */
async function loadX509() {
  await import('reflect-metadata');
  return import('@peculiar/x509');
}

const validity = (now: Date, days: number) => ({
  notBefore: new Date(now.getTime() - backdating),
  notAfter: new Date(now.getTime() - backdating + days * day),
});

/** Positive, and never the same twice (RFC 5280 section 4.1.2.2). */
const serialNumber = (): string => `01${randomBytes(15).toString('hex')}`;

const exportKey = (key: webcrypto.CryptoKey): string =>
  KeyObject.from(key).export({ type: 'pkcs8', format: 'pem' }).toString();

/** A certificate authority of its own name, so that two of them are never mistaken for each other. */
export async function issueAuthority(now: Date): Promise<KeyAndCertificate> {
  const x509 = await loadX509();
  const keys = await crypto.subtle.generateKey(ecdsa, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: `CN=Portvakt development CA ${randomBytes(4).toString('hex')}, O=Portvakt`,
    ...validity(now, validDays.authority),
    signingAlgorithm: ecdsa,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate: `${certificate.toString('pem')}\n`, key: exportKey(keys.privateKey) };
}

/** A server certificate for `names` (host names and IP addresses), signed by `authority`. */
export async function issueServer(
  authority: KeyAndCertificate,
  names: readonly string[],
  now: Date,
): Promise<KeyAndCertificate> {
  const x509 = await loadX509();
  const keys = await crypto.subtle.generateKey(ecdsa, true, ['sign', 'verify']);
  const issuer = new x509.X509Certificate(authority.certificate);
  const der = createPrivateKey(authority.key).export({ type: 'pkcs8', format: 'der' });
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: `CN=${names[0] ?? 'localhost'}`,
    issuer: issuer.subject,
    ...validity(now, validDays.server),
    signingAlgorithm: ecdsa,
    publicKey: keys.publicKey,
    signingKey: await crypto.subtle.importKey('pkcs8', der, ecdsa, false, ['sign']),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        names.map((value) => ({ type: isIP(value) === 0 ? 'dns' : 'ip', value }) as const),
      ),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
    ],
  });
  return { certificate: `${certificate.toString('pem')}\n`, key: exportKey(keys.privateKey) };
}

/** A self-signed certificate (RSA 2048) with which a client authenticates to the token authority. */
export async function issueClient(commonName: string, now: Date): Promise<KeyAndCertificate> {
  const x509 = await loadX509();
  const keys = await crypto.subtle.generateKey(rsa, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: [{ CN: [commonName] }],
    ...validity(now, validDays.client),
    signingAlgorithm: rsa,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth]),
    ],
  });
  return { certificate: `${certificate.toString('pem')}\n`, key: exportKey(keys.privateKey) };
}
