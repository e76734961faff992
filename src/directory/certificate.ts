import { X509Certificate } from 'node:crypto';
import { newGuid } from '../kernel/ids.ts';
import { checkDisplayName } from './check-text.ts';
import type { ClientCertificate, CredentialId } from './entities.ts';
import { directoryRefusal } from './problems.ts';
import { wholeSeconds } from './rows.ts';

/** What an administrator may say of a certificate beside its bytes. */
export interface CertificateDetails {
  readonly displayName?: string | null;
  /** A new id unless one is given. */
  readonly keyId?: CredentialId;
  /** A shorter time than the certificate's own. */
  readonly start?: Date;
  readonly end?: Date;
}

const smallestModulus = 2048;
/** Whoever knows a client id can have its certificates tried, so a key must not make that expensive. */
const largestModulus = 4096;
const largestExponent = 2n ** 32n;
const hex = (fingerprint: string): string => fingerprint.replaceAll(':', '');

/**
 * A certificate (PEM text or DER bytes) as it is registered. Its signature is not looked at: it is trusted because an
 * administrator registered it.
 * @throws Refusal 400 when it is no single X.509 certificate with an RSA key of 2048 to 4096 bits, when a private key
 * lies beside it, or when the times are not within those of the certificate
 */
export function parseCertificate(source: string | Buffer, details: CertificateDetails = {}): ClientCertificate {
  const certificate = readCertificate(source);
  const { asymmetricKeyType, asymmetricKeyDetails } = certificate.publicKey;
  const { modulusLength = 0, publicExponent = 0n } = asymmetricKeyDetails ?? {};
  if (asymmetricKeyType !== 'rsa' || modulusLength < smallestModulus || modulusLength > largestModulus) {
    throw directoryRefusal('certificateValue', `an RSA key of ${smallestModulus} to ${largestModulus} bits is needed`);
  }
  if (publicExponent > largestExponent) {
    throw directoryRefusal('certificateValue', 'the public exponent of the RSA key is too large');
  }
  const { displayName, keyId = newGuid<CredentialId>() } = details;
  return {
    keyId,
    displayName: displayName == null || displayName === '' ? null : checkDisplayName(displayName),
    pem: certificate.toString(),
    thumbprint: hex(certificate.fingerprint),
    thumbprintSha256: hex(certificate.fingerprint256),
    ...checkTimes(certificate, details),
  };
}

function readCertificate(source: string | Buffer): X509Certificate {
  const text = typeof source === 'string' ? source : source.toString('latin1');
  if (text.includes('PRIVATE KEY')) {
    throw directoryRefusal(
      'certificateValue',
      'a private key lies beside the certificate; it must stay with its owner',
    );
  }
  const certificate = parseX509(source);
  const isPem = text.includes('-----BEGIN');
  // The parser looks no further than the end of the first certificate.
  const rest = isPem ? text.split('-----BEGIN').length > 2 : certificate.raw.length !== source.length;
  if (rest) throw directoryRefusal('certificateValue', 'more than one certificate, or something behind it');
  return certificate;
}

function parseX509(source: string | Buffer): X509Certificate {
  try {
    const certificate = new X509Certificate(source);
    // Reads the key: some that cannot be used are found only now.
    return certificate.publicKey === undefined ? notACertificate() : certificate;
  } catch {
    return notACertificate();
  }
}

function notACertificate(): never {
  throw directoryRefusal('certificateValue', 'not an X.509 certificate');
}

function checkTimes(certificate: X509Certificate, details: CertificateDetails): { start: Date; end: Date } {
  const validFrom = new Date(certificate.validFrom);
  const validTo = new Date(certificate.validTo);
  const { start = validFrom, end = validTo } = details;
  if (start < validFrom) throw directoryRefusal('certificateStart', 'the certificate begins later');
  if (end > validTo) throw directoryRefusal('certificateEnd', 'the certificate ends earlier');
  if (end <= start) throw directoryRefusal('certificateEnd', 'it must be after the start');
  return { start: wholeSeconds(start), end: wholeSeconds(end) };
}
