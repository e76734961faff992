import { mkdir } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { type Clock, systemClock } from '../kernel/clock.ts';
import {
  type CertificateFiles,
  type FoundCertificate,
  readCertificate,
  writeCertificate,
} from './certificate-files.ts';
import { issueAuthority, issueServer } from './issue.ts';

export interface DevelopmentCertificates {
  /** Path of the authority's certificate, which clients are told to trust. */
  readonly caFile: string;
  /** PEM texts for the listener. */
  readonly cert: string;
  readonly key: string;
}

/** Names that reach this machine and no other. */
const localNames = ['localhost', '*.localhost', '127.0.0.1', '::1'];
/** Addresses to listen on that are no addresses to call. */
const unspecified: ReadonlySet<string> = new Set(['0.0.0.0', '::', '']);
/** A certificate with less than this left is renewed at the start: servers run for weeks. */
const renewalMargin = 30 * 86_400_000;

/**
 * A development certificate authority and a server certificate by it, in `folder`: `ca.pem`, `ca-key.pem` and
 * `server.pem` (which holds its key too). What is there and good is used; the server certificate is renewed when it soon ends
 * or lacks one of `hosts` (names or addresses).
 * @throws DamagedCertificateFile when a file is there but unusable
 */
export async function ensureDevelopmentCertificates(
  folder: string,
  hosts: readonly string[],
  clock: Clock = systemClock,
): Promise<DevelopmentCertificates> {
  await mkdir(folder, { recursive: true, mode: 0o755 });
  const names = [...new Set([...localNames, ...hosts.map((host) => host.toLowerCase())])].filter(
    (name) => !unspecified.has(name),
  );
  const [caFile, serverFile] = [join(folder, 'ca.pem'), join(folder, 'server.pem')];
  const authority = await ensureAuthority({ certificateFile: caFile, keyFile: join(folder, 'ca-key.pem') }, clock());
  const serverFiles = { certificateFile: serverFile, keyFile: serverFile };
  const server = await ensureServer(serverFiles, authority, names, clock());
  return { caFile, cert: server.certificate, key: server.key };
}

async function ensureAuthority(files: CertificateFiles, now: Date): Promise<FoundCertificate> {
  const found = await readCertificate(files);
  if (found !== undefined && !endsSoon(found, now)) return found;
  await writeCertificate(files, await issueAuthority(now));
  return getCertificate(files);
}

async function ensureServer(
  files: CertificateFiles,
  authority: FoundCertificate,
  names: readonly string[],
  now: Date,
): Promise<FoundCertificate> {
  const found = await readCertificate(files);
  const isGood =
    found !== undefined &&
    !endsSoon(found, now) &&
    found.parsed.verify(authority.parsed.publicKey) &&
    names.every((name) => covers(found, name));
  if (isGood) return found;
  await writeCertificate(files, await issueServer(authority, names, now));
  return getCertificate(files);
}

async function getCertificate(files: CertificateFiles): Promise<FoundCertificate> {
  const written = await readCertificate(files);
  if (written === undefined) throw new TypeError(`${files.certificateFile} was written and is not there`);
  return written;
}

const endsSoon = ({ parsed }: FoundCertificate, now: Date): boolean =>
  new Date(parsed.validTo).getTime() - now.getTime() < renewalMargin;

function covers({ parsed }: FoundCertificate, name: string): boolean {
  if (isIP(name) !== 0) return parsed.checkIP(name) !== undefined;
  return (parsed.subjectAltName ?? '').split(', ').includes(`DNS:${name}`);
}
