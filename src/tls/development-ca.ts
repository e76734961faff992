import { createPrivateKey, type KeyObject, webcrypto, X509Certificate } from 'node:crypto';
import { chmod, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../kernel/clock.ts';
import { messageOf } from '../kernel/message-of.ts';

/** A certificate with its private key, PEM texts. */
export interface ServerCertificate {
  /** The chain: server certificate, then the CA's. */
  readonly cert: string;
  readonly key: string;
}

/** A file in the `tls` folder is there but is not what it should be. The message names the file and the remedy. */
export class DamagedCertificate extends Error {
  constructor(file: string, reason: string) {
    super(
      `${file} is damaged (${reason}): delete the folder to have new certificates made, clients must trust the new ca.pem`,
    );
    this.name = 'DamagedCertificate';
  }
}

const day = 86_400_000;
/** Days. Browsers and Node.js accept any life for a CA; server certificates over 398 days are refused by browsers. */
const caLife = 3650;
const serverLife = 397;
/** Made anew when fewer days are left. */
const renewBefore = 30;

/**
 * Names that every development certificate holds beside those asked for. A wildcard such as `*.localhost` would not help:
 * Node.js and browsers do not accept one directly under a top-level name, so each host is listed.
 */
const usualNames = ['localhost', '127.0.0.1', '::1'];

/**
 * The development CA and a server certificate signed by it, in `folder`: `ca.pem` (clients trust it), `ca-key.pem`,
 * `server.pem`, `server-key.pem` (0600). Made when missing; the server's is renewed when it nears its end or lacks a host.
 */
export async function ensureDevelopmentCertificates(
  folder: string,
  hosts: readonly string[],
  now: Clock,
): Promise<ServerCertificate> {
  const names = [...new Set([...usualNames, ...hosts])];
  const files = filesIn(folder);
  const ca = await readText(files.ca);
  const server = await readText(files.server);
  const key = await readText(files.serverKey);
  if (
    ca !== undefined &&
    server !== undefined &&
    key !== undefined &&
    isFit(files, { ca, server, key }, names, now())
  ) {
    return { cert: server + ca, key };
  }
  return makeServerCertificate(files, await ensureCa(files, now()), names, now());
}

interface Files {
  readonly ca: string;
  readonly caKey: string;
  readonly server: string;
  readonly serverKey: string;
}

const filesIn = (folder: string): Files => ({
  ca: join(folder, 'ca.pem'),
  caKey: join(folder, 'ca-key.pem'),
  server: join(folder, 'server.pem'),
  serverKey: join(folder, 'server-key.pem'),
});

/** Can the pair that is there go on being used? Throws when it cannot be read at all. */
function isFit(
  files: Files,
  pem: { readonly ca: string; readonly server: string; readonly key: string },
  names: readonly string[],
  now: Date,
): boolean {
  const ca = parseCertificate(files.ca, pem.ca);
  const server = parseCertificate(files.server, pem.server);
  const left = Date.parse(server.validTo) - now.getTime();
  // A kill between the writes of a renewal leaves the new key beside the old certificate: not damage, made anew.
  const isPair = server.checkPrivateKey(parseKey(files.serverKey, pem.key));
  return (
    isPair &&
    left > renewBefore * day &&
    server.verify(ca.publicKey as KeyObject) &&
    names.every((name) => holds(server, name))
  );
}

const parseCertificate = (file: string, pem: string): X509Certificate => parse(file, () => new X509Certificate(pem));
const parseKey = (file: string, pem: string): KeyObject => parse(file, () => createPrivateKey(pem));

function parse<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new DamagedCertificate(file, messageOf(error));
  }
}

const isAddress = (name: string): boolean => /^[\d.]+$|:/.test(name);

function holds(certificate: X509Certificate, name: string): boolean {
  if (isAddress(name)) return certificate.checkIP(name) !== undefined;
  return (certificate.subjectAltName ?? '').split(', ').includes(`DNS:${name}`);
}

