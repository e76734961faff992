import { type Clock, systemClock } from '../kernel/clock.ts';
import { issueClient } from './issue.ts';

export interface ClientCertificateFile {
  /** Private key and certificate: what the client keeps. */
  readonly pem: string;
  /** The certificate alone: what is registered. */
  readonly certificate: string;
}

/** A new key pair with a self-signed certificate, for an application that authenticates with a certificate. */
export async function createDemoClientCertificate(
  commonName: string,
  clock: Clock = systemClock,
): Promise<ClientCertificateFile> {
  const { key, certificate } = await issueClient(commonName, clock());
  return { pem: `${key}${certificate}`, certificate };
}
