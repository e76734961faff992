import { X509Certificate } from 'node:crypto';
import { newGuid } from '../kernel/ids.ts';
import type { ClientCertificate } from './entities.ts';
import { directoryRefusal } from './problems.ts';

const hex = (fingerprint: string): string => fingerprint.replaceAll(':', '');

/**
 * A certificate (PEM text or DER bytes) as it is registered. A private key beside it in a PEM text is not kept.
 * @throws Refusal 400 when it is no X.509 certificate with an RSA key of 2048 bits or more
 */
export function parseCertificate(source: string | Buffer, displayName: string | null): ClientCertificate {
  const certificate = readCertificate(source);
  const { asymmetricKeyType, asymmetricKeyDetails } = certificate.publicKey;
  if (asymmetricKeyType !== 'rsa' || (asymmetricKeyDetails?.modulusLength ?? 0) < 2048) {
    throw directoryRefusal('invalidValue', 'key', 'the certificate must have an RSA key of at least 2048 bits');
  }
  return {
    keyId: newGuid(),
    displayName,
    // Written anew from the parsed form: whatever else stood in the text is gone.
    pem: certificate.toString(),
    thumbprint: hex(certificate.fingerprint),
    thumbprintSha256: hex(certificate.fingerprint256),
    start: new Date(certificate.validFrom),
    end: new Date(certificate.validTo),
  };
}

function readCertificate(source: string | Buffer): X509Certificate {
  try {
    return new X509Certificate(source);
  } catch {
    throw directoryRefusal('invalidValue', 'key', 'not an X.509 certificate');
  }
}