interface Ca {
  readonly pem: string;
  readonly keys: webcrypto.CryptoKeyPair;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** The library is loaded here, not at the top: a second start makes no certificates and does not pay for it. */
async function loadX509() {
  await import('reflect-metadata');
  const x509 = await import('@peculiar/x509');
  x509.cryptoProvider.set(webcrypto as unknown as Parameters<typeof x509.cryptoProvider.set>[0]);
  return x509;
}

async function ensureCa(files: Files, now: Date): Promise<Ca> {
  const pem = await readText(files.ca);
  const keyPem = await readText(files.caKey);
  if (pem !== undefined && keyPem !== undefined) {
    const certificate = parseCertificate(files.ca, pem);
    if (Date.parse(certificate.validTo) - now.getTime() > (serverLife + renewBefore) * day) {
      if (!certificate.checkPrivateKey(parseKey(files.caKey, keyPem))) {
        throw new DamagedCertificate(files.caKey, 'it is not the key of ca.pem');
      }
      return { pem, keys: await readKeys(files.caKey, keyPem) };
    }
  }
  const { X509CertificateGenerator, BasicConstraintsExtension, KeyUsagesExtension, KeyUsageFlags } = await loadX509();
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: `CN=Portvakt development CA ${now.toISOString().slice(0, 10)}, O=Portvakt`,
    notBefore: new Date(now.getTime() - day),
    notAfter: new Date(now.getTime() + caLife * day),
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  });
  const made = `${certificate.toString('pem')}\n`;
  await writeAtomically(files.caKey, await exportKey(keys.privateKey), 0o600);
  await writeAtomically(files.ca, made, 0o644);
  return { pem: made, keys };
}

async function makeServerCertificate(
  files: Files,
  ca: Ca,
  names: readonly string[],
  now: Date,
): Promise<ServerCertificate> {
  const x509 = await loadX509();
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: 'CN=localhost, O=Portvakt',
    issuer: new x509.X509Certificate(ca.pem).subject,
    notBefore: new Date(now.getTime() - day),
    notAfter: new Date(now.getTime() + serverLife * day),
    publicKey: keys.publicKey,
    signingKey: ca.keys.privateKey,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        names.map((name) => ({ type: isAddress(name) ? 'ip' : 'dns', value: name }) as const),
      ),
    ],
  });
  const cert = `${certificate.toString('pem')}\n`;
  const key = await exportKey(keys.privateKey);
  await writeAtomically(files.serverKey, key, 0o600);
  await writeAtomically(files.server, cert, 0o644);
  return { cert: cert + ca.pem, key };
}

/** A client certificate for the demo: PEM text with the private key (RSA 2048) and the self-signed certificate. */
export async function createClientCertificate(name: string, now: Date): Promise<{ pem: string; certificate: string }> {
  const { X509CertificateGenerator } = await loadX509();
  const rsa = {
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-256',
    publicExponent: new Uint8Array([1, 0, 1]),
    modulusLength: 2048,
  } as const;
  const keys = await webcrypto.subtle.generateKey(rsa, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: `CN=${name}`,
    notBefore: new Date(now.getTime() - day),
    notAfter: new Date(now.getTime() + 730 * day),
    keys,
    signingAlgorithm: rsa,
  });
  const text = `${certificate.toString('pem')}\n`;
  return { pem: (await exportKey(keys.privateKey)) + text, certificate: text };
}

/** Positive and random (RFC 5280 section 4.1.2.2). */
const serialNumber = (): string => `01${Buffer.from(webcrypto.getRandomValues(new Uint8Array(15))).toString('hex')}`;

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key));
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN PRIVATE KEY-----\n${lines.join('\n')}\n-----END PRIVATE KEY-----\n`;
}

async function readKeys(file: string, pem: string): Promise<webcrypto.CryptoKeyPair> {
  try {
    const der = Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64');
    const privateKey = await webcrypto.subtle.importKey('pkcs8', der, algorithm, true, ['sign']);
    return { privateKey, publicKey: privateKey };
  } catch (error) {
    throw new DamagedCertificate(file, messageOf(error));
  }
}

async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Whole or not at all: a kill in the middle leaves the old file, or none. */
async function writeAtomically(file: string, text: string, mode: number): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`;
  await writeFile(temporary, text, { mode });
  await chmod(temporary, mode);
  await rename(temporary, file);
}
